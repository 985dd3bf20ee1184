"""Percentages with their numerator and denominator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.core.share import Share, least_of


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        (148, 171, 87),
        (0, 0, None),
        (0, 3, 0),
        (3, 3, 100),
        (299, 300, 99),
        (1, 300, 1),
        (1, 8, 13),
        (1, 2, 50),
    ],
)
def test_percent_of_a_share(numerator, denominator, percent):
    assert Share(numerator, denominator).percent == percent


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 3), (4, 3)])
def test_share_that_is_none_is_refused(numerator, denominator):
    with pytest.raises(ValueError, match="is not a share"):
        Share(numerator, denominator)


def test_least_of_the_attendance_rule():
    assert least_of(80, 216 * 60) == 172 * 60 + 48


@given(st.integers(0, 100), st.integers(0, 10**6))
def test_least_of_is_the_least_that_reaches_the_percentage(percent, whole):
    least = least_of(percent, whole)
    assert 100 * least >= percent * whole
    assert least == 0 or 100 * (least - 1) < percent * whole


@pytest.mark.parametrize(
    ("numerator", "denominator", "tenths"),
    [
        (1241, 1378, "90.1"),
        (1, 16, "6.3"),
        (0, 5, "0.0"),
        (5, 5, "100.0"),
        (9999, 10_000, "99.9"),
        (1, 10_000, "0.1"),
        (0, 0, ""),
    ],
)
def test_percent_with_one_decimal(numerator, denominator, tenths):
    assert Share(numerator, denominator).tenths == tenths
