"""On somebody's first page: where OSCEs are made and examined, when a student's own begins, and where somebody examines."""

from collections.abc import Sequence
from datetime import timedelta

from logbooks.osces.day import queries as day
from logbooks.osces.exams import queries as exams
from logbooks.osces.marking import station
from logbooks.osces.results import judging
from logbooks.osces.stations import queries as stations
from school.core import clock
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import STUDENT, Permission

OSCES = 47
OWN = 15
EXAMINES = 16


def home(viewer: Viewer) -> Sequence[Panel]:
    """A card for who runs OSCEs, with how many stations and exams wait for them to read; two queries."""
    if viewer.hat is None or Permission.RUN_OSCES not in viewer.hat.role.permissions:
        return []
    waiting = {
        "stations": len(stations.waiting(viewer.me)),
        "exams": len(exams.waiting(viewer.me)),
    }
    return [Panel(OSCES, "osces/panel.html", waiting)]


def examines(viewer: Viewer) -> Sequence[Panel]:
    """The exams that come at which somebody examines, and those that were whose stations they can rate; one query, or two."""
    if viewer.person is None:
        return []
    today = clock.today()
    since = today - timedelta(days=judging.ASKED_DAYS)
    found = station.examined(viewer.person, viewer.me, since)
    exams = [one for one in found if one.day >= today]
    judged = judging.undecided([one for one in found if one.day < today])
    context = {"exams": exams, "judged": judged}
    return [Panel(EXAMINES, "osces/marking/panel.html", context)] if exams or judged else []


def own(viewer: Viewer) -> Sequence[Panel]:
    """When and where a student's coming exams begin, and under which number; two queries, for a student alone."""
    if viewer.hat is None or viewer.hat.role != STUDENT:
        return []
    coming = day.coming(viewer.me)
    return [Panel(OWN, "osces/own_panel.html", {"coming": coming})] if coming else []
