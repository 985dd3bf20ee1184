"""Recurring work about events: held places whose time runs out, lists that should have moved, reminders, and needs that served."""

from django_tasks import task

from school.core import clock
from school.courses import queries, reminding, telling
from school.courses.actions.booking import let_lapse, offer_places
from school.courses.actions.ending import end_wait
from school.courses.actions.erasing import erase_needs
from school.courses.models import Booking, Event


@task()
def move_lists() -> int:
    """Let held places lapse, end the wait for what began, and offer what is free; gives how many places moved."""
    now = clock.now()
    related = ("event__book", "person__book")
    moved = sum(let_lapse(booking) for booking in queries.lapsed(now).select_related(*related))
    for booking in queries.unserved(now).select_related(*related):
        end_wait(booking)
    # A process that ended between a place becoming free and its being offered leaves it to this.
    waited_for = Booking.objects.filter(state=Booking.State.WAITING).values("event")
    for event in Event.objects.filter(pk__in=waited_for, state=Event.State.OPEN, starts__gt=now):
        moved += len(offer_places(event))
    return moved


@task()
def remind() -> int:
    """Remind who has a place a week and a day before; gives how many were reminded just now."""
    return sum(telling.tell_reminder(one) for one in reminding.due(clock.now()))


@task()
def forget_needs() -> int:
    """Erase what people needed at events that are over, and where they have no place any more."""
    return erase_needs(clock.now())
