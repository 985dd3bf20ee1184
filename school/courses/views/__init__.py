"""Pages about courses, events and places, and what they share: who acts, and how a refusal is shown."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from school.core.decision import Decision
from school.core.errors import DomainError
from school.people.middleware import Viewer
from school.people.models import Person


def looking(request: HttpRequest) -> Viewer:
    """Who is looking at a page; a visitor, too."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def signed_in(request: HttpRequest) -> tuple[Viewer, Person]:
    """Who is looking, and as which person; 403 for an account that belongs to nobody."""
    viewer = looking(request)
    if viewer.person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    return viewer, viewer.person


def demand(decision: Decision) -> None:
    """Answer 403 with the reason when a policy refuses."""
    if not decision:
        raise PermissionDenied(decision.reason)


def status_of(form: forms.Form, status: int = 200) -> int:
    """The status of a form's page: 422 when something typed is refused."""
    return 422 if status == 200 and form.is_bound and form.errors else status


def refuse(form: forms.Form, error: DomainError) -> int:
    """Put what a rule said at its field, or above the form; answers with the status of the page."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return error.status
