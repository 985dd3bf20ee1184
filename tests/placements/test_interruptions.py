"""The plan's line around interruptions, in worked figures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements import interruptions, totals
from placements.interruptions import Span

# Four weeks of twenty working days, Monday 2 to Friday 27 November 2026, for 100 hours: five a day.
FIRST, LAST, MINIMUM = date(2026, 11, 2), date(2026, 11, 27), 100 * 60
SECOND_WEEK = Span(date(2026, 11, 9), date(2026, 11, 13))


def expected(day: date, *spans: Span) -> int:
    return interruptions.expected_by(day, FIRST, LAST, MINIMUM, spans)


@pytest.mark.parametrize("day", [FIRST, date(2026, 11, 15), LAST])
def test_expected_without_interruption_is_the_plan_s(day: date) -> None:
    assert expected(day) == totals.expected_by(day, FIRST, LAST, MINIMUM)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 11, 6), 25),  # five of twenty days
        (date(2026, 11, 9), 25),  # the line stands still
        (date(2026, 11, 13), 25),
        (date(2026, 11, 16), 40),  # six of the fifteen days that are left
        (date(2026, 11, 20), 66),  # ten of fifteen, 66 h 40
        (date(2026, 11, 27), 100),
    ],
)
def test_expected_stands_still_and_goes_on_over_the_days_left(day: date, hours: int) -> None:
    assert expected(day, SECOND_WEEK) // 60 == hours


def test_expected_of_an_open_interruption_stands_where_it_began() -> None:
    assert expected(date(2027, 3, 1), Span(date(2026, 11, 9))) == 25 * 60


def test_expected_is_not_changed_by_an_interruption_to_come() -> None:
    assert expected(date(2026, 11, 4), SECOND_WEEK) == 15 * 60


def test_expected_comes_back_to_the_old_pace_when_the_plan_is_made_longer() -> None:
    later = date(2026, 12, 4)  # another five working days
    told = [
        interruptions.expected_by(day, FIRST, later, MINIMUM, [SECOND_WEEK]) // 60
        for day in (date(2026, 11, 16), date(2026, 11, 20), later)
    ]
    assert told == [30, 50, 100]


def test_interruptions_that_touch_are_one_standstill() -> None:
    both = (SECOND_WEEK, Span(date(2026, 11, 14), date(2026, 11, 20)))
    assert expected(date(2026, 11, 19), *both) == 25 * 60
    assert expected(date(2026, 11, 23), *both) == 60 * 60  # six of ten


def test_behind_never_begins_inside_an_interruption() -> None:
    # 10 hours done: behind by 15 from the day on which 25 are expected, Friday the 6th.
    assert interruptions.behind_on(600, FIRST, LAST, MINIMUM, [SECOND_WEEK]) == date(2026, 11, 6)
    # 20 hours done: 35 are expected first on Monday the 16th, when it is 40.
    assert interruptions.behind_on(1200, FIRST, LAST, MINIMUM, [SECOND_WEEK]) == date(2026, 11, 16)
    # Without the week off it is Tuesday the 10th.
    assert interruptions.behind_on(1200, FIRST, LAST, MINIMUM) == date(2026, 11, 10)


def test_behind_never_comes_when_studies_are_not_resumed() -> None:
    assert interruptions.behind_on(1200, FIRST, LAST, MINIMUM, [Span(date(2026, 11, 9))]) is None


@given(
    start=st.integers(0, 30),
    length=st.integers(0, 30),
    done=st.integers(0, MINIMUM),
)
def test_behind_is_the_first_open_day_that_is_short(start: int, length: int, done: int) -> None:
    spans = [Span(FIRST + timedelta(days=start), FIRST + timedelta(days=start + length))]
    open_days = [
        day
        for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
        if not spans[0].covers(day)
    ]
    short = (day for day in open_days if expected(day, *spans) - done >= totals.BEHIND)
    found = interruptions.behind_on(done, FIRST, LAST, MINIMUM, spans)
    assert found == next(short, None)


def test_span_is_kept_as_text_and_read_again() -> None:
    spans = (SECOND_WEEK, Span(date(2026, 12, 1)))
    assert [span.kept() for span in spans] == [["2026-11-09", "2026-11-13"], ["2026-12-01", None]]
    assert interruptions.spans_of([span.kept() for span in spans]) == spans
