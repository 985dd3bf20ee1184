"""On somebody's first page: a place that is held for them, requests that wait for them, and what they are booked on."""

from collections.abc import Sequence

from django.db.models import Q

from school.core import clock
from school.core.registries import Panel
from school.courses import booking_queries as pages
from school.courses import queries
from school.courses.models import Booking
from school.people.middleware import Viewer

State = Booking.State

# A held place runs out, so it stands before everything else.
HELD, REQUESTS, COMING = 0, 7, 40
SHOWN = 3


def panels(viewer: Viewer) -> Sequence[Panel]:
    """The cards of places; none when there is nothing to read."""
    if viewer.person is None:
        return []
    now = clock.now()
    rows = Booking.objects.filter(
        Q(state=State.HELD) | Q(state=State.BOOKED), person__in=viewer.me, event__ends__gt=now
    ).select_related(*pages.RELATED)
    own = list(rows.order_by("event__starts"))
    held = [row for row in own if row.state == State.HELD and now < queries.held_till(row)]
    booked = [row for row in own if row.state == State.BOOKED]
    waiting = list(pages.to_decide(viewer)[: SHOWN + 1])
    found = [("held", HELD, held), ("requests", REQUESTS, waiting), ("booked", COMING, booked)]
    return [
        Panel(order, f"courses/booking/panel_{name}.html", _shown(rows))
        for name, order, rows in found
        if rows
    ]


def _shown(rows: Sequence[Booking]) -> dict[str, object]:
    return {"lines": pages.lines(rows[:SHOWN]), "more": len(rows) > SHOWN}
