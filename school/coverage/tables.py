"""Coverage as the rows of tables: what the command, the API and a spreadsheet are given alike."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from school.core.errors import DomainError
from school.core.files.writing import harmless
from school.coverage import asked_queries, counting, states
from school.coverage.figures import CONVENTIONS, DEFINITIONS, Figure, Policy, figures
from school.coverage.models import Requirement
from school.coverage.states import GROUPS, Narrowed, Question, State
from school.people.models import Person

# The groups as they are asked for.
BY = tuple(name.replace("_", "-") for name in GROUPS)
HEADS = (
    "group", "requirement", "numerator", "denominator", "percent",
    *(state.value for state in State), "away", "adjusted", "adjusted_of", "headcount", "headcount_of",
)  # fmt: skip
# What every row of a CSV says beside them.
SAID = ("as_of", "known_on", "policy", "definition", "conventions")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is asked for: as of which day and as known on which, of which requirements and sites, by which group.

    `requirements` are codes by key: see `requirements`. `sites` are keys, all where there is none. `by` is one of BY, or empty.
    """

    as_of: date
    known_on: date
    requirements: Mapping[int, str]
    by: str = ""
    policy: Policy = Policy.ADJUSTED
    sites: tuple[int, ...] = ()

    @property
    def question(self) -> Question:
        """The question to the states."""
        return Question(self.as_of, self.known_on, tuple(self.requirements), self.sites)

    def said(self) -> dict[str, Any]:
        """What every answer carries beside its rows: the days, the figure and the conventions."""
        return {
            "as_of": self.as_of.isoformat(),
            "known_on": self.known_on.isoformat(),
            "policy": self.policy.value,
            "by": self.by,
            "definition": f"{self.policy.value}: {DEFINITIONS[self.policy]}",
            "conventions": CONVENTIONS,
        }


def requirements(codes: Collection[str]) -> dict[int, str]:
    """The codes by key, of all requirements where none is named. Raises DomainError for a code that none has."""
    held = dict(Requirement.objects.order_by("code").values_list("pk", "code"))
    unknown = sorted(set(codes) - set(held.values()))
    if unknown:
        raise DomainError(
            f"No requirement has the code “{unknown[0]}”. There are: {', '.join(held.values()) or 'none'}.",
            field="requirement",
        )
    return {key: code for key, code in held.items() if not codes or code in codes}


def figure_rows(asked: Asked) -> list[dict[str, Any]]:
    """A row of HEADS for each group and requirement, by their names."""
    if not asked.requirements:
        return []
    by = asked.by.replace("-", "_")
    names = asked_queries.names(by)
    rows = [
        _row(
            figure,
            names.get(figure.group, figure.group) or "",
            asked.requirements[figure.requirement],
            asked.policy,
        )
        for figure in figures(counting.tallies(asked.question, by))
    ]
    return sorted(rows, key=lambda row: (str(row["group"]), row["requirement"]))


def figures_csv(asked: Asked) -> str:
    """The same as CSV; the days, the definition and the conventions are its last columns."""
    said = {**asked.said(), "conventions": " ".join(CONVENTIONS)}
    return _csv_text((*HEADS, *SAID), [{**row, **said} for row in figure_rows(asked)])


def _csv_text(heads: Sequence[str], rows: Collection[Mapping[str, Any]]) -> str:
    """Rows as CSV, the header first, with nothing in it that a spreadsheet would run."""
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(heads)
    table.writerows([harmless(row[head]) for head in heads] for row in rows)
    return buffer.getvalue()


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
        "adjusted_of": adjusted.denominator,
        "headcount": headcount.numerator,
        "headcount_of": headcount.denominator,
    }


def line_rows(asked: Asked, first: int, most: int) -> tuple[list[dict[str, Any]], list[Person]]:
    """The lines by person, requirement and site, `most` of them from the `first` on; and whom they name."""
    if not asked.requirements:
        return [], []
    found = list(states.lines(asked.question, Narrowed(first=first, most=most)))
    people = Person.objects.in_bulk({line.person for line in found})
    sites = asked_queries.names("site")
    rows = [
        {
            "person": people[line.person].uuid,
            "name": people[line.person].name,
            "requirement": asked.requirements[line.requirement],
            "site": sites[line.site],
            "state": line.state.value,
            "expires": line.expires,
            "away": line.away,
        }
        for line in found
    ]
    return rows, list(people.values())


def requirement_rows(as_of: date, known_on: date) -> list[dict[str, Any]]:
    """What each requirement asks on a day, as it was known on a day; those that ask nothing then are left out."""
    return [
        {
            "code": version.requirement.code,
            "name": version.requirement.name,
            "whom": version.whom,
            "courses": version.courses.split(","),
            "months": version.active_months,
            "renewal": version.renewal,
            "window_months": version.window_months,
            "window_days": version.window_days,
            "minimum_months": version.minimum_months,
            "due_on": version.due_on,
            "minutes": version.learning_minutes,
            "grace_days": version.grace_days,
            "target": version.target_percent,
            "source": version.source,
            "starts": version.entry.about_from,
            "ends": version.entry.about_to,
        }
        for version in asked_queries.versions(as_of, known_on).values()
    ]
