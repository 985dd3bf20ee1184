"""Waiting comes to its end when the event begins: whoever still hopes for a place then is told that there is none."""

from school.core import clock, ledger
from school.core.models import PORTAL
from school.courses.actions import steps
from school.courses.models import Booking

State = Booking.State

WHY = {
    State.WAITING: "The event began, and no place had become free.",
    State.REQUESTED: "The event began, and nobody had decided about the request.",
}


def end_wait(booking: Booking) -> bool:
    """Ends the wait of somebody whose event has begun, and tells them; whether this one was ended."""
    with ledger.writing(booking.event.book, booking.person.book) as pen:
        related = ("event__version", "event__book", "person__book", "person__user")
        kept = Booking.objects.select_related(*related).get(pk=booking.pk)
        why = WHY.get(State(kept.state))
        if why is None or clock.now() < kept.event.starts:
            return False
        steps.enter(pen, kept, State.DECLINED, by=PORTAL, reason=why)
    return True
