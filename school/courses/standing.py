"""The kept state of bookings and events, as the newest of their steps says it."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from school.courses.models import Booking, BookingStep, Event, EventStep


def rebuild() -> list[str]:
    """Gives every booking and event the state of its newest step; a sentence for each that differed.

    An event without a step is a draft. A booking always has a step.
    """
    found = []
    for booking in _with_newest_booking():
        newest: str = booking.newest_state  # type: ignore[attr-defined]
        found.append(
            f"Booking {booking.uuid}: it was kept as {booking.state}, its steps say {newest}."
        )
        booking.state = newest
        booking.held_until = booking.newest_until  # type: ignore[attr-defined]
        booking.save()
    for event in _with_newest_event():
        wanted = event.newest_state or Event.State.DRAFT  # type: ignore[attr-defined]
        found.append(f"Event {event.uuid}: it was kept as {event.state}, its steps say {wanted}.")
        event.state = wanted
        event.save()
    return found


def _with_newest_booking() -> QuerySet[Booking]:
    newest = BookingStep.objects.filter(booking=OuterRef("pk")).order_by("-entry__pk")
    rows = Booking.objects.annotate(
        newest_state=Subquery(newest.values("state")[:1]),
        newest_until=Subquery(newest.values("held_until")[:1]),
    )
    same_state = rows.filter(state=F("newest_state"))
    same = same_state.filter(held_until=None, newest_until=None) | same_state.filter(
        held_until=F("newest_until")
    )
    return rows.exclude(pk__in=same.values("pk"))


def _with_newest_event() -> QuerySet[Event]:
    newest = EventStep.objects.filter(event=OuterRef("pk")).order_by("-entry__pk")
    rows = Event.objects.annotate(newest_state=Subquery(newest.values("state")[:1]))
    return rows.exclude(state=F("newest_state")).exclude(state=Event.State.DRAFT, newest_state=None)
