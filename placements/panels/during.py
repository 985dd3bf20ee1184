"""Cards about what happens during a placement: meetings that wait or are due, concerns, and what a student needs."""

from collections.abc import Sequence
from typing import Any

from placements import concerns_queries, meetings_queries, reasonable_adjustments_queries
from placements.models import Placement
from placements.panels.student import placement_of_year
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import Permission

CONCERNS, MEETINGS, STUDENT = 6, 12, 25
NEEDS = 5

TAKE_PART = {
    Permission.DECIDE_SUPERVISED_HOURS,
    Permission.DECIDE_SITE_HOURS,
    Permission.FOLLOW_STUDENTS,
}


def home(viewer: Viewer) -> Sequence[Panel]:
    """The cards of the hat that is worn; concerns show under every hat of their readers."""
    if viewer.person is None or viewer.hat is None:
        return []
    worn = viewer.hat.role.permissions
    if Permission.LOG_OWN_HOURS in worn:
        return _student(viewer.person)
    me = viewer.me
    found = []
    if worn & TAKE_PART:
        waiting = list(meetings_queries.waiting(viewer, me)[: meetings_queries.SHOWN + 1])
        due = meetings_queries.to_write(me)
        if waiting or due:
            context = {
                "waiting": [_waits(row) for row in waiting[: meetings_queries.SHOWN]],
                "more": len(waiting) > meetings_queries.SHOWN,
                "due": due,
            }
            found.append(Panel(MEETINGS, "placements/meetings/panel_home.html", context))
    count = concerns_queries.still_open(me).count()
    if count:
        found.append(Panel(CONCERNS, "placements/concerns/panel_home.html", {"count": count}))
    return found


def _waits(row: Any) -> dict[str, Any]:
    return {
        "uuid": row.entry.uuid,
        "title": row.get_meeting_kind_display().capitalize(),
        "student": row.placement.enrolment.person.name,
    }


def _student(person: Person) -> list[Panel]:
    """The student's own placement, in one query: their first page has many others.

    A concern about a placement that was withdrawn is still theirs to read.
    """
    rows = meetings_queries.own(person)
    concerns = any(row.has_concern for row in rows)  # type: ignore[attr-defined]
    there = [row for row in rows if row.state != Placement.State.WITHDRAWN]
    if not there and not concerns:
        return []
    context = {
        "here": placement_of_year(there or rows).uuid,
        "waiting": [row.waiting for row in there if row.waiting],  # type: ignore[attr-defined]
        "due": meetings_queries.unwritten(there),
        "concerns": concerns,
    }
    return [Panel(STUDENT, "placements/meetings/panel_student.html", context)]


def person(viewer: Viewer, shown: Person) -> Sequence[Panel]:
    """On a person's page: what they need, for those to whom they consent."""
    needs = reasonable_adjustments_queries.of_people(viewer, [shown.uuid])
    if not needs:
        return []
    context = {"needs": needs[shown.uuid].words}
    return [Panel(NEEDS, "placements/reasonable_adjustments/panel_person.html", context)]
