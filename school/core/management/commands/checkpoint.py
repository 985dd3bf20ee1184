"""manage.py checkpoint: sign where every record book ends, and keep it outside the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from school.core import checkpoint


class Command(BaseCommand):
    help = "Signs the heads of all record books and writes them to a file in CHECKPOINT_DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--make-key", action="store_true", help="make the key that signs, and stop"
        )

    def handle(self, *args: Any, make_key: bool, **options: Any) -> None:
        try:
            if make_key:
                self.stdout.write(
                    f"Made {checkpoint.make_key()} and, to check signatures with, "
                    f"{checkpoint.public_file()}. Keep copies of both away from this machine."
                )
            else:
                self.stdout.write(f"Wrote {checkpoint.make_checkpoint()}.")
        except checkpoint.CheckpointRefused as refused:
            raise CommandError(refused.message) from refused
