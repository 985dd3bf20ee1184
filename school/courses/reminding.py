"""Who is reminded of an event today: a week before and a day before, each once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from school.core import days
from school.courses.models import Booking, BookingStep, Event

# How many days before an event its reminders come due.
BEFORE = (7, 1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A booking whose person is reminded, and which of the two reminders it is."""

    booking: Booking
    before: int

    @property
    def once_key(self) -> str:
        """The same for the same reminder of the same day; another when the event moved to another day."""
        day = days.london_day(self.booking.event.starts)
        return f"event_reminder:{self.booking.uuid}:{day}:{self.before}"


def due(now: datetime) -> list[Reminder]:
    """The reminders that are due and could still be of use, those of days on which nothing ran too.

    Whoever got the place after a reminder came due has the same words in the mail of the booking.
    """
    last = days.end_of_day(days.london_day(now) + timedelta(days=max(BEFORE)))
    # The first: who has a place can still say what they need, which is a step as well.
    booked_by = BookingStep.objects.filter(booking=OuterRef("pk"), state=Booking.State.BOOKED)
    rows = (
        Booking.objects.filter(
            state=Booking.State.BOOKED,
            event__state=Event.State.OPEN,
            event__starts__gt=now,
            event__starts__lt=last,
        )
        .annotate(
            booked_at=Subquery(booked_by.order_by("entry__pk").values("entry__recorded_at")[:1])
        )
        .select_related("event__version", "event__site", "person__user")
        .order_by("event__starts", "pk")
    )
    found = []
    for booking in rows:
        booked = days.london_day(booking.booked_at)
        before = which(days.london_day(booking.event.starts), booked, days.london_day(now))
        if before is not None:
            found.append(Reminder(booking, before))
    return found


def which(event: date, booked: date, today: date) -> int | None:
    """The reminder that is due today for an event's day, when the place was booked before it came due."""
    left = (event - today).days
    came_due = [before for before in BEFORE if left <= before]
    if not came_due or booked >= event - timedelta(days=min(came_due)):
        return None
    return min(came_due)
