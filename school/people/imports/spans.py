"""Intervals of one thing that must not overlap: the rows of a file against one another and against what is held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from school.core import days
from school.core.files.fates import Finding


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day (the last one counts; none while it lasts), and the row that says so; none when held."""

    start: date
    end: date | None
    number: int | None = None


def overlaps(spans: Iterable[Span], *, column: str, what: str) -> list[Finding]:
    """A finding for each row whose interval shares a day with another of the same thing."""
    found = []
    last: Span | None = None
    for span in sorted(spans, key=lambda span: span.start):
        if last is not None and (last.end is None or last.end >= span.start):
            for one, other in ((span, last), (last, span)):
                if one.number is not None:
                    found.append(_finding(one, other, column, what))
        if last is None or (last.end is not None and (span.end is None or span.end > last.end)):
            last = span
    return found


def _finding(one: Span, other: Span, column: str, what: str) -> Finding:
    until = f"to {days.long_date(other.end)}" if other.end else "without a last day"
    source = f"row {other.number} has" if other.number is not None else "held is"
    return Finding(
        one.number or 0,
        column,
        one.start.isoformat(),
        f"{source} a {what} from {days.long_date(other.start)} {until}, which overlaps with this one",
        "Give the earlier one its last day, in the same file if need be.",
    )
