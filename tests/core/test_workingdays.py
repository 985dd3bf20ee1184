"""Working days: Monday to Friday less England's bank holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.core.workingdays import (
    add_working_days,
    is_bank_holiday,
    is_working_day,
    working_days_between,
)

some_days = st.dates(date(2015, 1, 1), date(2035, 12, 31))

# The list published for England and Wales for 2026, and the days proclaimed before it.
PUBLISHED_2026 = [
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
    date(2026, 12, 25),
    date(2026, 12, 28),
]
PROCLAIMED = [date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)]


def test_bank_holidays_of_2026_on_weekdays_are_those_published():
    year = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert [day for day in year if is_bank_holiday(day) and day.weekday() < 5] == PUBLISHED_2026


@pytest.mark.parametrize("day", PROCLAIMED)
def test_proclaimed_day_is_a_bank_holiday(day):
    assert is_bank_holiday(day)


@pytest.mark.parametrize(
    "day", [date(2026, 3, 17), date(2026, 11, 30), date(2026, 1, 2), date(2026, 7, 13)]
)
def test_holiday_of_another_nation_is_a_working_day_in_england(day):
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("sent", "decided", "expected"),
    [
        (date(2026, 11, 19), date(2026, 11, 19), 0),
        (date(2026, 11, 19), date(2026, 11, 20), 1),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 21), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 11, 27), 5),
        (date(2026, 12, 24), date(2026, 12, 29), 1),
        (date(2026, 4, 2), date(2026, 4, 7), 1),
    ],
)
def test_working_days_between(sent, decided, expected):
    assert working_days_between(sent, decided) == expected


def test_working_days_between_backwards_is_refused():
    with pytest.raises(ValueError, match="2026-11-18 is before 2026-11-19"):
        working_days_between(date(2026, 11, 19), date(2026, 11, 18))


@given(some_days, st.integers(0, 800))
def test_working_days_between_is_what_counting_them_one_by_one_gives(sent, apart):
    decided = sent + timedelta(days=apart)
    counted = sum(is_working_day(sent + timedelta(days=n)) for n in range(1, apart + 1))
    assert working_days_between(sent, decided) == counted


@given(some_days, st.integers(1, 60))
def test_add_working_days_is_the_first_day_on_which_so_many_have_passed(day, count):
    reached = add_working_days(day, count)
    assert is_working_day(reached)
    assert working_days_between(day, reached) == count


def test_add_working_days_none_is_the_day_itself_even_on_a_sunday():
    assert add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_add_working_days_backwards_is_refused():
    with pytest.raises(ValueError, match="only counted forward"):
        add_working_days(date(2026, 11, 19), -1)
