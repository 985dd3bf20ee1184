"""The text of one cell as a day, a number or words; every refusal is a sentence about that cell."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from school.core import days

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_ISO = re.compile(r"([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)")
_STROKES = re.compile(r"([0-9][0-9]?)/([0-9][0-9]?)/([0-9]{4})")
_NAMED = re.compile(r"([0-9][0-9]?)[ -]([A-Za-z]+)\.?[ -]([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9][0-9]?[/ -](?:[0-9][0-9]?|[A-Za-z]+)[/ -][0-9][0-9]")
# What programs write around a day: “Tuesday, 3 November 2026, 2:15 PM”, “2026-11-03T23:30:00Z”.
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)}),? ", re.IGNORECASE)
_TIME = re.compile(
    r"(?:T|,? )(?P<hour>[0-9][0-9]?):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?: ?(?P<half>[AP])M)?(?: ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?$",
    re.IGNORECASE,
)
# Fifteen digits behind the point are what a spreadsheet writes of a mean.
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,16})?")
_EARLIEST, _LATEST = 1900, 2100

READABLE_DATES = "2026-11-03, 3 November 2026, 30-Nov-2028 or 03/11/2026 (day, month, year)"

# A program that shows tables would run a cell that begins so; files that go out put an apostrophe before it.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def text_of(value: Any) -> str:
    """A typed cell of a workbook as the text that the same cell has in CSV."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.time() == time.min:
            return value.date().isoformat()
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes" if not value.second else "seconds")
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet keeps and shows; more is noise of the format.
        return f"{Decimal(format(value, '.15g')):f}"
    return str(value)


def tidy(text: str) -> str:
    """A cell's words, with the apostrophe taken off that an export put before what a spreadsheet would run."""
    return tidy_words(text[1:] if text.startswith("'") and is_dangerous(text) else text)


def tidy_words(text: str) -> str:
    """Words in Unicode NFC, with single spaces and nothing around them."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_lines(text: str) -> str:
    """The same for words in paragraphs: each line by itself, without empty ones around them."""
    bare = text[1:] if text.startswith("'") and is_dangerous(text) else text
    return "\n".join(tidy_words(line) for line in bare.splitlines()).strip()


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet would run the text, now or once the spaces and apostrophes before it are gone."""
    return text.startswith(DANGEROUS) or text.lstrip("' \xa0").startswith(DANGEROUS)


def folded(text: str) -> str:
    """Words as they are compared: without regard to case, kind of apostrophe or ampersand."""
    return tidy(text).casefold().replace("’", "'").replace("‘", "'").replace("&", "and")


def day(text: str) -> date:
    """A day as people and programs write it; digits with strokes are day, month, year and nothing else.

    A time beside it is passed over, but one with a zone is an instant: then it is that instant's day in London.
    Raises ValueError with a sentence for the person who wrote the cell.
    """
    named = _WEEKDAY.match(text)
    text = text[named.end() :] if named else text
    beside = _TIME.search(text)
    said = _bare_day(text[: beside.start()] if beside else text)
    if named and named[1].casefold() != _WEEKDAYS[said.weekday()]:
        raise ValueError(f"{days.long_date(said)} is a {_WEEKDAYS[said.weekday()].capitalize()}")
    if beside is None:
        return said
    clock = _time(beside)
    if not beside["zone"]:
        return said
    return days.london_day(datetime.combine(said, clock, UTC) - _offset(beside["zone"]))


def _time(beside: re.Match[str]) -> time:
    hour = int(beside["hour"])
    if beside["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"this cannot be read as a date; write {READABLE_DATES}")
        hour = hour % 12 + (12 if beside["half"].upper() == "P" else 0)
    try:
        return time(hour, int(beside["minute"]), int(beside["second"] or 0))
    except ValueError:
        raise ValueError(f"this cannot be read as a date; write {READABLE_DATES}") from None


def _offset(zone: str) -> timedelta:
    """How far a zone is before universal time."""
    if zone[0] not in "+-":
        return timedelta(0)
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -away if zone[0] == "-" else away


def _bare_day(text: str) -> date:
    if found := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := _STROKES.fullmatch(text):
        number, month, year = (int(part) for part in found.groups())
        if month > 12:
            raise ValueError(
                f"there is no month {month}: dates with strokes are read as day/month/year"
            )
    elif (found := _NAMED.fullmatch(text)) and found[2].lower() in _MONTHS:
        number, month, year = int(found[1]), _MONTHS[found[2].lower()], int(found[3])
    elif _SHORT_YEAR.fullmatch(text):
        raise ValueError(f"the year needs four digits; write {READABLE_DATES}")
    else:
        raise ValueError(f"this cannot be read as a date; write {READABLE_DATES}")
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(f"the year {year} is not between {_EARLIEST} and {_LATEST}")
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError("there is no such day in the calendar") from None


def decimal(text: str) -> Decimal:
    """A number with a point, such as 7.5. Raises ValueError with a sentence."""
    if text.endswith("%"):
        raise ValueError("this is a percentage; write it as a plain number, such as 7.5")
    if not _NUMBER.fullmatch(text):
        raise ValueError("this is not a number; write it with digits and a point, such as 7.5")
    return Decimal(text)


def share(text: str) -> Decimal:
    """A number with a point, or the same in percent: 0.8 is 80%. Raises ValueError with a sentence."""
    return decimal(text[:-1].rstrip()) / 100 if text.endswith("%") else decimal(text)


def whole(text: str) -> int:
    """A whole number. Raises ValueError with a sentence."""
    number = decimal(text)
    if number != number.to_integral_value():
        raise ValueError("this is not a whole number")
    return int(number)
