"""On somebody's first page: what is missing before the first day, and what a radiation protection supervisor reads."""

from placements import arriving_queries as queries
from placements.arriving_lines import tasks_of
from school.core import days
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.models import Scope, Site
from school.people.roles import Permission

READY, NOT_READY, RADIATION = 15, 15, 10


def panels(viewer: Viewer) -> list[Panel]:
    """What is missing before the first day: one's own, or that of whom one places or has at one's site."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    if Permission.LOG_OWN_HOURS in worn:
        return _own(viewer)
    return _not_ready(viewer) if Permission.RUN_SITE in worn else []


def radiation(viewer: Viewer) -> list[Panel]:
    """The way to what a radiation protection supervisor reads; it says nothing of whether there is anything."""
    if viewer.hat is None or Permission.PROTECT_FROM_RADIATION not in viewer.hat.role.permissions:
        return []
    return [Panel(RADIATION, "placements/radiation/panel.html")]


def _own(viewer: Viewer) -> list[Panel]:
    """The placement that comes next, else the one that goes on: in full until it has begun and nothing is lacking."""
    rows = queries.to_come(viewer.person)  # type: ignore[arg-type]
    if not rows:
        return []
    shown = next((row for row in rows if row.missing), None)
    shown = shown or next((row for row in rows if not row.started), rows[0])
    settled = shown.started and not shown.missing and not shown.running_out
    count = len(shown.missing)
    title = f"{count} thing{'' if count == 1 else 's'} missing for your placement"
    if not count:
        title = "Ready for your placement" if shown.started else "Ready for your first day"
    context = {
        "title": title,
        "placement": shown.placement,
        "tasks": [] if settled else tasks_of(shown),
    }
    return [Panel(READY, "placements/arriving/panel_student.html", context)]


def _not_ready(viewer: Viewer) -> list[Panel]:
    rows = queries.not_ready(viewer)
    worn = viewer.hat.scope if viewer.hat else None
    led = worn is not None and worn.kind == Scope.Kind.SITE
    count = len(rows)
    title = f"{count} student{'' if count == 1 else 's'} not ready for the placement"
    first = ""
    if rows:
        placed = rows[0].placement
        begins = "began" if rows[0].started else "begins"
        first = f"The first {begins} on {days.long_date(placed.starts)} at {placed.site.name}."
    context = {
        "title": title if count else "Everybody is ready for the placement",
        "count": count,
        "first": first,
        "sites": list(Site.objects.filter(scope=worn)) if led else [],
    }
    return [Panel(NOT_READY, "placements/arriving/panel_not_ready.html", context)]
