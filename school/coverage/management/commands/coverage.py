"""Says who is in date for what is required: as of a day, as known on a day, by group."""

import csv
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from school.core import clock
from school.coverage import states
from school.coverage.figures import CONVENTIONS, Figure, Policy, figures
from school.coverage.models import Requirement
from school.coverage.states import GROUPS, Question, State
from school.people.models import JobRole, Organisation, Site

HEADS = (
    "group", "requirement", "numerator", "denominator", "percent",
    *(state.value for state in State), "away", "adjusted", "adjusted of", "headcount", "headcount of",
)  # fmt: skip


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
        parser.add_argument("--by", choices=[name.replace("_", "-") for name in GROUPS])
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        names = _requirements(options["requirement"])
        question = Question(
            options["as_of"] or today,
            options["known_on"] or today,
            tuple(names) if options["requirement"] else (),
        )
        by = (options["by"] or "").replace("-", "_")
        policy = Policy(options["policy"])
        groups = _groups(by)
        rows = [
            _row(
                figure,
                groups.get(figure.group, figure.group) or "",
                names[figure.requirement],
                policy,
            )
            for figure in figures(states.tallies(question, by))
        ]
        rows.sort(key=lambda row: (str(row["group"]), row["requirement"]))
        if options["format"] == "json":
            said = {
                "as_of": question.as_of.isoformat(),
                "known_on": question.known_on.isoformat(),
                "policy": policy.value,
                "by": options["by"] or "",
                "conventions": CONVENTIONS,
                "rows": rows,
            }
            self.stdout.write(json.dumps(said, indent=2, ensure_ascii=False))
            return
        table = csv.DictWriter(self.stdout, HEADS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _requirements(codes: list[str]) -> dict[int, str]:
    rows = Requirement.objects.filter(code__in=codes) if codes else Requirement.objects.all()
    found = dict(rows.values_list("pk", "code"))
    missing = sorted(set(codes) - set(found.values()))
    if missing:
        held = ", ".join(Requirement.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            f"No requirement has the code “{missing[0]}”. There are: {held or 'none'}."
        )
    return found


def _groups(by: str) -> dict[Any, str]:
    """What the groups are called that are rows of their own."""
    if by == "job_role":
        return dict(JobRole.objects.values_list("pk", "title"))
    if by == "site":
        return dict(Site.objects.values_list("pk", "name"))
    return dict(Organisation.objects.values_list("pk", "name")) if by == "organisation" else {}


def _row(figure: Figure, group: str, requirement: str, policy: Policy) -> dict[str, Any]:
    asked = figure.share(policy)
    adjusted, headcount = figure.share(Policy.ADJUSTED), figure.share(Policy.HEADCOUNT)
    return {
        "group": group,
        "requirement": requirement,
        "numerator": asked.numerator,
        "denominator": asked.denominator,
        "percent": asked.tenths,
        **{state.value: people for state, people in figure.people.items()},
        "away": sum(figure.away.values()),
        "adjusted": adjusted.numerator,
        "adjusted of": adjusted.denominator,
        "headcount": headcount.numerator,
        "headcount of": headcount.denominator,
    }
