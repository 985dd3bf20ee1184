"""What the School's events say a person is due at, for apps that plan other things."""

from collections.abc import Collection
from datetime import datetime

from school.core.registries import Clash
from school.courses.models import Booking, Session


def due_at(me: Collection[int], start: datetime, end: datetime) -> list[Clash]:
    """The sessions between two instants at which a person has a place, or one is held for them, in order; one query."""
    rows = Session.objects.filter(
        event__bookings__person__in=me,
        event__bookings__state__in=Booking.TAKES_PLACE,
        starts__lt=end,
        ends__gt=start,
    ).values_list("starts", "ends", "event__version__title", "event", "pk")
    in_order = rows.distinct().order_by("starts", "pk")
    return [Clash(starts, ends, title, event) for starts, ends, title, event, _ in in_order]
