"""How many people are in each state, by group and requirement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from school.coverage.states import GROUPS, KEYS, STATES, Question, State, rows, states_sql

COUNTED = (
    "requirement, state, COUNT(DISTINCT person), COUNT(DISTINCT CASE WHEN away = 1 THEN person END)"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a group, and of a requirement, are in a state; `away` are those of them who are long away."""

    group: Any
    requirement: int
    state: State
    people: int
    away: int


def tallies(question: Question, by: str = "") -> list[Tally]:
    """The counts by group and requirement; without a group, of everybody once each however many posts they have.

    `by` is one of GROUPS. Raises ValueError for another.
    """
    return counts(question, [by]).tallies[by]


@dataclass(frozen=True, slots=True)
class Counts:
    """The tallies by what they are grouped by, and how many people are in post at each site by its key, under None altogether."""

    tallies: dict[str, list[Tally]]
    in_post: dict[int | None, int]


def counts(question: Question, groups: Sequence[str]) -> Counts:
    """The tallies for each of several groups, "" for everybody among them, in one query.

    Raises ValueError for what people are not counted by.
    """
    unknown = set(groups) - {"", *GROUPS}
    if unknown:
        raise ValueError(f"People are not counted by {', '.join(sorted(unknown))}.")
    parts = [
        f"SELECT {place} AS part, {_text(by)} AS name, {COUNTED} FROM state GROUP BY {_name(by)} requirement, state"
        for place, by in enumerate(groups)
    ]
    people = "NULL, NULL, COUNT(DISTINCT person), NULL FROM post"
    parts += [
        f"SELECT -1, {_text('site')}, {people} GROUP BY site",
        f"SELECT -1, NULL, {people}",
    ]
    found = Counts({by: [] for by in groups}, {})
    sql = f"{states_sql(question)} {' UNION ALL '.join(parts)} ORDER BY 1, 2, 3, 4"
    for place, name, requirement, state, number, away in rows(question, sql):
        if place < 0:
            found.in_post[int(name) if name is not None else None] = number
            continue
        by = groups[place]
        group = int(name) if name is not None and by in KEYS else name
        found.tallies[by].append(Tally(group, requirement, STATES[state], number, away))
    return found


def _text(by: str) -> str:
    """The name of a group as text: several kinds of groups stand in one column."""
    return f"CAST({by} AS text)" if by else "NULL"


def _name(by: str) -> str:
    return f"{by}," if by else ""
