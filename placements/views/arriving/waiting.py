"""Who begins within a fortnight, or has begun, and still lacks something; the list as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from placements import arriving_queries as queries
from placements.views.coordinator import demand
from school.core.files import writing
from school.people.middleware import Viewer

PAGE = 25
COLUMNS = ("Student", "Student number", "Site", "First day", "Last day", "Missing", "Runs out")
SAID = "begins within 14 days or has begun, and lacks a check or an induction"


def _watcher(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    demand(queries.may_see_who_is_not_ready(viewer))
    return viewer


@require_safe
def not_ready(request: HttpRequest) -> HttpResponse:
    """The students who lack something, the earliest first day first."""
    page = Paginator(queries.not_ready(_watcher(request)), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "csv": reverse("not_ready_file", args=["csv"]),
        "xlsx": reverse("not_ready_file", args=["xlsx"]),
    }
    return render(request, "placements/arriving/not_ready.html", context)


@require_safe
def not_ready_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file; everybody in it gets a row in the access log."""
    viewer = _watcher(request)
    if format not in writing.FORMATS:
        raise Http404
    rows = queries.not_ready(viewer)
    viewer.opened(*(row.placement.enrolment.person for row in rows))
    about = writing.About(title="Students who are not ready for their placement", filtered=SAID)
    return writing.table_response("not-ready", COLUMNS, map(_cells, rows), about, format)


def _cells(row: queries.Readiness) -> tuple[Any, ...]:
    placed = row.placement
    return (
        placed.enrolment.person.name,
        placed.enrolment.student_number,
        placed.site.name,
        placed.starts,
        placed.ends,
        "; ".join(row.missing),
        "; ".join(row.running_out),
    )
