"""Writes a published framework in a format of another system, and says what the format cannot carry."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.formats import FORMATS
from logbooks.competencies.models import Framework
from school.core import days


class Command(BaseCommand):
    help = (
        "Writes the newest version of a framework, or the one named, to standard output or a file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--number", type=int, help="the version; the newest by default")
        parser.add_argument("--output", metavar="FILE", help="a file instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        framework = Framework.objects.filter(code=options["code"]).first()
        if framework is None:
            held = ", ".join(Framework.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(
                f"There is no framework “{options['code']}”. There are: {held or 'none'}."
            )
        versions = framework.versions.order_by("-number")
        if options["number"] is not None:
            versions = versions.filter(number=options["number"])
        version = versions.first()
        if version is None:
            raise CommandError(f"{framework} has no such published version.")
        written = FORMATS[options["format"]].write(
            queries.document_of(version), days.start_of_day(version.published_on)
        )
        for line in written.lines:
            self.stderr.write(f"{line.where} [{line.name}]: {line.words}")
        if options["output"]:
            Path(options["output"]).write_bytes(written.data)
        else:
            self.stdout.write(written.data.decode(), ending="")
