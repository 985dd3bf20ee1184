"""What is marked on a state: due for renewal, expiring soon."""

from datetime import date, timedelta
from enum import StrEnum

from school.coverage.renewal import NONE, Rule, window_opens

# Where a rule has no window, what expires within so many days does so soon.
SOON_DAYS = 90


class Mark(StrEnum):
    """What is said beside somebody who is in date."""

    DUE = "due for renewal"
    SOON = "expiring soon"


def mark(rule: Rule, as_of: date, expires: date | None) -> Mark | None:
    """The mark on somebody in date until a day; none far from it, and where it is for ever."""
    if expires is None or expires < as_of:
        return None
    if rule.window != NONE:
        return Mark.DUE if as_of >= window_opens(rule, expires) else None
    return Mark.SOON if expires - as_of <= timedelta(days=SOON_DAYS) else None
