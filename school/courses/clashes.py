"""What the School's events say a person is due at, for apps that plan other things."""

from datetime import datetime

from school.core.registries import Clash
from school.courses.models import Booking, Session
from school.people.models import Person
from school.people.queries import identity


def due_at(person: Person, start: datetime, end: datetime) -> list[Clash]:
    """The sessions between two instants at which a person has a place, or one is held for them, in order."""
    sessions = Session.objects.filter(
        event__bookings__person__in=identity(person),
        event__bookings__state__in=Booking.TAKES_PLACE,
        starts__lt=end,
        ends__gt=start,
    ).select_related("event__version")
    return [
        Clash(session.starts, session.ends, session.event.version.title)
        for session in sessions.order_by("starts")
    ]
