"""A School educator's own pages: courses with their versions, and events with those who come."""

from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from school.core.errors import DomainError
from school.courses import policies
from school.courses.views import demand, refuse, signed_in
from school.people.middleware import Viewer
from school.people.models import Person

PAGE = 25
NOT_TYPED = ("csrfmiddlewaretoken", "check", "change", "publish")


def teacher(request: HttpRequest) -> tuple[Viewer, Person]:
    """Who looks after courses and events; 403 for everybody else."""
    viewer, person = signed_in(request)
    demand(policies.may_teach(viewer))
    return viewer, person


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page of a list that is asked for."""
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def files_of(request: HttpRequest, name: str, *args: object) -> dict[str, str]:
    """Where the same list is taken away as a file, narrowed as the page is."""
    query = request.GET.copy()
    query.pop("page", None)
    encoded = f"?{query.urlencode()}" if query else ""
    return {kind: reverse(name, args=[*args, kind]) + encoded for kind in ("csv", "xlsx")}


def typed(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """What was typed, for a page that shows it again before it is done."""
    return [(name, values) for name, values in request.POST.lists() if name not in NOT_TYPED]


def took(form: forms.Form, error: DomainError, **fields: str) -> int:
    """Put what a rule said at its field, which `fields` may call otherwise than the action does."""
    error.field = fields.get(error.field, error.field)
    return refuse(form, error)
