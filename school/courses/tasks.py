"""Recurring work about events: held places whose time runs out, and lists that should have moved."""

from django_tasks import task

from school.core import clock
from school.courses import queries
from school.courses.actions.booking import let_lapse, offer_places
from school.courses.models import Booking, Event


@task()
def move_lists() -> int:
    """Let held places lapse, and offer what is free where somebody waits; gives how many places moved."""
    now = clock.now()
    related = ("event__book", "person__book")
    moved = sum(let_lapse(booking) for booking in queries.lapsed(now).select_related(*related))
    # A process that ended between a place becoming free and its being offered leaves it to this.
    waited_for = Booking.objects.filter(state=Booking.State.WAITING).values("event")
    for event in Event.objects.filter(pk__in=waited_for, state=Event.State.OPEN, starts__gt=now):
        moved += len(offer_places(event))
    return moved
