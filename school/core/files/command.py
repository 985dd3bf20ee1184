"""What the import commands have in common: their options, the report on the terminal, and the exit code."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from school.core.errors import DomainError
from school.core.files import importing
from school.core.files.fates import Fate, Report
from school.core.files.writing import About, csv_chunks
from school.core.models import PORTAL


def add_options(parser: CommandParser) -> None:
    """The options of every import: a dry run unless told to write."""
    parser.add_argument("--commit", action="store_true", help="write; without it this is a dry run")
    parser.add_argument(
        "--without-refused",
        action="store_true",
        help="with --commit: leave refused rows out and write all others",
    )
    parser.add_argument(
        "--report", metavar="FILE", help="also write the rows that wait or are refused as CSV"
    )


def carry_out(
    command: BaseCommand, kind: importing.Kind, file: str, options: dict[str, Any]
) -> Report:
    """Runs one import and prints its report. Raises CommandError when the file cannot be used at all."""
    path = Path(file)
    try:
        report = importing.run(
            kind,
            path.read_bytes(),
            path.name,
            by=PORTAL,
            commit=options["commit"],
            without_refused=options["without_refused"],
        )
    except OSError as error:
        raise CommandError(f"{file} cannot be opened: {error.strerror}.") from None
    except DomainError as error:
        raise CommandError(f"{path.name}: {error.message}") from None
    for line in report.lines():
        command.stdout.write(line)
    if report.counts[Fate.NEW] + report.counts[Fate.CHANGED] and not options["commit"]:
        command.stdout.write("Add --commit to write.")
    if options["report"]:
        head, rows = report.table()
        chunks = csv_chunks(head, rows, About(f"{report.kind}: {report.file}"))
        Path(options["report"]).write_bytes(b"".join(chunks))
    return report
