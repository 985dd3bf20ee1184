"""The plan's line when studies are interrupted: nothing is expected of those days, and nobody is behind on them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from placements import totals
from school.core.days import DAY
from school.core.workingdays import is_working_day

# A span as a row keeps it in JSON: first and last day, the last empty until studies are resumed.
Kept = Sequence[str | None]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An interruption, both ends included; `last` is empty until studies are resumed."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether studies are interrupted on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def kept(self) -> list[str | None]:
        """As a row keeps it."""
        return [self.first.isoformat(), self.last.isoformat() if self.last else None]


def spans_of(kept: Iterable[Kept]) -> tuple[Span, ...]:
    """The spans that a row keeps."""
    return tuple(
        Span(date.fromisoformat(first or ""), date.fromisoformat(last) if last else None)
        for first, last in kept
    )


def covering(spans: Iterable[Span], day: date) -> Span | None:
    """The interruption that a day lies in."""
    return next((span for span in spans if span.covers(day)), None)


def expected_by(
    day: date, first: date, last: date, minimum: int, spans: Sequence[Span] = ()
) -> int:
    """Minutes that the plan expects by the end of `day` of a student whose studies were interrupted.

    While they are interrupted the line stands where it stood the day before. Afterwards the minimum
    is spread over the working days that are left of the plan, so that further dates bring it back to
    the old pace. An interruption still to come changes nothing yet.
    """
    while (now := covering(spans, day)) is not None:
        day = now.first - DAY
    begun = [span for span in spans if span.first <= day]
    if not begun:
        return totals.expected_by(day, first, last, minimum)
    planned = [
        one
        for one in _days(first, last)
        if is_working_day(one) and rule_not_expected(one, begun) is None
    ]
    return totals.expected_by(day, first, last, minimum, planned)


def rule_not_expected(day: date, spans: Iterable[Span]) -> Span | None:
    """Nothing is expected of a day on which studies are interrupted; answers with the interruption."""
    return covering(spans, day)


def behind_on(
    done: int,
    first: date,
    last: date,
    minimum: int,
    spans: Sequence[Span] = (),
    threshold: int = totals.BEHIND,
) -> date | None:
    """The first day, outside every interruption, on which a student is behind if no more is logged."""
    if not spans:
        return totals.behind_on(done, first, last, minimum, threshold=threshold)
    open_days = [day for day in _days(first, last) if covering(spans, day) is None]

    def is_behind(day: date) -> bool:
        return (
            totals.rule_behind(done, expected_by(day, first, last, minimum, spans), threshold) > 0
        )

    # Outside the interruptions the line never falls: what one takes away makes the rest steeper.
    found = bisect_left(open_days, True, key=is_behind)
    return open_days[found] if found < len(open_days) else None


def _days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]
