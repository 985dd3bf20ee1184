"""Imports courses from a file."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from school.core.files import command
from school.core.files.fates import Fate
from school.courses.imports.courses import COURSES


class Command(BaseCommand):
    help = "Imports courses from CSV or XLSX; docs/imports.md lists the columns. A dry run unless --commit is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        command.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        report = command.carry_out(self, COURSES, options["file"], options)
        if report.counts[Fate.REFUSED]:
            sys.exit(1)
