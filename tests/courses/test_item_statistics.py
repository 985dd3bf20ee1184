"""Figures of a quiz, with digits worked by hand."""

from uuid import UUID

import pytest

from school.courses import item_statistics as statistics
from school.courses.item_statistics import Figures, Item, Sitting

A, B, C = (UUID(int=n) for n in (1, 2, 3))


def sitting(person: int, a: int, b: int, c: int, passed: bool = False) -> Sitting:
    """An attempt at three questions."""
    return Sitting(person, ((A, bool(a)), (B, bool(b)), (C, bool(c))), passed)


# Five people. Scores: 100, 100, 66.7, 33.3, 0.
FIVE = [
    sitting(1, 1, 1, 1, passed=True),
    sitting(2, 1, 1, 1, passed=True),
    sitting(3, 1, 1, 0),
    sitting(4, 0, 0, 1),
    sitting(5, 0, 0, 0),
]


def test_figures_of_five_people() -> None:
    assert statistics.figures(FIVE) == Figures(5, 5, 40.0, 66.7)


def test_nothing_is_said_of_four_people_however_often_they_tried() -> None:
    four = [*FIVE[:4], *FIVE[:4]]
    assert statistics.figures(four) is None
    assert statistics.items(four)[A] == Item(8, 4, None, None)


def test_facility_and_discrimination_by_hand() -> None:
    """A: right by 1, 2, 3, so 3/5. The rest (B and C): 1, 1, .5, .5, 0; its mean is .6.

    Right .8333, wrong .25; variance (.16 + .16 + .01 + .01 + .36) / 5 = .14.
    .58333 / .374166 * sqrt(.6 * .4) = .76376.
    C: right by 1, 2, 4; the rest 1, 1, 1, 0, 0: mean .6, variance .24; right .66667, wrong .5;
    .16667 / .489898 * .489898 = .16667.
    """
    found = statistics.items(FIVE)
    assert found[A] == Item(5, 5, 60.0, 0.76)
    assert found[C] == Item(5, 5, 60.0, 0.17)


def test_first_answer_of_everybody_counts_and_every_asking_is_counted() -> None:
    again = [*FIVE[:4], sitting(4, 1, 1, 1, passed=True), FIVE[4]]
    assert statistics.items(again)[A] == Item(6, 5, 60.0, 0.76)
    assert statistics.figures(again) == Figures(5, 6, 50.0, 83.3)


def test_nothing_changes_until_the_next_five_people_have_answered() -> None:
    """Nobody learns what the sixth answered, or one of the five again, from the figures before and after."""
    more = [
        sitting(5, 1, 1, 1, passed=True),
        *(sitting(n, 1, 1, 1, passed=True) for n in range(6, 10)),
    ]
    for number in range(len(more) + 1):
        sent = [*FIVE, *more[:number]]
        assert statistics.figures(sent) == statistics.figures(FIVE)
        assert statistics.items(sent) == statistics.items(FIVE)
    ten = [*FIVE, *more, sitting(10, 0, 0, 0)]
    assert statistics.figures(ten) == Figures(10, 11, 63.6, 100.0)
    assert statistics.items(ten)[A] == Item(11, 10, 70.0, 0.87)


@pytest.mark.parametrize(
    "pairs", [[(True, 0.5), (True, 1.0)], [(False, 0.5)], [(True, 0.5), (False, 0.5)], []]
)
def test_correlation_of_what_does_not_differ_is_not_said(pairs: list[tuple[bool, float]]) -> None:
    assert statistics.point_biserial(pairs) is None


def test_question_alone_on_its_paper_has_facility_alone() -> None:
    alone = [Sitting(person, ((A, person > 1),), passed=True) for person in range(5)]
    assert statistics.items(alone)[A] == Item(5, 5, 60.0, None)


def test_key_that_is_wrong_shows_below_zero() -> None:
    pairs = [(False, 1.0), (False, 0.9), (True, 0.2), (True, 0.1), (False, 0.8)]
    # Right .15, wrong .9; mean .6, variance (.16 + .09 + .16 + .25 + .04) / 5 = .14.
    assert statistics.point_biserial(pairs) == -0.98
