"""On somebody's first page: a student's new result, appeals that wait, and where an external examiner reads."""

from collections.abc import Sequence
from datetime import timedelta

from logbooks.osces.release import queries
from school.core import clock
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

RESULT, APPEALS, READING = 16, 46, 47
# A result stays on the first page for so many days.
NEWS_DAYS = 30


def home(viewer: Viewer) -> Sequence[Panel]:
    """A card for what somebody's hat lets them do; one query."""
    allowed = viewer.hat.role.permissions if viewer.hat else frozenset()
    if Permission.LOG_OWN_HOURS in allowed:
        since = clock.now() - timedelta(days=NEWS_DAYS)
        rows = queries.results_of(viewer.me).filter(released__entry__recorded_at__gte=since)
        found = list(rows)
        return [Panel(RESULT, "osces/release/panel_result.html", {"outcomes": found})] if found else []  # fmt: skip
    if Permission.RUN_OSCES in allowed:
        waiting = queries.unanswered()
        return [Panel(APPEALS, "osces/release/panel_appeals.html", {"waiting": waiting})] if waiting else []  # fmt: skip
    if Permission.READ_OSCES in allowed:
        return [Panel(READING, "osces/release/panel_reader.html")]
    return []
