"""How the questions of a quiz did: how many are right, and whether those who do well elsewhere get them right."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median
from uuid import UUID

# From so many people on figures are shown, and always of whole multiples of it, in the order in which
# they first answered: whoever compares the figures before and after somebody must not learn their answer.
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
    """The figures of what was sent until the last whole five of people was full; None before the first was.

    The attempts come in the order in which they were sent.
    """
    counted, people = _whole_fives([one.person for one in sittings])
    if not people:
        return None
    shown = sittings[:counted]
    return Figures(
        people=people,
        attempts=counted,
        pass_percent=round(100 * sum(one.passed for one in shown) / counted, 1),
        median_score=round(median(one.score for one in shown), 1),
    )


def _whole_fives(senders: Sequence[int]) -> tuple[int, int]:
    """How many of the answers, up to the first one of the last person of a whole five; and of how many people."""
    seen: set[int] = set()
    counted = people = 0
    for place, person in enumerate(senders, start=1):
        new = person not in seen
        seen.add(person)
        if new and len(seen) % ENOUGH == 0:
            counted, people = place, len(seen)
    return counted, people


def items(sittings: Sequence[Sitting]) -> dict[UUID, Item]:
    """Each question that was asked; the attempts come in the order in which they were sent.

    Facility is the share of people who were right, and discrimination the point-biserial correlation of
    being right with the share of the other questions of the same paper that were right: the item-rest
    correlation (Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28, 1963),
    with a share for the rest because every paper is drawn anew. Everybody counts once, with the first
    answer that they gave: a second is given by somebody who has read what is said about it.
    """
    asked: dict[UUID, list[int]] = {}
    firsts: dict[UUID, dict[int, tuple[bool, float | None]]] = {}
    for one in sittings:
        right = sum(mark for _, mark in one.marks)
        for question, mark in one.marks:
            asked.setdefault(question, []).append(one.person)
            rest = (right - mark) / (len(one.marks) - 1) if len(one.marks) > 1 else None
            firsts.setdefault(question, {}).setdefault(one.person, (mark, rest))
    return {
        question: _item(asked[question], list(first.values())) for question, first in firsts.items()
    }


def _item(senders: list[int], firsts: list[tuple[bool, float | None]]) -> Item:
    counted, people = _whole_fives(senders)
    if not people:
        return Item(len(senders), len(firsts), None, None)
    answers = firsts[:people]
    pairs = [(mark, rest) for mark, rest in answers if rest is not None]
    return Item(
        asked=counted,
        people=people,
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
