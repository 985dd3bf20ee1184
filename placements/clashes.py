"""What the placement programme says a person is due at, for apps that offer them other things to go to."""

from datetime import datetime

from placements.models import CurrentShift, PlannedShift
from school.core.registries import Clash
from school.people.models import Person
from school.people.queries import identity


def due_at(person: Person, start: datetime, end: datetime) -> list[Clash]:
    """The shifts that a student has sent or is planned for between two instants, in order.

    A planned shift that has been sent meanwhile counts once. Supervising binds nobody to an hour.
    """
    me = identity(person)
    sent = CurrentShift.objects.filter(
        enrolment__person__in=me, state__in=CurrentShift.LIVE, start__lt=end, end__gt=start
    ).select_related("shift__site")
    planned = PlannedShift.objects.filter(
        placement__enrolment__person__in=me, start__lt=end, end__gt=start
    ).select_related("placement__site")
    due = [Clash(row.start, row.end, f"Shift at {row.shift.site.name}") for row in sent]
    due += [
        Clash(row.start, row.end, f"Planned shift at {row.placement.site.name}")
        for row in planned
        if not any(row.start < other.end and other.start < row.end for other in due)
    ]
    return sorted(due, key=lambda clash: clash.start)
