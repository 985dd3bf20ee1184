"""How soon hours and log entries are decided: sent to first decision, in working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from school.core.days import DAY, london_day
from school.core.share import Share
from school.core.workingdays import working_days_between

# Working days. Source: the network's referral-to-report times (75 % within 5 days; in practice 85 %
# within 5 and 97 % within 7).
WITHIN = 5
WITHIN_LONGER = 7
ENOUGH = 5  # items from which a site's figure is shown


class Verdict(StrEnum):
    """One item against one limit."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN = "open"
    OPEN_LATE = "open_late"


@dataclass(frozen=True, slots=True)
class Turnaround:
    """`share` of judged items in time; `waiting` open ones inside the limit stand apart."""

    share: Share
    waiting: int

    @property
    def enough(self) -> bool:
        """Whether there are items enough to show a site's figure."""
        return rule_enough(self.share.denominator)


def rule_enough(items: int) -> bool:
    """A site's figure is shown from five judged items on."""
    return items >= ENOUGH


def judge(sent: datetime, decided: datetime | None, today: date, limit: int = WITHIN) -> Verdict:
    """One item: sent to first decision (confirm, query or reject), by London days.

    Day 0 is the day sent; `limit` is in working days and the limit's own day is still in time. An
    answer to a query starts anew: pass it as an item of its own. Raises ValueError when it was decided
    on a day before it was sent.
    """
    end = today if decided is None else london_day(decided)
    late = rule_late(working_days_between(london_day(sent), end), limit)
    if decided is None:
        return Verdict.OPEN_LATE if late else Verdict.OPEN
    return Verdict.LATE if late else Verdict.IN_TIME


def rule_late(working_days: int, limit: int) -> bool:
    """An item is late once more working days than the limit have gone."""
    return working_days > limit


def late_since(today: date, limit: int) -> date:
    """The last day on which something sent and still open is late today."""
    day = today
    while not rule_late(working_days_between(day, today), limit):
        day -= DAY
    return day


def tally(
    items: Iterable[tuple[datetime, datetime | None]], today: date, limit: int = WITHIN
) -> Turnaround:
    """The share decided in time of (sent, decided) pairs: open ones past the limit count as late."""
    counts = dict.fromkeys(Verdict, 0)
    for sent, decided in items:
        counts[judge(sent, decided, today, limit)] += 1
    judged = counts[Verdict.IN_TIME] + counts[Verdict.LATE] + counts[Verdict.OPEN_LATE]
    return Turnaround(Share(counts[Verdict.IN_TIME], judged), counts[Verdict.OPEN])
