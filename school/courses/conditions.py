"""What has to be so before somebody gets a place, each with its reason in words; who may act is another matter.

The event's page asks all of them beforehand, and the actions ask again under the event's lock.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from school.core import clock, days, registries
from school.core.errors import DomainError
from school.courses import queries
from school.courses.models import Booking, Event
from school.people.models import Person
from school.people.queries import identity

State = Booking.State


@dataclass(frozen=True, slots=True)
class Asking:
    """The keys of everyone that whoever would have the place is known by, and when they ask."""

    me: Collection[int]
    now: datetime


def rule_event_is_open(event: Event, asking: Asking) -> None:
    """Places are given at events that are open and have not begun."""
    if event.state == Event.State.CANCELLED:
        raise DomainError("This event was cancelled.")
    if event.state != Event.State.OPEN:
        raise DomainError("Places at this event cannot be booked.")
    if asking.now >= event.starts:
        raise DomainError("This event has begun, so no more places are given.")


def rule_within_window(event: Event, asking: Asking) -> None:
    """Places are asked for between the opening of the booking and its deadline."""
    if asking.now < event.opens:
        raise DomainError(f"Booking opens on {said(event.opens)}.")
    if asking.now >= event.closes:
        raise DomainError(f"Booking closed on {said(event.closes)}. Write to {event.contact}.")


def rule_no_other_booking(event: Event, asking: Asking) -> None:
    """Nobody has two live bookings of one event, under whichever of the names they are known by.

    An event that was read with `own` says in which state the booking is that there is, if any.
    """
    if hasattr(event, "own"):
        other = event.own
    else:
        booking = queries.booking_of(event, asking.me)
        other = booking.state if booking else None
    if other is not None:
        raise DomainError(f"There is a booking already: {State(other).label}.")


def rule_prerequisites(event: Event, asking: Asking) -> None:
    """What a course asks for beforehand has been attained by the day of the event, or something that counts as it.

    An event that was read with `asks` says whether there is anything to look for.
    """
    if not getattr(event, "asks", True):
        return
    missing = queries.missing(event.version, asking.me, days.london_day(event.starts))
    if missing:
        raise DomainError(f"This course asks for {' and '.join(missing)} first.")


def rule_no_clash(event: Event, asking: Asking) -> None:
    """Nobody is booked where they are due at something else; whoever keeps it is asked."""
    sessions = event.sessions.all()
    for clash in registries.clashes(asking.me, event.starts, event.ends):
        if clash.event != event.pk and any(
            one.starts < clash.end and clash.start < one.ends for one in sessions
        ):
            when = days.time_range(clash.start, clash.end)
            day = days.long_date(days.london_day(clash.start))
            raise DomainError(f"It clashes with: {clash.what}, {day}, {when}.")


CONDITIONS: tuple[Callable[[Event, Asking], None], ...] = (
    rule_event_is_open,
    rule_within_window,
    rule_no_other_booking,
    rule_prerequisites,
    rule_no_clash,
)
# What may have changed since a place was asked for, and is asked again before it is given.
LATER = (rule_prerequisites, rule_no_clash)


def check(
    event: Event,
    me: Collection[int],
    now: datetime,
    conditions: Collection[Callable[[Event, Asking], None]] = CONDITIONS,
) -> None:
    """Raises DomainError with the first reason against a place for somebody, by the keys of everyone they are."""
    asking = Asking(me, now)
    for condition in conditions:
        condition(event, asking)


def reasons_against(
    event: Event,
    person: Person,
    me: Collection[int] | None = None,
    known: Collection[Callable[[Event, Asking], None]] = (),
) -> list[str]:
    """Every reason why somebody cannot have a place now; none when nothing stands against it.

    What the caller has found out already: `me`, the keys of everyone that the person is, and the
    conditions that hold.
    """
    found = []
    asking = Asking(me if me is not None else identity(person), clock.now())
    for condition in CONDITIONS:
        try:
            if condition not in known:
                condition(event, asking)
        except DomainError as error:
            found.append(error.message)
    return found


def said(moment: datetime) -> str:
    """An instant as "3 November 2026 at 17:00"."""
    return f"{days.long_date(days.london_day(moment))} at {days.clock_time(moment)}"
