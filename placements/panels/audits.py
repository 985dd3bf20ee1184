"""On the home of those who arrange places: sites whose audit ends; of those who run sites: what an audit asked for and is late."""

from placements import audits_queries as queries
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

AUDITS = 35


def panels(viewer: Viewer) -> list[Panel]:
    """The card of the hat that is worn; none when nothing is to do."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    if Permission.RUN_SITE not in worn:
        return []
    places = Permission.PLACE_STUDENTS in worn
    ending = queries.ending_soon(viewer) if places else 0
    late = list(queries.overdue_actions(viewer).select_related("audit__site")[:5])
    if not ending and not late:
        return []
    context = {"ending": ending, "late": late}
    return [Panel(AUDITS, "placements/audits/_home.html", context)]
