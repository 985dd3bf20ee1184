"""Cycles of every profession, the period of one person, who may be drawn, and the countdown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.cycles import (
    Cycle,
    State,
    countdown,
    cycle_before,
    cycle_of,
    is_drawn_at,
    period,
)
from logbooks.cpd.schemes import Profession, profession
from school.core.days import DAY, add_months
from tests.logbooks.cpd.examples import HCPC


def the_profession(key: str) -> Profession:
    found = profession(key, date(2026, 11, 23))
    assert found is not None
    return found


RADIOGRAPHERS = the_profession("radiographers")
DAYS = st.dates(date(2016, 1, 1), date(2046, 12, 31))
PROFESSIONS = st.sampled_from(HCPC.professions)


@pytest.mark.parametrize(
    ("day", "first", "opens", "last"),
    [
        # Society of Radiographers, 22 February 2024: renew on or before 29 February 2024.
        (date(2024, 2, 29), date(2022, 3, 1), date(2023, 12, 1), date(2024, 2, 29)),
        # HCPC, Renewal window dates: radiographers, 1 December 2025 to 28 February 2026.
        (date(2024, 3, 1), date(2024, 3, 1), date(2025, 12, 1), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2024, 3, 1), date(2025, 12, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 1), date(2027, 12, 1), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2028, 3, 1), date(2029, 12, 1), date(2030, 2, 28)),
    ],
)
def test_radiographers_cycle(day: date, first: date, opens: date, last: date) -> None:
    assert cycle_of(RADIOGRAPHERS, day) == Cycle(first, last, opens, last)


@pytest.mark.parametrize(
    ("key", "opened", "closed"),
    [
        # HCPC, Audit dates 2017-18 and Renewal dates as of 2019 and 2022: the same months every two years.
        ("arts-therapists", date(2018, 3, 1), date(2018, 5, 31)),
        ("biomedical-scientists", date(2017, 9, 1), date(2017, 11, 30)),
        ("clinical-scientists", date(2017, 7, 1), date(2017, 9, 30)),
        ("hearing-aid-dispensers", date(2018, 5, 1), date(2018, 7, 31)),
        ("occupational-therapists", date(2019, 8, 1), date(2019, 10, 31)),
        ("physiotherapists", date(2020, 2, 1), date(2020, 4, 30)),
        ("dietitians", date(2020, 4, 1), date(2020, 6, 30)),
        ("chiropodists-podiatrists", date(2020, 5, 1), date(2020, 7, 31)),
        ("operating-department-practitioners", date(2020, 9, 1), date(2020, 11, 30)),
        ("practitioner-psychologists", date(2021, 3, 1), date(2021, 5, 31)),
        ("orthoptists", date(2021, 6, 1), date(2021, 8, 31)),
        ("paramedics", date(2021, 6, 1), date(2021, 8, 31)),
        ("prosthetists-orthotists", date(2021, 7, 1), date(2021, 9, 30)),
        ("speech-and-language-therapists", date(2021, 7, 1), date(2021, 9, 30)),
        ("radiographers", date(2021, 12, 1), date(2022, 2, 28)),
    ],
)
def test_windows_of_the_past_come_out(key: str, opened: date, closed: date) -> None:
    cycle = cycle_of(the_profession(key), opened)
    assert (cycle.window_opens, cycle.window_closes) == (opened, closed)


@pytest.mark.parametrize("one", HCPC.professions, ids=lambda one: one.key)
def test_cycles_of_twenty_years_follow_each_other(one: Profession) -> None:
    assert cycle_of(one, one.closes).window_opens == one.opens
    assert cycle_of(one, one.opens).window_closes == one.closes
    cycle = cycle_of(one, one.closes)
    for _ in range(10):
        following = cycle_of(one, cycle.last + DAY)
        assert following.first == cycle.last + DAY
        assert cycle_before(one, following) == cycle
        assert (following.last.year, following.last.month) == (
            cycle.last.year + 2,
            cycle.last.month,
        )
        assert (following.last + DAY).day == 1
        assert following.window_closes == following.last
        assert following.first < following.window_opens == add_months(following.last + DAY, -3)
        cycle = following


@given(PROFESSIONS, DAYS)
def test_every_day_lies_in_its_cycle(one: Profession, day: date) -> None:
    cycle = cycle_of(one, day)
    assert cycle.first <= day <= cycle.last
    assert cycle_of(one, cycle.first) == cycle == cycle_of(one, cycle.last)
    assert cycle.last - cycle.first in (timedelta(days=729), timedelta(days=730))


# One person's

CYCLE = cycle_of(RADIOGRAPHERS, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("registered_on", "first"),
    [
        (None, date(2024, 3, 1)),
        (date(2001, 9, 3), date(2024, 3, 1)),
        (date(2024, 3, 1), date(2024, 3, 1)),
        (date(2024, 3, 2), date(2024, 3, 2)),
        (date(2025, 8, 18), date(2025, 8, 18)),
        (date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_period_begins_with_the_registration_when_that_is_later(
    registered_on: date | None, first: date
) -> None:
    assert period(CYCLE, registered_on) == (first, date(2026, 2, 28))


def test_who_was_registered_after_the_cycle_has_no_period() -> None:
    assert period(CYCLE, date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    ("registered_on", "drawn"),
    [
        # HCPC, The CPD audit process: only who has been registered for two years or more.
        (date(2023, 11, 30), True),
        (date(2023, 12, 1), True),
        (date(2023, 12, 2), False),
        # A recent graduate, at the first renewal.
        (date(2025, 8, 18), False),
        # When the day is not known, it is safer to be ready.
        (None, True),
    ],
)
def test_two_years_of_registration_before_being_drawn(
    registered_on: date | None, drawn: bool
) -> None:
    assert CYCLE.window_opens == date(2025, 12, 1)
    assert is_drawn_at(CYCLE, registered_on, HCPC) is drawn


def test_leap_day_of_registration_is_over_at_the_end_of_february() -> None:
    opens = date(2026, 2, 28)
    cycle = Cycle(date(2024, 6, 1), date(2026, 5, 31), opens, date(2026, 5, 31))
    assert is_drawn_at(cycle, date(2024, 2, 29), HCPC)
    assert not is_drawn_at(cycle, date(2024, 3, 1), HCPC)


@given(PROFESSIONS, DAYS, DAYS)
def test_who_may_be_drawn_has_the_longest_possible_period_but_for_the_window(
    one: Profession, day: date, registered_on: date
) -> None:
    cycle = cycle_of(one, day)
    if is_drawn_at(cycle, registered_on, HCPC):
        own = period(cycle, registered_on)
        assert own == (cycle.first, cycle.last)


# The countdown

NEXT = cycle_of(RADIOGRAPHERS, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("day", "state", "days", "words"),
    [
        (date(2026, 3, 1), State.BEFORE, 640, "opens on 1 December 2027, in 21 months."),
        (date(2026, 11, 23), State.BEFORE, 373, "opens on 1 December 2027, in about 12 months."),
        (date(2026, 12, 1), State.BEFORE, 365, "opens on 1 December 2027, in 12 months."),
        (date(2027, 10, 2), State.BEFORE, 60, "opens on 1 December 2027, in about 2 months."),
        (date(2027, 10, 3), State.BEFORE, 59, "opens on 1 December 2027, in 59 days."),
        (date(2027, 11, 30), State.BEFORE, 1, "opens on 1 December 2027, in 1 day."),
        (date(2027, 12, 1), State.OPEN, 90, "It closes on 29 February 2028, in about 3 months."),
        (date(2028, 2, 28), State.OPEN, 1, "It closes on 29 February 2028, in 1 day."),
        (date(2028, 2, 29), State.OPEN, 0, "It closes today, 29 February 2028."),
    ],
)
def test_countdown_in_days_and_words(day: date, state: State, days: int, words: str) -> None:
    found = countdown(NEXT, day)
    assert (found.state, found.days) == (state, days)
    assert found.words.startswith("Your renewal window ")
    assert found.words.endswith(words)


def test_nothing_is_counted_down_once_the_cycle_is_over() -> None:
    with pytest.raises(ValueError, match="over on 2028-02-29"):
        countdown(NEXT, date(2028, 3, 1))


@given(PROFESSIONS, DAYS)
def test_countdown_goes_down_by_a_day_each_day(one: Profession, day: date) -> None:
    cycle = cycle_of(one, day)
    now = countdown(cycle, day)
    assert (now.state is State.OPEN) == (cycle.window_opens <= day)
    if day < cycle.last and day + DAY != cycle.window_opens:
        assert countdown(cycle, day + DAY).days == now.days - 1
