"""A coordinator's pages, read-only for tutors, programme leads and site leads within their scopes."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from placements import policies
from school.core.decision import Decision
from school.core.forms import refuse as refuse
from school.people.middleware import Viewer
from school.people.models import Person


def demand(decision: Decision) -> None:
    """Answer 403 with the reason when a policy refuses."""
    if not decision:
        raise PermissionDenied(decision.reason)


def watcher(request: HttpRequest) -> Viewer:
    """Who is looking at several students' records; 403 for everybody else."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    demand(policies.may_watch_students(viewer))
    return viewer


def status_of(form: forms.Form, status: int = 200) -> int:
    """The status of a form's page: 422 when something typed is refused."""
    return 422 if status == 200 and form.is_bound and form.errors else status


def acting(viewer: Viewer) -> Person:
    """The person who acts; a policy has made sure that there is one."""
    assert viewer.person is not None
    return viewer.person
