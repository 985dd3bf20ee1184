"""What the placement programme says a person is due at, for apps that offer them other things to go to."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import CharField, Value

from placements.models import CurrentShift, PlannedShift
from school.core.registries import Clash

SENT, PLANNED = (Value(words, CharField()) for words in ("Shift", "Planned shift"))


def due_at(me: Collection[int], start: datetime, end: datetime) -> list[Clash]:
    """The shifts that a student has sent or is planned for between two instants, in order; one query.

    A planned shift that has been sent meanwhile counts once. Supervising binds nobody to an hour.
    """
    sent = (
        CurrentShift.objects.filter(
            enrolment__person__in=me, state__in=CurrentShift.LIVE, start__lt=end, end__gt=start
        )
        .values_list("start", "end", "shift__site__name", SENT)
        .order_by()
    )
    planned = (
        PlannedShift.objects.filter(
            placement__enrolment__person__in=me, start__lt=end, end__gt=start
        )
        .values_list("start", "end", "placement__site__name", PLANNED)
        .order_by()
    )
    due: list[Clash] = []
    for begins, ends, site, words in sorted(
        sent.union(planned, all=True), key=lambda row: row[3] == PLANNED.value
    ):
        if words == SENT.value or not any(
            begins < other.end and other.start < ends for other in due
        ):
            due.append(Clash(begins, ends, f"{words} at {site}"))
    return sorted(due, key=lambda clash: clash.start)
