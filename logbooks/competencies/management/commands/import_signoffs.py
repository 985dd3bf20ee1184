"""Imports sign-offs that stand on paper from a file, with their scans beside it."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from logbooks.competencies.paper import sign_offs
from school.core.files import command
from school.core.files.fates import Fate


class Command(BaseCommand):
    help = "Imports sign-offs that stand on paper from CSV or XLSX, with their scans beside it; docs/imports.md lists the columns. A dry run unless --commit is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        command.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        kind = sign_offs(Path(options["file"]).parent)
        report = command.carry_out(self, kind, options["file"], options)
        if report.counts[Fate.REFUSED]:
            sys.exit(1)
