"""On somebody's first page: where marks of OSCEs are examined."""

from collections.abc import Sequence

from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

OSCES = 47


def home(viewer: Viewer) -> Sequence[Panel]:
    """A card for who examines marks."""
    if viewer.hat is None or Permission.RUN_OSCES not in viewer.hat.role.permissions:
        return []
    return [Panel(OSCES, "osces/panel.html", {})]
