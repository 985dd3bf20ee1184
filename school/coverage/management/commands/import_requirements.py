"""Imports requirements, each row a version of one, and exemptions from them, from files."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from school.core.files import command
from school.core.files.fates import Fate
from school.coverage.imports.exemptions import EXEMPTIONS
from school.coverage.imports.requirements import REQUIREMENTS


class Command(BaseCommand):
    help = "Imports requirements and exemptions from CSV or XLSX; docs/imports.md lists the columns. A dry run unless --commit is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="requirements")
        parser.add_argument("--exemptions", metavar="FILE", help="exemptions from them")
        command.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        files = [(REQUIREMENTS, options["file"]), (EXEMPTIONS, options["exemptions"])]
        given = [(kind, file) for kind, file in files if file]
        if not given:
            raise CommandError("Name a file of requirements, a file of exemptions, or both.")
        if len(given) > 1 and options["report"]:
            raise CommandError("Import the two files one at a time to have a report of each.")
        reports = [command.carry_out(self, kind, file, options) for kind, file in given]
        if any(report.counts[Fate.REFUSED] for report in reports):
            sys.exit(1)
