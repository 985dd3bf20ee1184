"""Calendar days, clock times and durations in Europe/London."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.core import days
from school.core.days import WallTime, instant

MARCH_NIGHT = date(2026, 3, 29)
OCTOBER_NIGHT = date(2026, 10, 25)

instants = st.integers(0, 100 * 365 * 24 * 60).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def test_london_day_of_a_summer_evening_in_utc():
    assert days.london_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_london_day_of_another_zone():
    tokyo = timezone(timedelta(hours=9))
    assert days.london_day(datetime(2026, 1, 2, 8, 59, tzinfo=tokyo)) == date(2026, 1, 1)


def test_local_names_its_clock():
    assert days.local(datetime(2026, 7, 1, 7, tzinfo=UTC)).tzname() == "BST"


@pytest.mark.parametrize("function", [days.london_day, days.local, days.clock_time])
def test_instant_without_a_zone_is_refused(function):
    with pytest.raises(ValueError, match="2026-07-01T08:00:00 has no time zone"):
        function(datetime(2026, 7, 1, 8, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    "function",
    [days.monday, days.week_days, days.long_date, days.day_date, days.short_day, days.end_of_day],
)
def test_instant_where_a_day_is_wanted_is_refused(function):
    with pytest.raises(TypeError, match="london_day"):
        function(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (MARCH_NIGHT, time(0, 59), WallTime.ONCE),
        (MARCH_NIGHT, time(1, 0), WallTime.MISSING),
        (MARCH_NIGHT, time(1, 59), WallTime.MISSING),
        (MARCH_NIGHT, time(2, 0), WallTime.ONCE),
        (OCTOBER_NIGHT, time(0, 59), WallTime.ONCE),
        (OCTOBER_NIGHT, time(1, 0), WallTime.TWICE),
        (OCTOBER_NIGHT, time(1, 59), WallTime.TWICE),
        (OCTOBER_NIGHT, time(2, 0), WallTime.ONCE),
        (date(2026, 11, 19), time(1, 30), WallTime.ONCE),
    ],
)
def test_wall_time_around_the_clock_changes(day, at, expected):
    assert days.wall_time(day, at) is expected


def test_instant_in_winter_and_summer():
    assert instant(date(2026, 11, 19), time(8)) == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert instant(date(2026, 7, 1), time(8)) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert instant(date(2026, 7, 1), time(8)).tzinfo is UTC


def test_instant_of_a_missing_time_moves_forward():
    assert days.clock_time(instant(MARCH_NIGHT, time(1, 30))) == "02:30"
    assert instant(MARCH_NIGHT, time(1, 30), second=True) == instant(MARCH_NIGHT, time(2, 30))


def test_instant_of_a_time_that_happens_twice_is_the_first_unless_asked():
    assert instant(OCTOBER_NIGHT, time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(OCTOBER_NIGHT, time(1, 30, fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(OCTOBER_NIGHT, time(1, 30), second=True) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_instant_of_a_time_with_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone of its own"):
        instant(MARCH_NIGHT, time(8, tzinfo=UTC))


@given(instants)
def test_instant_gives_back_what_the_wall_showed(moment):
    shown = days.local(moment)
    assert instant(shown.date(), shown.time(), second=bool(shown.fold)) == moment


def test_end_of_day_is_the_first_instant_after_it():
    assert days.end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert days.end_of_day(date(2026, 1, 31)) == days.start_of_day(date(2026, 2, 1))


@pytest.mark.parametrize(
    ("day", "hours"), [(MARCH_NIGHT, 23), (OCTOBER_NIGHT, 25), (date(2026, 11, 19), 24)]
)
def test_a_day_lasts_as_long_as_its_clock_changes_make_it(day, hours):
    assert days.end_of_day(day) - days.start_of_day(day) == timedelta(hours=hours)


@given(instants)
def test_an_instant_lies_inside_its_day(moment):
    day = days.london_day(moment)
    assert days.start_of_day(day) <= moment < days.end_of_day(day)


def test_monday_of_each_day_of_a_week():
    week = days.week_days(date(2026, 11, 19))
    assert week == tuple(date(2026, 11, n) for n in range(16, 23))
    assert {days.monday(day) for day in week} == {date(2026, 11, 16)}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 19), 24, date(2028, 11, 19)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_add_months_stays_in_the_month(day, months, expected):
    assert days.add_months(day, months) == expected


@pytest.mark.parametrize(
    ("minutes", "words", "hours"),
    [
        (0, "0 minutes", "0"),
        (1, "1 minute", "0.02"),
        (45, "45 minutes", "0.75"),
        (60, "1 hour", "1"),
        (61, "1 hour 1 minute", "1.02"),
        (450, "7 hours 30 minutes", "7.5"),
        (168, "2 hours 48 minutes", "2.8"),
        (445, "7 hours 25 minutes", "7.42"),
        (600, "10 hours", "10"),
        (12_960, "216 hours", "216"),
        (-90, "minus 1 hour 30 minutes", "-1.5"),
    ],
)
def test_durations_in_words_and_hours(minutes, words, hours):
    assert days.in_words(minutes) == words
    assert days.in_hours(minutes) == hours


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_durations_sort_as_numbers(a, b):
    # 9 hours 30 comes before 10 hours, whatever their letters say; two decimals keep the order.
    if a < b:
        assert float(days.in_hours(a)) < float(days.in_hours(b))


@given(st.integers(-(10**6), 10**6))
def test_in_hours_is_exact_where_two_decimals_can_hold_it(minutes):
    shown = days.in_hours(minutes)
    if minutes % 3 == 0:
        assert round(float(shown) * 60, 6) == minutes
    assert abs(float(shown) * 60 - minutes) < 0.301


def test_dates_as_they_are_written():
    assert days.long_date(date(2026, 11, 3)) == "3 November 2026"
    assert days.day_date(date(2026, 11, 19)) == "Thursday 19 November 2026"
    assert days.day_and_month(date(2026, 11, 19)) == "Thursday 19 November"
    assert days.short_day(date(2026, 11, 19)) == "Thu 19 Nov"
    assert days.weekday(date(2026, 11, 22)) == "Sunday"


def test_clock_time_of_an_instant_and_of_a_time():
    assert days.clock_time(datetime(2026, 7, 1, 7, 5, tzinfo=UTC)) == "08:05"
    assert days.clock_time(time(8, 5)) == "08:05"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((date(2026, 11, 19), time(8)), (date(2026, 11, 19), time(16, 30)), "08:00 to 16:30"),
        ((date(2026, 11, 19), time(20)), (date(2026, 11, 20), time(8)), "20:00 to 08:00 next day"),
        ((date(2026, 11, 19), time(16)), (date(2026, 11, 20), time(0)), "16:00 to 00:00 next day"),
        (
            (date(2026, 3, 28), time(23, 30)),
            (date(2026, 3, 30), time(0, 30)),
            "23:30 to 00:30 on Monday 30 March 2026",
        ),
        (
            (date(2026, 10, 24), time(20)),
            (OCTOBER_NIGHT, time(1, 30)),
            "20:00 BST to 01:30 BST next day",
        ),
    ],
)
def test_time_range_in_words(start, end, expected):
    assert days.time_range(instant(*start), instant(*end)) == expected


def test_time_range_over_the_hour_that_happens_twice_names_both_clocks():
    start, end = (
        instant(OCTOBER_NIGHT, time(1, 30)),
        instant(OCTOBER_NIGHT, time(1, 30), second=True),
    )
    assert days.time_range(start, end) == "01:30 BST to 01:30 GMT"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-19", date(2026, 11, 19)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("1899-12-31", None),
        ("2101-01-01", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2026-02-30", None),
        ("", None),
    ],
)
def test_day_of_an_address_is_one_that_can_be_meant(typed, day):
    assert days.from_address(typed) == day
