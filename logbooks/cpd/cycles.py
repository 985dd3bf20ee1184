"""The time between two renewals of a registration, its window, and what of it is one person's."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from logbooks.cpd.schemes import Profession, Scheme
from school.core.days import DAY, add_months, long_date

# From so many days on, a time is told in months.
MONTHS_FROM = 60


class State(StrEnum):
    """Where a day lies: before the window opens, or in it."""

    BEFORE = "before"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Cycle:
    """The days between two renewals, in whole calendar months; the window closes on the last of them."""

    first: date
    last: date
    window_opens: date
    window_closes: date


@dataclass(frozen=True, slots=True)
class Countdown:
    """The days until the window opens or, when it is open, until its last day (0 on that day); and both in words."""

    state: State
    days: int
    words: str


def cycle_of(profession: Profession, day: date) -> Cycle:
    """The cycle of a profession in which a day lies."""
    known = profession.closes + DAY
    months = (day.year - known.year) * 12 + day.month - known.month
    first = add_months(known, months // profession.cycle_months * profession.cycle_months)
    following = add_months(first, profession.cycle_months)
    last = following - DAY
    return Cycle(first, last, add_months(following, -profession.window_months), last)


def cycle_before(profession: Profession, cycle: Cycle) -> Cycle:
    """The cycle that ended the day before one began."""
    return cycle_of(profession, cycle.first - DAY)


def period(cycle: Cycle, registered_on: date | None) -> tuple[date, date] | None:
    """The days that a profile is about: since the last renewal, or since the registration when that is later.

    None for who was registered after the cycle. When the day of registration is not known, it is the whole cycle.
    """
    first = max(cycle.first, registered_on or cycle.first)
    return (first, cycle.last) if first <= cycle.last else None


def is_drawn_at(cycle: Cycle, registered_on: date | None, scheme: Scheme) -> bool:
    """Whether the regulator may draw somebody at the renewal that ends a cycle.

    That is so for who has been registered for long enough on the day on which the window opens, and for
    anybody whose day of registration is not known.
    """
    if registered_on is None:
        return True
    return add_months(registered_on, 12 * scheme.checks.registered_years) <= cycle.window_opens


def countdown(cycle: Cycle, day: date) -> Countdown:
    """How long it is to the window, or to its end. Raises ValueError when the cycle is over on the day."""
    if day > cycle.last:
        raise ValueError(f"The cycle was over on {cycle.last}: count down in the next one.")
    if day < cycle.window_opens:
        words = f"Your renewal window opens on {long_date(cycle.window_opens)}, in {_until(day, cycle.window_opens)}."
        return Countdown(State.BEFORE, (cycle.window_opens - day).days, words)
    left = (cycle.window_closes - day).days
    closes = long_date(cycle.window_closes)
    ends = f"on {closes}, in {_until(day, cycle.window_closes)}" if left else f"today, {closes}"
    return Countdown(State.OPEN, left, f"Your renewal window is open. It closes {ends}.")


def _until(day: date, then: date) -> str:
    """ "1 day", "59 days", "12 months" or, when it is nearer to 12 than to any other number, "about 12 months"."""
    left = (then - day).days
    if left < MONTHS_FROM:
        return f"{left} day{'' if left == 1 else 's'}"
    whole = (then.year - day.year) * 12 + then.month - day.month
    months = min((whole - 1, whole, whole + 1), key=lambda n: abs((add_months(day, n) - then).days))
    return f"{'' if add_months(day, months) == then else 'about '}{months} months"
