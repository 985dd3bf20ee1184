"""On the page of what somebody learns: the online modules they have begun, each with how far they have come."""

from school.core.registries import Panel
from school.courses import learning_queries
from school.people.middleware import Viewer

UNDER_WAY = 20


def learning(viewer: Viewer) -> list[Panel]:
    """What is under way; none when nothing is."""
    rows = learning_queries.under_way(viewer.me) if viewer.person is not None else []
    context = {"rows": rows}
    return [Panel(UNDER_WAY, "courses/modules/_under_way.html", context)] if rows else []
