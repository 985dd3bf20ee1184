"""Whether competencies keep up with hours: a third exactly, no more hours than all of them, and nobody of whom nothing is asked."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from logbooks.competencies.pace import Pace, rule_lags


def test_a_third_under_the_hours_is_behind_and_less_is_not() -> None:
    assert rule_lags(0, 3, 200, 600)
    assert not rule_lags(0, 3, 199, 600)
    assert rule_lags(1, 3, 400, 600)
    assert not rule_lags(2, 3, 599, 600)
    assert rule_lags(13, 20, 600, 600)
    assert not rule_lags(14, 20, 600, 600)


def test_more_hours_than_needed_count_as_all_of_them() -> None:
    assert not rule_lags(7, 10, 6000, 600)
    assert rule_lags(6, 10, 6000, 600)


def test_nobody_is_behind_of_whom_nothing_is_asked() -> None:
    assert not rule_lags(0, 0, 600, 600)
    assert not rule_lags(0, 10, 600, 0)


def test_words_say_both_shares() -> None:
    pace = Pace(3, 2, 20, 18000, 36000)
    assert (pace.words, pace.behind) == ("Year 3: 2 of 20, with 300 of 600 hours", True)


@given(st.integers(0, 30), st.integers(1, 30), st.integers(-600, 2000), st.integers(1, 900))
def test_rule_is_that_of_exact_shares(done: int, asked: int, minutes: int, needed: int) -> None:
    achieved = min(done, asked)
    shares = min(Fraction(minutes, needed), Fraction(1)) - Fraction(achieved, asked)
    assert rule_lags(achieved, asked, minutes, needed) == (shares >= Fraction(1, 3))
