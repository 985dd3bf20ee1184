"""What the pages of CPD have in common: whose it is, and which activity."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from logbooks.cpd import policies
from logbooks.cpd.models import Activity
from school.people.middleware import Viewer
from school.people.models import Person


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking."""
    return request.viewer  # type: ignore[attr-defined]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; an account without a person has no CPD."""
    person = viewer_of(request).person
    if person is None:
        raise Http404
    return person


def own_activity(request: HttpRequest, activity: UUID) -> Activity:
    """One of the viewer's own activities; 404 for everybody else's."""
    return get_object_or_404(policies.activities(viewer_of(request)), uuid=activity)
