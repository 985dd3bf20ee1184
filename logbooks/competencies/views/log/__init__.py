"""The log of examinations: a student's own pages, and what those who may open their log book read."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from logbooks.competencies import log_queries, policies
from logbooks.competencies.models import LogEntry
from placements.models import Enrolment, Placement
from placements.student_queries import own_placements, taking_shifts
from school.core import clock
from school.people.models import Person


def student(request: HttpRequest) -> tuple[Person, list[Placement]]:
    """Who is signed in, and their placements that have begun or begin yet; those that never took place are left out."""
    person = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    own = taking_shifts(own_placements(person, writing=request.method == "POST"))
    for row in own:
        if row.enrolment.person_id == person.pk:
            row.enrolment.person = person
    return person, own


def begun(own: list[Placement]) -> list[Placement]:
    """The placements that examinations can be logged on today."""
    return [row for row in own if row.starts <= clock.today()]


def opened(request: HttpRequest, uuid: UUID) -> Enrolment:
    """An enrolment whose log book the viewer may open; 404 for everybody else."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = policies.enrolments(viewer).select_related("person", "cohort__programme")
    found = get_object_or_404(rows, uuid=uuid)
    viewer.opened(found.person)
    return found


def own_entry(own: list[Placement], uuid: UUID) -> LogEntry:
    """One of the student's own entries, ready to be written about; 404 for anybody else's."""
    mine = {row.enrolment_id for row in own}
    found = log_queries.entry(Enrolment.objects.filter(pk__in=mine), uuid)
    if found is None:
        raise Http404
    return found
