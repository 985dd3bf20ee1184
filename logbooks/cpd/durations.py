"""How long something took, as people write it: "1.5", "1:30", "1h 30m", "90 minutes"."""

import re
from decimal import Decimal

_CLOCK = re.compile(r"(\d{1,5})[:h](\d{1,2})(?:m|min|mins|minutes?)?")
_UNITS = re.compile(
    r"(?:(?P<days>\d{1,3}(?:\.\d+)?)(?:d|days?))?"
    r"(?:(?P<hours>\d{1,5}(?:\.\d+)?)(?:h|hrs?|hours?))?"
    r"(?:and)?(?:(?P<minutes>\d{1,6})(?:m|mins?|minutes?))?"
)
_NUMBER = re.compile(r"\d{1,6}(?:\.\d+)?|\.\d+")

# A day of a course or a conference, where somebody counts in days.
DAY_HOURS = 7


def minutes_of(typed: str, *, unit: str = "hours") -> int | None:
    """The whole minutes that are meant, the nearest; None for what means none. A number by itself is of `unit`, hours or minutes.

    "1 day" is 7 hours.
    """
    text = re.sub(
        r"[\s,]+", "", typed.strip().lower().replace(",", ".", 1 if _is_decimal(typed) else 0)
    )
    if _NUMBER.fullmatch(text):
        return _nearest(Decimal(text) * (60 if unit == "hours" else 1))
    clock = _CLOCK.fullmatch(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2]) if int(clock[2]) < 60 else None
    found = _UNITS.fullmatch(text)
    if found is None or not any(found.groupdict().values()):
        return None
    days, hours, minutes = (Decimal(found[part] or 0) for part in ("days", "hours", "minutes"))
    return _nearest(days * DAY_HOURS * 60 + hours * 60 + minutes)


def _is_decimal(typed: str) -> bool:
    """Whether a comma stands for the point: "1,5"."""
    return bool(re.fullmatch(r"\s*\d{1,5},\d{1,2}\D*", typed))


def _nearest(minutes: Decimal) -> int:
    return int((minutes + Decimal("0.5")) // 1)
