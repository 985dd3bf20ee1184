"""On a School educator's first page: the next events with who comes, and the drafts that wait to be opened."""

from collections.abc import Sequence

from django.urls import reverse

from school.core.registries import Panel
from school.courses import teaching_queries as taught
from school.people.middleware import Viewer
from school.people.roles import Permission

NEXT, SHOWN = 10, 5


def home(viewer: Viewer) -> Sequence[Panel]:
    """The card of the hat that is worn; two queries."""
    if viewer.hat is None or Permission.PUBLISH_COURSES not in viewer.hat.role.permissions:
        return []
    context = {
        "events": taught.next_events(SHOWN),
        "drafts": taught.drafts(),
        "url": f"{reverse('taught_events')}?which={taught.DRAFTS}",
    }
    return [Panel(NEXT, "courses/teaching/_home.html", context)]
