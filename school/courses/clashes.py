"""What the School's events say a person is due at, for apps that plan other things."""

from datetime import datetime

from django.db.models import Q

from school.core.registries import Clash
from school.courses.models import Booking, Session
from school.people.models import Person
from school.people.queries import merges


def due_at(person: Person, start: datetime, end: datetime) -> list[Clash]:
    """The sessions between two instants at which a person has a place, or one is held for them, in order.

    One query, since an event's page asks it of everyone who looks: all who are one are merged
    straight into the one who is kept.
    """
    kept = merges().filter(merged=person).values("kept")
    mine = (
        Q(event__bookings__person=person)
        | Q(event__bookings__person__in=kept)
        | Q(event__bookings__person__in=merges().filter(kept=person).values("merged"))
        | Q(event__bookings__person__in=merges().filter(kept__in=kept).values("merged"))
    )
    sessions = Session.objects.filter(
        mine,
        event__bookings__state__in=Booking.TAKES_PLACE,
        starts__lt=end,
        ends__gt=start,
    ).select_related("event__version")
    return [
        Clash(session.starts, session.ends, session.event.version.title)
        for session in sessions.distinct().order_by("starts", "pk")
    ]
