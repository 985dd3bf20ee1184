"""A student's own pages: shifts, day notes, weeks and what is planned."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from placements.models import Placement
from placements.student_queries import own_placements
from school.people.models import Person


def student(request: HttpRequest) -> tuple[Person, list[Placement]]:
    """Who is signed in, and their placements."""
    person = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    return person, own_placements(person)


def no_placement(request: HttpRequest, title: str) -> HttpResponse:
    """The page of somebody who is on no placement: it says what will appear."""
    return render(request, "placements/student/none.html", {"title": title})


def placement_by(own: Sequence[Placement], uuid: object) -> Placement | None:
    """One's own placement by its UUID."""
    return next((row for row in own if str(row.uuid) == str(uuid)), None)
