"""manage.py read_bounces: tell the portal which of its messages came back."""

import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from school.people import bounces, reports

SOME_SKIPPED, NO_SOURCE = 1, 2


class Command(BaseCommand):
    help = (
        "Reads delivery reports from an mbox file, a Maildir, or one message on standard input (-). "
        "Reading one again changes nothing. Exit status: 0 all understood, "
        f"{SOME_SKIPPED} some reports skipped, {NO_SOURCE} no such source."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="an mbox file, a Maildir, or - for standard input")

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        skipped = 0
        for name, raw in _messages(source):
            try:
                report = reports.read(raw)
            except reports.NotAReport as reason:
                self.stdout.write(f"{name}: left alone: {reason}")
                continue
            except reports.Unreadable as reason:
                self.stderr.write(f"{name}: skipped: {reason}")
                skipped += 1
                continue
            for recipient in report.recipients:
                try:
                    self.stdout.write(f"{name}: {bounces.take(report, recipient)}")
                except bounces.Unmatched as reason:
                    self.stderr.write(f"{name}: skipped: {reason}")
                    skipped += 1
        if skipped:
            raise CommandError(f"{skipped} skipped; the lines say why.", returncode=SOME_SKIPPED)


def _messages(source: str) -> Iterator[tuple[str, bytes]]:
    """Each message with a name for it; of one that is too large only as much as shows that."""
    most = reports.MOST_BYTES + 1
    if source == "-":
        yield "standard input", sys.stdin.buffer.read(most)
        return
    path = Path(source)
    if not path.exists():
        raise CommandError(f"There is no {source}.", returncode=NO_SOURCE)
    box: mailbox.Mailbox[Any]
    if path.is_dir():
        if not (path / "cur").is_dir() or not (path / "new").is_dir():
            raise CommandError(f"{source} is no Maildir.", returncode=NO_SOURCE)
        box = mailbox.Maildir(path, create=False)
    else:
        box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(sorted(box.keys()), start=1):
            with box.get_file(key) as held:
                yield f"message {number}", held.read(most)
    finally:
        box.close()
