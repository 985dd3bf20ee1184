"""Figures of several requirements as one."""

from school.coverage.figures import Figure
from school.coverage.overview import total
from school.coverage.states import State


def figure(requirement: int, **people: int) -> Figure:
    """So many people in each state."""
    made = Figure(None, requirement)
    for name, number in people.items():
        made.people[State(name)] = number
    return made


def test_total_adds_up_and_meets_its_targets_person_by_person() -> None:
    found = [
        figure(1, in_date=9, missing=1, exempt=2),
        figure(2, in_date=17, expired=3, in_grace=4),
    ]
    one = total(found, {1: 90, 2: 85})
    assert (one.adjusted.numerator, one.adjusted.denominator) == (26, 30)
    assert (one.headcount.numerator, one.headcount.denominator) == (26, 36)
    assert (one.exempt, one.in_grace, one.away, one.left_out) == (2, 4, 0, 6)
    # 9 of 10 and 17 of 20 are asked for.
    assert (one.aimed, one.is_met, one.target) == (2600, True, 87)
    assert not total(found, {1: 90, 2: 86}).is_met


def test_who_is_away_is_left_out_once() -> None:
    made = figure(1, in_date=5, missing=2, exempt=1)
    made.away[State.IN_DATE], made.away[State.EXEMPT] = 2, 1
    one = total([made], {1: 90})
    assert (one.adjusted.numerator, one.adjusted.denominator, one.away, one.exempt) == (3, 5, 2, 1)


def test_total_of_nobody() -> None:
    one = total([], {})
    assert (one.adjusted.tenths, one.is_met, one.target) == ("", True, 0)
