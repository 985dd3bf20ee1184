"""On somebody's first page: how much waits for a practice educator, and whom a student's link did not reach."""

from collections.abc import Sequence

from placements import confirmation_links, policies
from placements.models import CurrentShift
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

FAILED, WAITING = 5, 10
DECIDE = {Permission.DECIDE_SUPERVISED_HOURS, Permission.DECIDE_SITE_HOURS}


def panels(viewer: Viewer) -> Sequence[Panel]:
    """The cards of the hat that is worn."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    if DECIDE & worn:
        waiting = policies.inbox(viewer.person).filter(state=CurrentShift.State.AWAITING)
        context = {
            "waiting": waiting.count(),
            "may_name": Permission.DECIDE_SUPERVISED_HOURS in worn,
        }
        return [Panel(WAITING, "placements/educator/_home.html", context)]
    if Permission.LOG_OWN_HOURS in worn:
        failed = confirmation_links.failed_of(viewer.person)
        if failed:
            return [Panel(FAILED, "placements/links/_failed.html", {"failed": failed})]
    return []
