"""How the questions of a quiz did: how many are right, and whether those who do well elsewhere get them right."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median
from uuid import UUID

# Fewer people than this are not shown: figures of a few would speak of each of them.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt: a key that stands for whose it is, its marks by question, and whether it was passed."""

    person: int
    marks: tuple[tuple[UUID, bool], ...]
    passed: bool

    @property
    def score(self) -> float:
        """The share of right answers, in percent."""
        return 100 * sum(right for _, right in self.marks) / len(self.marks)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a quiz did: how many people tried, how often, and what came of it."""

    people: int
    attempts: int
    pass_percent: float
    median_score: float


@dataclass(frozen=True, slots=True)
class Item:
    """How a question did; facility and discrimination are None where they cannot be said."""

    asked: int
    people: int
    facility: float | None
    discrimination: float | None


NEVER = Item(0, 0, None, None)


def figures(sittings: Sequence[Sitting]) -> Figures | None:
    """The figures of all attempts; None before enough people tried."""
    people = len({one.person for one in sittings})
    if people < ENOUGH:
        return None
    return Figures(
        people=people,
        attempts=len(sittings),
        pass_percent=round(100 * sum(one.passed for one in sittings) / len(sittings), 1),
        median_score=round(median(one.score for one in sittings), 1),
    )


def items(sittings: Sequence[Sitting]) -> dict[UUID, Item]:
    """Each question that was asked; the attempts come in the order in which they were sent.

    Facility is the share of people who were right, and discrimination the point-biserial correlation of
    being right with the share of the other questions of the same paper that were right: the item-rest
    correlation (Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28, 1963),
    with a share for the rest because every paper is drawn anew. Everybody counts once, with the first
    answer that they gave: a second is given by somebody who has read what is said about it.
    """
    asked: dict[UUID, int] = {}
    firsts: dict[UUID, dict[int, tuple[bool, float | None]]] = {}
    for one in sittings:
        right = sum(mark for _, mark in one.marks)
        for question, mark in one.marks:
            asked[question] = asked.get(question, 0) + 1
            rest = (right - mark) / (len(one.marks) - 1) if len(one.marks) > 1 else None
            firsts.setdefault(question, {}).setdefault(one.person, (mark, rest))
    return {
        question: _item(asked[question], list(first.values())) for question, first in firsts.items()
    }


def _item(asked: int, answers: list[tuple[bool, float | None]]) -> Item:
    if len(answers) < ENOUGH:
        return Item(asked, len(answers), None, None)
    pairs = [(mark, rest) for mark, rest in answers if rest is not None]
    return Item(
        asked=asked,
        people=len(answers),
        facility=round(100 * fmean(mark for mark, _ in answers), 1),
        discrimination=point_biserial(pairs),
    )


def point_biserial(pairs: Sequence[tuple[bool, float]]) -> float | None:
    """The correlation of yes or no with a number; None where all are the same.

    (mean of yes - mean of no) / standard deviation * sqrt(p * (1 - p)), of the whole and not of a sample.
    """
    yes = [number for mark, number in pairs if mark]
    no = [number for mark, number in pairs if not mark]
    if not yes or not no:
        return None
    every = [*yes, *no]
    mean = fmean(every)
    spread = sqrt(fmean((number - mean) ** 2 for number in every))
    if spread < 1e-12:
        return None
    share = len(yes) / len(every)
    return round((fmean(yes) - fmean(no)) / spread * sqrt(share * (1 - share)), 2)
