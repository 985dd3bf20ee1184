"""Imports staff with their posts, and staff absences, from files."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from school.core.files import command
from school.core.files.fates import Fate
from school.people.imports.absences import ABSENCES
from school.people.imports.staff import STAFF


class Command(BaseCommand):
    help = "Imports staff and posts from CSV or XLSX; docs/imports.md lists the columns. A dry run unless --commit is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="staff and their posts")
        parser.add_argument("--absences", metavar="FILE", help="staff absences")
        command.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        files = [(STAFF, options["file"]), (ABSENCES, options["absences"])]
        given = [(kind, file) for kind, file in files if file]
        if not given:
            raise CommandError("Name a file of staff, a file of absences, or both.")
        if len(given) > 1 and options["report"]:
            raise CommandError("Import the two files one at a time to have a report of each.")
        reports = [command.carry_out(self, kind, file, options) for kind, file in given]
        if any(report.counts[Fate.REFUSED] for report in reports):
            sys.exit(1)
