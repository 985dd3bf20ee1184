"""Analyses a file of marks of an OSCE without touching the database."""

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from logbooks.osces import mark_file
from logbooks.osces.analysis.analysed import DRAWS, SEED, analyse
from logbooks.osces.analysis.written import as_json, as_table
from school.core.errors import DomainError
from school.core.files import cells


class Command(BaseCommand):
    help = "Gives every figure for a file of an OSCE's marks (CSV or XLSX). Nothing is written and no database is needed."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--borderline",
            metavar="GRADE",
            type=_number,
            required=True,
            help="the borderline grade, as the number that the file has",
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")
        parser.add_argument(
            "--sem", metavar="K", type=_number, default=Fraction(1), help="cut + K SEM; 1"
        )
        parser.add_argument("--draws", metavar="N", type=int, default=DRAWS, help=str(DRAWS))
        parser.add_argument("--seed", metavar="S", type=int, default=SEED, help=str(SEED))
        parser.add_argument("--group", choices=["circuit", "examiner", "site"], default="circuit")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["draws"] < 0 or options["seed"] < 0:
            raise CommandError("--draws and --seed are whole numbers from 0.")
        try:
            read = mark_file.read(Path(options["file"]).read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened: {error.strerror}.") from None
        except DomainError as error:
            raise CommandError(f"{options['file']}: {error.message}") from None
        if read.findings:
            lines = [finding.sentence for finding in read.findings]
            raise CommandError("\n".join(["Nothing was analysed.", *lines]))
        analysis = analyse(
            read.marks,
            options["borderline"],
            k=options["sem"],
            by=options["group"],
            draws=options["draws"],
            seed=options["seed"],
        )
        written = as_json(analysis) + "\n" if options["format"] == "json" else as_table(analysis)
        self.stdout.write(written, ending="")


def _number(text: str) -> Fraction:
    try:
        return Fraction(cells.decimal(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}.") from None
