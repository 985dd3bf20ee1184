"""Imports a framework from a file of another system, as a draft that a second person publishes."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser

from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.actions.frameworks import start_draft
from logbooks.competencies.document import Line, Reading, Sort
from logbooks.competencies.formats import FORMATS
from school.core.errors import DomainError

HEADINGS = {
    Sort.PROBLEM: "Problems, to be mended in the file",
    Sort.REPAIR: "Repairs, made while reading",
    Sort.LOSS: "Losses, not held as the file says them",
}


class Command(BaseCommand):
    help = "Reads a framework and says every problem, repair and loss. With --commit it becomes a draft, for a programme lead to read and publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--commit", action="store_true", help="write the draft")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        reading = FORMATS[options["format"]].read(data)
        self._say(reading)
        if reading.document is None:
            raise CommandError("Nothing was written: mend the problems and try again.")
        problems = queries.unknown(reading.document)
        self._say_lines(Sort.PROBLEM, problems)
        if problems:
            raise CommandError("Nothing was written: mend the problems and try again.")
        if not options["commit"]:
            self.stdout.write("Nothing was written. Add --commit to make it a draft.")
            return
        try:
            draft = start_draft(by=None, document=reading.document, uuid=uuid4())
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(
            f"A draft of {draft.framework} was written. A programme lead publishes it."
        )

    def _say(self, reading: Reading) -> None:
        for sort in Sort:
            self._say_lines(sort, reading.of(sort))
        document = reading.document
        if document is not None:
            self.stdout.write(
                f"{document.title} ({document.code}): {len(document.groups)} groups, "
                f"{len(document.competencies)} competencies, {len(document.levels)} levels."
            )

    def _say_lines(self, sort: Sort, lines: list[Line]) -> None:
        if lines:
            self.stdout.write(f"{HEADINGS[sort]} ({len(lines)}):")
        for line in lines:
            self.stdout.write(f"  {line.where} [{line.name}]: {line.words}")
