"""Attainments as a card on one's learning, and on a person's record."""

from school.core.registries import Panel
from school.courses import attained_queries as queries
from school.courses import policies
from school.people.middleware import Viewer
from school.people.models import Person

ATTAINED = 60
SHOWN = 5


def learning(viewer: Viewer) -> list[Panel]:
    """The newest of what the viewer attained."""
    if viewer.person is None:
        return []
    rows = queries.listed(queries.of_people(viewer.me)[:SHOWN])
    context = {"rows": rows, "person": viewer.person}
    return [Panel(ATTAINED, "courses/attaining/_learning.html", context)]


def person(viewer: Viewer, shown: Person) -> list[Panel]:
    """How much somebody attained, for those who may see it."""
    if not policies.may_see_attainments(viewer, shown):
        return []
    number = queries.of_people(viewer.identity(shown)).count()
    said = "Nothing attained yet" if not number else f"{number} on record"
    context = {"said": said, "person": shown}
    return [Panel(ATTAINED, "courses/attaining/_person.html", context)]
