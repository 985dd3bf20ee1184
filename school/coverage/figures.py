"""The figures of coverage, adjusted and by headcount, with the conventions that are printed beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from school.core import days
from school.core.share import Share
from school.coverage.counting import Tally
from school.coverage.states import Question, State


class Policy(StrEnum):
    """Which of the two figures."""

    ADJUSTED = "adjusted"
    HEADCOUNT = "headcount"


# What each figure is a share of, in words.
DEFINITIONS = {
    Policy.HEADCOUNT: "in date of all in post of whom it is asked.",
    Policy.ADJUSTED: "in date of all in post of whom it is asked, without those who are exempt, in their grace as "
    "starters, or away for 28 days or more so far.",
}
CONVENTIONS = (
    "In post on a day: from the first day to the last, which counts. Somebody with two posts counts once in each "
    "group they belong to and once in the total, so groups need not add up to it.",
    "In date through the end of the day of expiry, Europe/London. A month on from the 31st is the last of the month.",
    f"Headcount: {DEFINITIONS[Policy.HEADCOUNT]} Adjusted: {DEFINITIONS[Policy.ADJUSTED]}",
    "Grace counts from the first day in the network without a break; another site is no new start.",
    "As known on a day: without what was recorded later; what is void counts until the day this was recorded.",
)
# The states that the adjusted figure counts, of whoever is not away for long.
COUNTED = IN_DATE, EXPIRED, MISSING = State.IN_DATE, State.EXPIRED, State.MISSING
NOBODY = dict.fromkeys(State, 0)


@dataclass(slots=True)
class Figure:
    """How many people of a group are in each state for one requirement, and those of them who are long away."""

    group: Any
    requirement: int
    people: dict[State, int] = field(default_factory=NOBODY.copy)
    away: dict[State, int] = field(default_factory=NOBODY.copy)

    def share(self, policy: Policy) -> Share:
        """How many are in date, of how many; whom the adjusted figure leaves out stands beside it as not applicable."""
        people, away = self.people, self.away
        everybody = sum(people.values())
        if policy is Policy.HEADCOUNT:
            return Share(people[IN_DATE], everybody)
        in_date = people[IN_DATE] - away[IN_DATE]
        others = people[EXPIRED] - away[EXPIRED] + people[MISSING] - away[MISSING]
        return Share(in_date, in_date + others, not_applicable=everybody - in_date - others)


def figures(tallies: Iterable[Tally]) -> list[Figure]:
    """A figure for each group and requirement, in the order of the tallies."""
    found: dict[tuple[Any, int], Figure] = {}
    for tally in tallies:
        key = (tally.group, tally.requirement)
        figure = found.get(key) or found.setdefault(key, Figure(*key))
        figure.people[tally.state] = tally.people
        figure.away[tally.state] = tally.away
    return list(found.values())


def said(question: Question) -> str:
    """The days of a question in words."""
    as_of, known_on = days.long_date(question.as_of), days.long_date(question.known_on)
    return f"as of {as_of}, as known on {known_on}"
