"""manage.py verify_records: is every record what it was when it was written?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from school.core.checkpoint import CheckpointRefused, read_checkpoint
from school.core.verify import Verification


class Command(BaseCommand):
    help = "Re-hashes every ledger entry, walks every record book and compares each entry with its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="a checkpoint: also finds a book that was cut, lost or written anew",
        )

    def handle(self, *args: Any, against: Path | None, **options: Any) -> None:
        try:
            checkpoint = read_checkpoint(against) if against else None
        except CheckpointRefused as refused:
            raise CommandError(refused.message) from refused
        verification = Verification(connection, checkpoint)
        problems = 0
        for problem in verification.problems():
            problems += 1
            self.stdout.write(problem)
        entries = verification.entries
        self.stdout.write(
            f"Read {entries.total():,} entries of {len(entries)} kinds in {verification.books:,} books, "
            f"and {verification.texts:,} private texts; {verification.erased:,} were erased."
        )
        if checkpoint:
            self.stdout.write(
                f"Compared with the checkpoint made at {checkpoint.made_at:%Y-%m-%d %H:%M:%S} UTC."
            )
        if problems:
            raise CommandError(f"Problems found: {problems:,}.")
        self.stdout.write("Every record is as it was written.")
