"""Imports attainments from a file of another system."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from school.core.files import command
from school.core.files.fates import Fate
from school.courses.imports.attainments import kind_for
from school.courses.models import ImportSource


class Command(BaseCommand):
    help = "Imports attainments from CSV or XLSX; docs/imports.md lists the columns. A dry run unless --commit is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--source",
            required=True,
            metavar="NAME",
            help="the system that the file comes from; its headings and titles are said on its page",
        )
        command.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["source"].strip()
        source = ImportSource.objects.filter(name__iexact=name).first()
        if source is None and options["commit"]:
            source = ImportSource.objects.create(name=name)
        kind = kind_for(source or ImportSource(name=name))
        report = command.carry_out(self, kind, options["file"], options)
        if report.counts[Fate.REFUSED]:
            sys.exit(1)
