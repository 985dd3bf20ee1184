"""People and changes as lines of a page: with names where the reader sees them, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any
from uuid import UUID

from school.coverage.changes import Change, Stood
from school.coverage.figures import Policy
from school.coverage.frozen import FrozenLine
from school.coverage.models import Requirement
from school.coverage.policies import Sight
from school.coverage.states import State
from school.people.models import Person, Site

STATES = {
    State.IN_DATE: "In date",
    State.EXPIRED: "Lapsed",
    State.MISSING: "Missing",
    State.IN_GRACE: "In grace as a starter",
    State.EXEMPT: "Exempt",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change with the names of who, what and where."""

    person: Person
    requirement: str
    site: str
    words: str
    before: str
    after: str
    numerator: int
    of: int


def state_of(stood: Stood | None) -> str:
    """Where somebody stood, as words."""
    return STATES[stood.state] if stood else "Not asked"


def seen_of(found: Iterable[Change], seen: Sight | None) -> list[Change]:
    """Changes at the sites whose people somebody sees."""
    return [one for one in found if seen is not None and seen.names_at(one.site)]


def lines_of(found: Sequence[Change], policy: Policy, most: int | None = None) -> list[Told]:
    """Changes as lines in the order of names, the first so many; four queries.

    Only the people of those are read whole: of a large network in years there are a hundred thousand changes.
    """
    names = dict(Person.objects.values_list("pk", "name"))
    sites = dict(Site.objects.values_list("pk", "name"))
    requirements = dict(Requirement.objects.values_list("pk", "name"))

    def place(one: Change) -> tuple[str, str, str]:
        return names[one.person], requirements[one.requirement], sites.get(one.site, "")

    first = sorted(found, key=place) if most is None else nsmallest(most, found, key=place)
    people = Person.objects.in_bulk({one.person for one in first})
    return [
        Told(
            people[one.person],
            requirements[one.requirement],
            sites.get(one.site, ""),
            one.words,
            state_of(one.before),
            state_of(one.after),
            *one.effect(policy),
        )
        for one in first
    ]


def by_state(
    lines: Sequence[FrozenLine], people: Mapping[UUID, Person], sites: Mapping[UUID, Site]
) -> list[dict[str, Any]]:
    """The people of each state in the order of their names; who was long away is marked."""
    found: list[dict[str, Any]] = []
    for state, words in STATES.items():
        mine = [one for one in lines if one.state is state]
        rows = [
            {
                "name": people[one.person].name if one.person in people else "Somebody",
                "site": sites[one.site].name,
                "expires": one.expires,
                "away": one.away,
            }
            for one in mine
        ]
        if rows:
            rows.sort(key=lambda row: str(row["name"]))
            found.append({"words": words, "rows": rows})
    return found
