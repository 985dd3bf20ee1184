"""On somebody's first page: where OSCEs are made and examined."""

from collections.abc import Sequence

from logbooks.osces.exams import queries as exams
from logbooks.osces.stations import queries as stations
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

OSCES = 47


def home(viewer: Viewer) -> Sequence[Panel]:
    """A card for who runs OSCEs, with how many stations and exams wait for them to read; two queries."""
    if viewer.hat is None or Permission.RUN_OSCES not in viewer.hat.role.permissions:
        return []
    waiting = {"stations": stations.waiting(viewer.me), "exams": exams.waiting(viewer.me)}
    return [Panel(OSCES, "osces/panel.html", waiting)]
