"""What has to be so before somebody gets a place, each with its reason in words; who may act is another matter.

The event's page asks all of them beforehand, and the actions ask again under the event's lock.
"""

from collections.abc import Callable
from datetime import datetime

from school.core import clock, days, registries
from school.core.errors import DomainError
from school.courses import queries
from school.courses.models import Booking, Event
from school.people.models import Person
from school.people.queries import identity

State = Booking.State


def rule_event_is_open(event: Event, person: Person, now: datetime) -> None:
    """Places are given at events that are open and have not begun."""
    del person
    if event.state == Event.State.CANCELLED:
        raise DomainError("This event was cancelled.")
    if event.state != Event.State.OPEN:
        raise DomainError("Places at this event cannot be booked.")
    if now >= event.starts:
        raise DomainError("This event has begun, so no more places are given.")


def rule_within_window(event: Event, person: Person, now: datetime) -> None:
    """Places are asked for between the opening of the booking and its deadline."""
    del person
    if now < event.opens:
        raise DomainError(f"Booking opens on {said(event.opens)}.")
    if now >= event.closes:
        raise DomainError(f"Booking closed on {said(event.closes)}. Write to {event.contact}.")


def rule_no_other_booking(event: Event, person: Person, now: datetime) -> None:
    """Nobody has two live bookings of one event, under whichever of the names they are known by."""
    del now
    other = Booking.objects.filter(
        event=event, person__in=identity(person), state__in=(*Booking.LIVE, *Booking.AFTERWARDS)
    ).first()
    if other is not None:
        raise DomainError(f"There is a booking already: {other.get_state_display()}.")


def rule_prerequisites(event: Event, person: Person, now: datetime) -> None:
    """What a course asks for beforehand has been attained by the day of the event, or something that counts as it."""
    del now
    asked = [row.course for row in event.version.prerequisites.select_related("course")]
    held = queries.attained(
        identity(person), [course.pk for course in asked], days.london_day(event.starts)
    )
    missing = [course.title for course in asked if course.pk not in held]
    if missing:
        raise DomainError(f"This course asks for {' and '.join(missing)} first.")


def rule_no_clash(event: Event, person: Person, now: datetime) -> None:
    """Nobody is booked where they are due at something else; whoever keeps it is asked."""
    del now
    for session in event.sessions.all():
        for clash in registries.clashes(person, session.starts, session.ends):
            when = days.time_range(clash.start, clash.end)
            day = days.long_date(days.london_day(clash.start))
            raise DomainError(f"It clashes with: {clash.what}, {day}, {when}.")


CONDITIONS: tuple[Callable[[Event, Person, datetime], None], ...] = (
    rule_event_is_open,
    rule_within_window,
    rule_no_other_booking,
    rule_prerequisites,
    rule_no_clash,
)


def check(event: Event, person: Person, now: datetime) -> None:
    """Raises DomainError with the first reason against a place."""
    for condition in CONDITIONS:
        condition(event, person, now)


def reasons_against(event: Event, person: Person) -> list[str]:
    """Every reason why somebody cannot have a place now; none when nothing stands against it."""
    found = []
    now = clock.now()
    for condition in CONDITIONS:
        try:
            condition(event, person, now)
        except DomainError as error:
            found.append(error.message)
    return found


def said(moment: datetime) -> str:
    """An instant as "3 November 2026 at 17:00"."""
    return f"{days.long_date(days.london_day(moment))} at {days.clock_time(moment)}"
