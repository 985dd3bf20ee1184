"""On somebody's first page: what is next in a student's log book, what waits for an assessor, the cohorts one follows, and the frameworks one keeps."""

from collections.abc import Sequence

from logbooks.competencies import (
    assessing_queries,
    assessors,
    cohort_queries,
    frameworks_queries,
    queries,
)
from logbooks.competencies.models import CurrentCompetency
from placements import policies as placing
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import SITE_LEAD, Permission

WAITING, STUDENT, COHORTS, FRAMEWORKS = 9, 12, 45, 46
# As many attempts that wait for a second assessor as are named.
SECONDS = 3
SIGN = {Permission.DECIDE_SUPERVISED_HOURS, Permission.DECIDE_SITE_HOURS}
State = CurrentCompetency.State


def home(viewer: Viewer) -> Sequence[Panel]:
    """The cards of the hat that is worn, each in at most two queries."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    found = []
    if Permission.LOG_OWN_HOURS in worn:
        found.append(_student(viewer))
    if SIGN & worn:
        found.append(_assessor(viewer))
    if Permission.FOLLOW_STUDENTS in worn:
        cohorts = list(cohort_queries.cohorts(viewer))
        if cohorts:
            found.append(Panel(COHORTS, "competencies/panel_cohorts.html", {"cohorts": cohorts}))
    if Permission.KEEP_LOG_BOOKS in worn:
        drafts = list(frameworks_queries.open_drafts())
        template = "competencies/panel_frameworks.html"
        found.append(Panel(FRAMEWORKS, template, {"drafts": drafts}))
    return found


def _student(viewer: Viewer) -> Panel:
    rows = (
        queries.asked(CurrentCompetency.objects.filter(enrolment__person__in=viewer.me))
        .exclude(state=State.NOT_APPLICABLE)
        .order_by("competency__position")
        .values_list("state", "request", "competency__code")
    )
    told = list(rows)
    context = {
        "back": [
            code
            for state, asked, code in told
            if state in (State.RETURNED, State.REVOKED) and not asked
        ],
        "waiting": sum(asked is not None for _, asked, _ in told),
        "achieved": sum(state == State.ACHIEVED for state, _, _ in told),
    }
    return Panel(STUDENT, "competencies/panel_student.html", context)


def _assessor(viewer: Viewer) -> Panel:
    led = [hat.scope.pk for hat in viewer.hats if hat.role == SITE_LEAD]
    if len(viewer.me) > 1:
        led = placing.led_by(viewer.me)
    context = {
        "waiting": assessors.waiting_for(viewer.me, led).count(),
        "seconds": list(assessing_queries.waiting_for(viewer.me, led)[:SECONDS]),
    }
    return Panel(WAITING, "competencies/panel_assessor.html", context)
