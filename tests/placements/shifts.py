"""Shifts as the tests of hours write them: London days and times."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from placements.hours import Worked
from school.core.days import instant

MONDAY = date(2026, 11, 16)
MARCH_NIGHT = date(2026, 3, 28)
OCTOBER_NIGHT = date(2026, 10, 24)


def at(day: date, clock: str) -> datetime:
    """The instant of a wall time such as 08:00 on a London day."""
    return instant(day, time.fromisoformat(clock))


def worked(
    day: date,
    start: str,
    end: str,
    break_minutes: int = 0,
    *,
    key: object = None,
    counts_week: bool = True,
) -> Worked:
    """A shift that begins on `day` and ends on it or, when the end is no later, on the next."""
    last = day if end > start else day + timedelta(days=1)
    return Worked(
        key or f"{day} {start}", at(day, start), at(last, end), break_minutes, counts_week
    )


def week(*minutes: int, monday: date = MONDAY) -> list[Worked]:
    """One shift a day from Monday at 08:00, of so many counted minutes."""
    starts = [at(monday + timedelta(days=n), "08:00") for n in range(len(minutes))]
    return [
        Worked(n, start, start + timedelta(minutes=length), 0)
        for n, (start, length) in enumerate(zip(starts, minutes, strict=True))
    ]


@st.composite
def some_shifts(draw: st.DrawFn) -> Worked:
    """Any shift that can be true, within a month around the clock change in October."""
    begins = at(date(2026, 10, 12), "00:00") + timedelta(minutes=draw(st.integers(0, 28 * 24 * 60)))
    elapsed = draw(st.integers(1, 24 * 60))
    key = draw(st.uuids())
    return Worked(
        key, begins, begins + timedelta(minutes=elapsed), draw(st.integers(0, elapsed - 1))
    )
