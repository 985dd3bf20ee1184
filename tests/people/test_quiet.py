"""Quiet hours and the moments of digests: over midnight, and on the nights when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from school.core import days
from school.people import quiet

moments = st.integers(0, 7 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
) | st.sampled_from(
    # The nights of the clock changes, minute by minute.
    [
        start + timedelta(minutes=minute)
        for start in (
            datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
            datetime(2026, 10, 24, 22, 0, tzinfo=UTC),
        )
        for minute in range(300)
    ]
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def london(*at: int) -> datetime:
    """An instant by the London clock."""
    return days.instant(date(*at[:3]), time(*at[3:]))


@given(moments, times, times)
@example(datetime(2026, 10, 25, 1, 10, tzinfo=UTC), time(22), time(1, 30))
@example(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), time(2, 15), time(1, 30))
def test_out_of_quiet_is_the_first_moment_that_is_not_quiet(
    moment: datetime, begins: time, ends: time
) -> None:
    if begins == ends:
        ends = (datetime.combine(date(2026, 1, 1), ends) + timedelta(minutes=1)).time()
    after = quiet.out_of_quiet(moment, begins, ends)
    assert moment <= after < moment + timedelta(hours=26)
    assert not quiet.is_quiet(after, begins, ends)
    assert quiet.out_of_quiet(after, begins, ends) == after
    if after > moment:
        between = moment + (after - moment) / 2
        last = after - timedelta(microseconds=1)
        assert [quiet.is_quiet(one, begins, ends) for one in (moment, between, last)] == [True] * 3


@pytest.mark.parametrize(
    ("moment", "begins", "ends", "after"),
    [
        ((2026, 11, 3, 23, 0), (22, 0), (7, 0), (2026, 11, 4, 7, 0)),
        ((2026, 11, 4, 6, 59), (22, 0), (7, 0), (2026, 11, 4, 7, 0)),
        ((2026, 11, 4, 7, 0), (22, 0), (7, 0), (2026, 11, 4, 7, 0)),
        ((2026, 11, 4, 21, 59), (22, 0), (7, 0), (2026, 11, 4, 21, 59)),
        ((2026, 11, 4, 22, 0), (22, 0), (7, 0), (2026, 11, 5, 7, 0)),
        ((2026, 11, 4, 9, 30), (9, 0), (17, 0), (2026, 11, 4, 17, 0)),
        # Over both nights when the clocks change the end is the one on the clock.
        ((2026, 3, 28, 23, 0), (22, 0), (7, 0), (2026, 3, 29, 7, 0)),
        ((2026, 10, 24, 23, 0), (22, 0), (7, 0), (2026, 10, 25, 7, 0)),
        # 01:30 does not happen that night: quiet is over when the clock jumps to 02:00.
        ((2026, 3, 28, 23, 0), (22, 0), (1, 30), (2026, 3, 29, 2, 0)),
    ],
)
def test_out_of_quiet_on_the_clock(
    moment: tuple[int, ...],
    begins: tuple[int, int],
    ends: tuple[int, int],
    after: tuple[int, ...],
) -> None:
    found = quiet.out_of_quiet(london(*moment), time(*begins), time(*ends))
    assert found == london(*after)


def test_out_of_quiet_without_quiet_hours_is_now() -> None:
    moment = london(2026, 11, 3, 3, 0)
    assert quiet.out_of_quiet(moment, None, None) == moment


def test_hour_that_happens_twice_is_quiet_twice() -> None:
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 01:10 for the second time
    assert quiet.is_quiet(second, time(22), time(1, 30))
    assert quiet.out_of_quiet(second, time(22), time(1, 30)) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@given(moments, st.booleans())
def test_next_digest_is_the_next_half_past_seven(moment: datetime, weekly: bool) -> None:
    due = quiet.next_digest(moment, weekly=weekly)
    here = days.local(due)
    assert here.time() == time(7, 30)
    assert moment < due <= moment + timedelta(days=7 if weekly else 1, hours=1)
    assert here.weekday() == 0 or not weekly
