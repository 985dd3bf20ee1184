"""Which figures of students' evaluations are shown: in batches of five students or more, never one by one."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

# Source: the network's own; the charter's figures are shown from five answers on.
ENOUGH = 5
# For so long after it was first given an evaluation can be changed; then it may be counted.
CHANGED_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority of the Safe Learning Environment Charter (NHS England), and what students are asked about it."""

    number: int
    name: str
    question: str


@cache
def priorities() -> tuple[Priority, ...]:
    """The ten priorities in the charter's order."""
    file = Path(__file__).parent / "data" / "charter_priorities.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Priority(int(row["number"]), row["name"], row["question"])
            for row in csv.DictReader(lines)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A student's evaluation as it stands: a digit for each priority, and the last day on which it could be changed."""

    student: int
    year: int
    ratings: str
    final_on: date
    uuid: str
    fact: int


def batches(answers: Iterable[Answer], today: date) -> list[tuple[Answer, ...]]:
    """The answers that may be shown, in batches of five students or more.

    Whoever compares the figures before and after a new answer must not learn that answer. So an answer
    is counted only when it cannot be changed any more, in the order in which that came to be, and
    only together with a whole batch: every figure is of whole batches, and so is every difference
    between two figures, over time and between years. A batch is closed by its fifth student; two
    answers of one student count as one student. What comes after the last whole batch waits.
    """
    found: list[tuple[Answer, ...]] = []
    waiting: list[Answer] = []
    final = [row for row in answers if row.final_on < today]
    for row in sorted(final, key=lambda row: (row.final_on, row.uuid)):
        waiting.append(row)
        if rule_five_students(waiting):
            found.append(tuple(waiting))
            waiting = []
    return found


def rule_five_students(answers: Sequence[Answer]) -> bool:
    """Figures are of five different students or more."""
    return len({row.student for row in answers}) >= ENOUGH


def of_year(found: Iterable[tuple[Answer, ...]], year: int) -> list[tuple[Answer, ...]]:
    """The batches in which every student was of a year; a mixed one would have to be divided, so it is left out."""
    return [batch for batch in found if {row.year for row in batch} == {year}]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many answers are counted, and the average of each priority; none when too few may be shown."""

    answers: int
    averages: tuple[float, ...]


def figures(found: Iterable[tuple[Answer, ...]]) -> Figures | None:
    """The averages over whole batches, with one decimal."""
    rows = [row for batch in found for row in batch]
    if not rows:
        return None
    averages = tuple(
        round(sum(int(row.ratings[place]) for row in rows) / len(rows), 1)
        for place in range(len(priorities()))
    )
    return Figures(len(rows), averages)
