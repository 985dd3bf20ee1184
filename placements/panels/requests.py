"""On somebody's first page: requests for places that wait for their site, and what sites answered."""

from collections.abc import Sequence

from placements import requests_queries as queries
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

WAITING, ANSWERS = 8, 20
SHOWN = 5


def panels(viewer: Viewer) -> Sequence[Panel]:
    """The card of a site's lead, or of a coordinator who asked; none when there is nothing to read."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    if Permission.PLACE_STUDENTS in worn:
        found = queries.answered_to(viewer.person)
        order, title = ANSWERS, "Places you asked for"
    elif Permission.RUN_SITE in worn:
        found = queries.waiting_in(viewer.hat.scope)
        order, title = WAITING, "Requests for places wait for your answer"
    else:
        return []
    if not found:
        return []
    context = {
        "title": title,
        "lines": [queries.Line.of(row) for row in found[:SHOWN]],
        "more": len(found) - SHOWN,
    }
    return [Panel(order, "placements/requests/_home.html", context)]
