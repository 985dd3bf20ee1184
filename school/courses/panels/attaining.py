"""Attainments as a card on one's learning, and on a person's record."""

from school.core.registries import Panel
from school.courses import attained_queries as queries
from school.courses import claims_queries, policies
from school.people.middleware import Viewer
from school.people.models import Person

ATTAINED = 60
SHOWN = 5


def learning(viewer: Viewer) -> list[Panel]:
    """The newest of what the viewer attained."""
    if viewer.person is None:
        return []
    rows = queries.listed(queries.of_people(viewer.me)[:SHOWN])
    brought = claims_queries.own(viewer)[:SHOWN]
    context = {"rows": rows, "person": viewer.person, "claims": brought}
    return [Panel(ATTAINED, "courses/attaining/_learning.html", context)]


def home(viewer: Viewer) -> list[Panel]:
    """The evidence that waits for the viewer; nothing when none does."""
    if viewer.person is None or not policies.may_keep_records(viewer):
        return []
    number = claims_queries.waiting(viewer).count()
    context = {"number": number}
    return [Panel(ATTAINED, "courses/attaining/_home.html", context)] if number else []


def person(viewer: Viewer, shown: Person) -> list[Panel]:
    """How much somebody attained, for those who may see it."""
    # Most who open a record keep none of learning: the card costs them no query.
    if shown.pk not in viewer.me and not policies.may_keep_records(viewer):
        return []
    if not policies.may_see_attainments(viewer, shown):
        return []
    number = queries.of_people(viewer.identity(shown)).count()
    said = "Nothing attained yet" if not number else f"{number} on record"
    context = {"said": said, "person": shown}
    return [Panel(ATTAINED, "courses/attaining/_person.html", context)]
