"""What people are told of their bookings: one subject for each thing, owed with the step that causes it."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from school.core import days
from school.courses.conditions import said
from school.courses.models import Booking, BookingStep, Event
from school.courses.reminding import Reminder
from school.people.models import Person
from school.people.telling import tell

State = Booking.State

WORDS = {
    State.REQUESTED: ("Your place waits for approval", "You asked for a place at {event}."),
    State.WAITING: (
        "You are on a waiting list",
        "{event} is full. You are on the waiting list and hear when a place is free.",
    ),
    State.HELD: (
        "A place is held for you",
        "A place at {event} is held for you until {until}. Take it or say no; then it goes to the next.",
    ),
    State.BOOKED: ("Your place is booked", "You have a place at {event}."),
    State.DECLINED: ("You have no place at an event", "You have no place at {event}."),
    State.CANCELLED: ("A place was given up", "Your place at {event} was given up."),
    State.CANCELLED_BY_SCHOOL: (
        "An event changed for you",
        "You have no place at {event} any more.",
    ),
}
# What comes at once, whatever somebody prefers: it cannot wait for a digest.
URGENT = frozenset({State.HELD, State.CANCELLED_BY_SCHOOL})


def page(name: str, *args: object) -> str:
    """The whole address of a page, for a mail."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=args)}"


def named(booking: Booking) -> str:
    """The event in a sentence: its title and when it begins."""
    event = booking.event
    return f"{event.version.title} on {days.long_date(days.london_day(event.starts))}"


def joining(event: Event) -> str:
    """How to join, for those with a place: each session, where, the link, and what the School says."""
    times = [
        f"{days.day_date(days.london_day(one.starts))}, {days.time_range(one.starts, one.ends)}"
        + (f" ({one.title})" if one.title else "")
        for one in event.sessions.all()
    ]
    at = [part for part in (event.venue, event.site.name if event.site else "") if part]
    parts = ["\n".join(times), f"Where: {', '.join(at) or event.get_format_display()}"]
    parts += [f"Join at {event.link}"] if event.link else []
    parts += [event.joining.strip()] if event.joining.strip() else []
    return "\n\n".join([*parts, f"Questions: {event.contact}"])


def tell_step(step: BookingStep, reason: str = "", booked_by: str = "") -> None:
    """Tell a person what became of their booking, in the transaction that writes the step, and so once for each."""
    booking = step.booking
    if step.state not in WORDS:
        return
    subject, words = WORDS[State(step.state)]
    until = said(booking.held_until) if booking.held_until else ""
    told = words.format(event=named(booking), until=until)
    if booked_by:
        told = f"{told} {booked_by} asked for it on your behalf."
    if reason:
        told = f"{told}\n\nThe reason: {reason}"
    if step.state == State.BOOKED:
        told = f"{told}\n\n{joining(booking.event)}"
    tell(
        booking.person,
        f"booking_{step.state}",
        subject,
        told,
        page("booking", booking.uuid),
        urgent=step.state in URGENT,
    )


def tell_approvers(booking: Booking, approvers: list[Person]) -> None:
    """Tell those who may approve that somebody of theirs asks for a place."""
    for person in approvers:
        tell(
            person,
            "booking_to_approve",
            "A request for a place waits for you",
            f"Somebody you answer for asks for a place at {named(booking)}.",
            page("booking_requests"),
            once_key=f"booking_to_approve:{booking.uuid}:{person.pk}",
        )


def tell_reminder(reminder: Reminder) -> bool:
    """Remind somebody of their place, with how to join and how to give it up; whether it is owed just now."""
    booking = reminder.booking
    told = (
        f"You have a place at {named(booking)}.\n\n{joining(booking.event)}\n\n"
        "If you cannot come, give the place up there, so that somebody else gets it:"
    )
    owed = tell(
        booking.person,
        "event_reminder",
        f"{'Tomorrow' if reminder.before == 1 else 'Soon'}: {booking.event.version.title}",
        told,
        page("booking", booking.uuid),
        once_key=reminder.once_key,
        urgent=reminder.before == 1,
    )
    return owed is not None


def tell_changed(event: Event, step: UUID) -> None:
    """Tell everyone with a live booking that the times or the venue of an event changed."""
    for booking in event.bookings.filter(state__in=Booking.LIVE).select_related("person__user"):
        booking.event = event
        tell(
            booking.person,
            "event_changed",
            "An event changed",
            f"{named(booking)}: its times or its venue changed. Look at what is new.",
            page("booking", booking.uuid),
            once_key=f"event_changed:{step}:{booking.pk}",
            urgent=True,
        )


def tell_to_evaluate(booking: Booking) -> None:
    """Tell somebody who was there that the School wants to know what they think, once."""
    tell(
        booking.person,
        "event_to_evaluate",
        "What did you think of it?",
        f"You were at {named(booking)}. Five questions, and nobody reads who said what.",
        page("evaluate_event", booking.uuid),
        once_key=f"event_to_evaluate:{booking.pk}",
    )
