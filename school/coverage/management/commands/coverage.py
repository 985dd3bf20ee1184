"""Says who is in date for what is required: as of a day, as known on a day, by group."""

import argparse
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from school.core import clock
from school.core.errors import DomainError
from school.coverage import tables
from school.coverage.figures import Policy


class Command(BaseCommand):
    help = "Gives the figures of training coverage as of a day and as known on a day, adjusted and by headcount."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--requirement",
            action="append",
            default=[],
            help="its code; again for more, all when none",
        )
        parser.add_argument("--as-of", type=_day, help="YYYY-MM-DD; today when it is left out")
        parser.add_argument("--known-on", type=_day, help="YYYY-MM-DD; today when it is left out")
        parser.add_argument("--policy", choices=[*Policy], default=Policy.ADJUSTED.value)
        parser.add_argument("--by", choices=tables.BY)
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        try:
            requirements = tables.requirements(options["requirement"])
        except DomainError as error:
            raise CommandError(error.message) from error
        asked = tables.Asked(
            options["as_of"] or today,
            options["known_on"] or today,
            requirements,
            options["by"] or "",
            Policy(options["policy"]),
        )
        if options["format"] == "json":
            said = {**asked.said(), "rows": tables.figure_rows(asked)}
            self.stdout.write(json.dumps(said, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(tables.figures_csv(asked), ending="")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no day: write it as 2016-12-31.") from error
