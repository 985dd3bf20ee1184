"""Calendar days, clock times and durations as the portal counts and writes them, in Europe/London."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

DAY = timedelta(days=1)

# The years in which a day that somebody types can lie.
FIRST_YEAR, LAST_YEAR = 1900, 2100

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class WallTime(Enum):
    """How often a time on the wall happens on a given London day."""

    ONCE = "once"
    TWICE = "twice"
    MISSING = "missing"


def is_possible(day: date) -> bool:
    """Whether a day that somebody typed lies in a year that can be meant: 1900 to 2100."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def from_address(typed: str) -> date | None:
    """The day that an address holds as 2026-11-19; None for anything else, and for a year that cannot be meant."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if is_possible(day) else None


# Instants


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: an instant must have one.")
    return moment


def _plain(day: date) -> date:
    # A datetime is a date to Python, and its date part is the day in UTC, not in London.
    if isinstance(day, datetime):
        raise TypeError("A day is wanted here, not an instant: use london_day(instant) first.")
    return day


def local(moment: datetime) -> datetime:
    """The same instant on the London clock. Raises ValueError when it has no time zone."""
    return _aware(moment).astimezone(LONDON)


def london_day(moment: datetime) -> date:
    """The calendar day in London at an instant. Raises ValueError when it has no time zone."""
    return local(moment).date()


def wall_time(day: date, at: time) -> WallTime:
    """Whether a London wall time happens once, twice (clocks go back) or never (clocks go forward).

    A form asks this before `instant`, so that it can ask the person which of two readings is meant.
    """
    first = datetime.combine(_plain(day), at.replace(tzinfo=None, fold=0), LONDON)
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != first.replace(tzinfo=None):
        return WallTime.MISSING
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        return WallTime.TWICE
    return WallTime.ONCE


@lru_cache(maxsize=4096)
def instant(day: date, at: time, *, second: bool = False) -> datetime:
    """The aware UTC instant of a London wall time.

    A time that happens twice is its first reading (summer time) unless `second` is true. A time that
    the clocks skip moves forward by what was skipped: 01:30 becomes 02:30 on the night in March.
    Raises ValueError when `at` brings a time zone of its own.
    """
    if at.tzinfo is not None:
        raise ValueError("A wall time in London has no time zone of its own.")
    # For a skipped time the reading with fold=0 uses winter's offset, which is the move forward.
    fold = int(second and wall_time(day, at) is WallTime.TWICE)
    return datetime.combine(_plain(day), at.replace(fold=fold), LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first instant of a London day, in UTC."""
    return instant(day, time.min)


def end_of_day(day: date) -> datetime:
    """The first instant after a London day, in UTC.

    `as_of` and `known_on` are days and mean the end of that day: compare with `<`, never `<=`.
    """
    return start_of_day(_plain(day) + DAY)


# Weeks and months


def monday(day: date) -> date:
    """The Monday of the week (Monday to Sunday) that a day falls in."""
    return _plain(day) - timedelta(days=day.weekday())


def week_days(day: date) -> tuple[date, ...]:
    """The seven days, Monday to Sunday, of the week that a day falls in."""
    first = monday(day)
    return tuple(first + timedelta(days=n) for n in range(7))


def add_months(day: date, months: int) -> date:
    """The same day of the month some months on (or back), or that month's last day.

    31 August and 6 months make 28 February, or 29 in a leap year.
    """
    years, month = divmod(_plain(day).month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


# Words


def in_words(minutes: int) -> str:
    """Whole minutes as prose: "7 hours 30 minutes", "1 hour", "0 minutes", "minus 45 minutes"."""
    if minutes < 0:
        return f"minus {in_words(-minutes)}"
    hours, rest = divmod(minutes, 60)
    parts = [
        f"{count} {unit if count == 1 else unit + 's'}"
        for count, unit in ((hours, "hour"), (rest, "minute"))
        if count
    ]
    return " ".join(parts) or "0 minutes"


def in_hours(minutes: int) -> str:
    """Whole minutes as hours for a table: 450 is "7.5", 168 is "2.8", 445 is "7.42", 480 is "8".

    Exact where two decimals can hold it, else rounded half to even at two decimals (a tie cannot
    occur: minutes leave thirds of a hundredth). For reading only: totals are always of minutes.
    """
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return f"{hours:f}".rstrip("0").rstrip(".")


def long_date(day: date) -> str:
    """A day as "3 November 2026"."""
    return f"{_plain(day).day} {_MONTHS[day.month - 1]} {day.year}"


def month_and_year(day: date) -> str:
    """The month of a day as "November 2026"."""
    return f"{_MONTHS[_plain(day).month - 1]} {day.year}"


def day_date(day: date) -> str:
    """A day with its weekday: "Thursday 19 November 2026"."""
    return f"{weekday(day)} {long_date(day)}"


def day_and_month(day: date) -> str:
    """A day of the year at hand: "Thursday 19 November"."""
    return f"{weekday(day)} {day.day} {_MONTHS[day.month - 1]}"


def weekday(day: date) -> str:
    """The name of a day of the week: "Thursday"."""
    return _WEEKDAYS[_plain(day).weekday()]


def short_day(day: date) -> str:
    """A day for a narrow list: "Thu 19 Nov"."""
    return f"{weekday(day)[:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def clock_time(at: datetime | time) -> str:
    """A time on the London clock as "08:00"; an instant is turned into London time first."""
    if isinstance(at, datetime):
        at = local(at).time()
    return f"{at.hour:02d}:{at.minute:02d}"


def time_range(start: datetime, end: datetime) -> str:
    """Two instants as "08:00 to 16:30", or "20:00 to 08:00 next day".

    When either falls in the hour that happens twice, both carry the name of their clock:
    "20:00 BST to 01:30 GMT next day".
    """
    first, last = local(start), local(end)
    repeated = any(wall_time(at.date(), at.time()) is WallTime.TWICE for at in (first, last))
    left, right = (
        f"{clock_time(at)} {at.tzname()}" if repeated else clock_time(at) for at in (first, last)
    )
    apart = (last.date() - first.date()).days
    if apart == 1:
        right += " next day"
    elif apart:
        right += f" on {day_date(last.date())}"
    return f"{left} to {right}"
