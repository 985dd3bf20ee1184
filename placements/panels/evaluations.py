"""On a student's home: the placement that waits for their evaluation; for educators and the School, the way to the figures."""

from placements import evaluations_queries as queries
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.queries import sites_in
from school.people.roles import PRACTICE_EDUCATOR, Permission

WAITING, FIGURES = 15, 40


def panels(viewer: Viewer) -> list[Panel]:
    """The card of the hat that is worn."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    if Permission.LOG_OWN_HOURS in worn:
        waiting = list(queries.to_evaluate(viewer.person))
        if waiting:
            return [Panel(WAITING, "placements/evaluations/_home.html", {"waiting": waiting})]
    if Permission.READ_EVALUATIONS in worn:
        return [Panel(FIGURES, "placements/evaluations/_figures.html", {"all": True})]
    if viewer.hat.role == PRACTICE_EDUCATOR:
        sites = list(sites_in(viewer.hat.scope).order_by("name"))
        if sites:
            return [Panel(FIGURES, "placements/evaluations/_figures.html", {"sites": sites})]
    return []
