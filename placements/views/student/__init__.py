"""A student's own pages: shifts, day notes, weeks and what is planned."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from placements.models import Placement, PlannedShift
from placements.student_queries import own_placements
from school.core import days
from school.people.models import Person


def student(request: HttpRequest) -> tuple[Person, list[Placement]]:
    """Who is signed in, and their placements."""
    person = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    return person, own_placements(person, writing=request.method == "POST")


def no_placement(request: HttpRequest, title: str) -> HttpResponse:
    """The page of somebody who is on no placement: it says what will appear; nothing can be sent to it."""
    if request.method == "POST":
        raise Http404
    return render(request, "placements/student/none.html", {"title": title})


def placement_by(own: Sequence[Placement], uuid: object) -> Placement | None:
    """One's own placement by its UUID."""
    return next((row for row in own if str(row.uuid) == str(uuid)), None)


def uuid_of(typed: str | None) -> UUID | None:
    """The UUID that an address or a hidden field holds, if it holds one."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def times_of(row: PlannedShift) -> dict[str, Any]:
    """A planned shift's times as a form begins with them."""
    return {
        "start": days.local(row.start).time(),
        "end": days.local(row.end).time(),
        "break_minutes": row.break_minutes,
    }


def asked_day(request: HttpRequest) -> date | None:
    """The day that the address asks for, if it is one."""
    return days.from_address(request.GET.get("day", ""))
