"""On somebody's first page: where OSCEs are made and examined."""

from collections.abc import Sequence

from logbooks.osces.stations import queries
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

OSCES = 47


def home(viewer: Viewer) -> Sequence[Panel]:
    """A card for who runs OSCEs, with how many stations wait for them to read; at most two queries."""
    if viewer.hat is None or Permission.RUN_OSCES not in viewer.hat.role.permissions:
        return []
    return [Panel(OSCES, "osces/panel.html", {"waiting": queries.waiting(viewer.me)})]
