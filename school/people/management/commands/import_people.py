"""Imports staff with their posts, their absences and their entitlements from files."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from school.core.files import command
from school.core.files.fates import Fate
from school.people.imports.absences import ABSENCES
from school.people.imports.entitlements import ENTITLEMENTS
from school.people.imports.staff import STAFF


class Command(BaseCommand):
    help = "Imports staff and posts from CSV or XLSX; docs/imports.md lists the columns. A dry run unless --commit is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="staff and their posts")
        parser.add_argument("--absences", metavar="FILE", help="staff absences")
        parser.add_argument("--entitlements", metavar="FILE", help="entitlements under IR(ME)R")
        command.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        files = [
            (STAFF, options["file"]),
            (ABSENCES, options["absences"]),
            (ENTITLEMENTS, options["entitlements"]),
        ]
        given = [(kind, file) for kind, file in files if file]
        if not given:
            raise CommandError("Name a file of staff, of absences or of entitlements.")
        if len(given) > 1 and options["report"]:
            raise CommandError("Import the files one at a time to have a report of each.")
        reports = [command.carry_out(self, kind, file, options) for kind, file in given]
        if any(report.counts[Fate.REFUSED] for report in reports):
            sys.exit(1)
