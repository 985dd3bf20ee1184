"""The tutor's list: the students of a programme or cohort, who is behind and why, and when they were visited.

A page of its own beside the list of students, which it shares its filters, rows and sorting with. That
list is for whoever makes placements: it opens with what waits for a decision, and a row leads to a
placement. A tutor places nobody and decides about no hours: here a row says why, and leads to the record.
One page with both would ask eight questions more of the database for every hat, and show each half of
them nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from placements import coordinator_queries as overview
from placements import listed_students as listed
from placements import tutor_queries as queries
from placements.listed_students import Wanted
from placements.tutor_queries import Followed
from placements.views.coordinator.students import (
    CHUNK,
    FILTERS,
    asked,
    every_row,
    heads_of,
    page_of,
    rows_of,
)
from placements.views.tutor import follower
from school.core import clock, days
from school.core.files import writing
from school.people.middleware import Viewer
from school.people.roles import Permission

FOLLOW = Permission.FOLLOW_STUDENTS
HEADS = (
    ("name", "Student", False),
    ("site", "Where now", False),
    ("hours", "Hours of the year", True),
    ("behind", "Behind, h", True),
    ("waiting", "Why", False),
    ("", "Last visit", False),
)
COLUMNS = (
    "Student", "Student number", "Cohort", "Year", "Site", "First day", "Last day", "State",
    "Counted, hours", "Needed, hours", "Band to, hours", "Awaiting, hours", "Queried, hours",
    "Expected by today, hours", "Behind, hours", "Waits since", "Why", "Last visit",
)  # fmt: skip
DEFINITION = (
    "Counted: confirmed, brought forward and adjusted. Behind: confirmed and awaiting hours together are "
    "15 hours or more under what the placement plan expects by today; nobody is behind while studies are "
    "interrupted, and nothing is expected of those days. Why: derived from what is recorded."
)


def tutor(request: HttpRequest) -> HttpResponse:
    """The students whom the viewer follows, those on placement now unless asked otherwise."""
    viewer = follower(request)
    form, wanted = _asked(request)
    filtered = any(request.GET.get(name) for name in FILTERS)
    figures = None if filtered else overview.figures(viewer, FOLLOW)
    page = page_of(request, viewer, wanted, figures)
    query = request.GET.copy()
    query.pop("page", None)
    encoded = f"?{query.urlencode()}" if query else ""
    context: dict[str, Any] = {
        "heading": _heading(figures),
        "today": clock.today(),
        "form": form,
        "filtered": filtered,
        "behind": bool(figures and figures.behind),
        "may_certify": viewer.may(Permission.CERTIFY_HOURS),
        "said": form.said(wanted),
        "page": page,
        "rows": [_shown(row) for row in queries.followed(rows_of(wanted, page.object_list))],
        "heads": heads_of(request, wanted, HEADS),
        "csv": reverse("tutor_file", args=["csv"]) + encoded,
        "xlsx": reverse("tutor_file", args=["xlsx"]) + encoded,
    }
    return render(request, "placements/tutor/students.html", context)


def tutor_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same list as a file; everybody in it gets a row in the access log."""
    viewer = follower(request)
    if format not in writing.FORMATS:
        raise Http404
    form, wanted = _asked(request)
    viewer.opened(*listed.everybody(viewer, wanted))
    about = writing.About("Students followed", form.said(wanted), DEFINITION)
    return writing.table_response("my-students", COLUMNS, _cells(viewer, wanted), about, format)


def _asked(request: HttpRequest) -> tuple[Any, Wanted]:
    form, wanted = asked(request)
    return form, replace(wanted, permission=FOLLOW)


def _heading(figures: overview.Figures | None) -> str:
    if not figures or not figures.students:
        return "My students"
    return figures.said


def _shown(row: Followed) -> dict[str, Any]:
    """A line with every word ready to be printed."""
    student = row.student
    band = days.in_hours(student.needed)
    if student.top > student.needed:
        band = f"{band} to {days.in_hours(student.top)}"
    return {
        "person": student.person,
        "enrolment": student.enrolment,
        "name": student.name,
        "number": f"{student.number}, {student.cohort}",
        "site": student.site,
        "span": student.span,
        "state": student.state,
        "year": student.year,
        "hours": f"{days.in_hours(student.counted)} of {band}" if student.placement else "",
        "awaiting": days.in_hours(student.awaiting) if student.awaiting else "",
        "behind": days.in_hours(student.behind) if student.behind else "",
        "why": [reason.words for reason in row.reasons],
        "last": row.last,
    }


def _cells(viewer: Viewer, wanted: Wanted) -> Iterator[Sequence[Any]]:
    everybody = every_row(viewer, wanted)
    while chunk := list(islice(everybody, CHUNK)):
        yield from map(_cell_row, queries.followed(chunk))


def _cell_row(row: Followed) -> Sequence[Any]:
    one = row.student
    figures = (one.counted, one.needed, one.top, one.awaiting, one.queried, one.expected, one.behind)  # fmt: skip
    hours = [round(minutes / 60, 2) if one.placement else None for minutes in figures]
    return (
        one.name, one.number, one.cohort, one.year, one.site, one.starts, one.ends, one.state,
        *hours, one.oldest_waiting, row.why, row.last,
    )  # fmt: skip
