"""What the School sees of CPD: windows, who asked for help, and figures without names."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logbooks.cpd import policies, school_queries
from logbooks.cpd.aggregate import THRESHOLD, Line, Table
from logbooks.cpd.forms.sharing import YearForm
from logbooks.cpd.learning import Learning
from logbooks.cpd.views.common import person_of, viewer_of
from school.core import clock, days
from school.core.errors import NotAllowed
from school.core.files.writing import FORMATS, About, table_response
from school.core.forms import sentence

HEADINGS = [sentence(one.words) for one in Learning]
COLUMNS = ("site", "people", "activities", "hours", *(f"hours of {one.words}" for one in Learning))
HIDDEN = "hidden"


@never_cache
@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Whose window is open or opens next, who asked for help, and hours and types by site."""
    _may(request)
    today = clock.today()
    form = YearForm(request.GET or None, this_year=today.year, initial={"year": today.year})
    year = form.chosen()
    known = school_queries.network(today)
    found = school_queries.figures(known, year)
    context = {
        "form": form,
        "year": year,
        "windows": school_queries.windows(known, today),
        "askers": school_queries.askers(known),
        "headings": HEADINGS,
        "threshold": THRESHOLD,
        "lines": [_cells(line) for line in _lines(found)],
        "files": {
            name: f"{reverse('cpd_school_file', args=[name])}?year={year}" for name in FORMATS
        },
    }
    return render(request, "cpd/school.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The figures by site as CSV or XLSX."""
    _may(request)
    if format not in FORMATS:
        raise Http404
    today = clock.today()
    year = YearForm(request.GET, this_year=today.year).chosen()
    found = school_queries.figures(school_queries.network(today), year)
    about = About(
        title="CPD by site",
        filtered=f"activities that began in {year}",
        definition=f"People stand at the site of their post today. Figures of fewer than {THRESHOLD} people are hidden or put together.",
    )
    return table_response("cpd-by-site", COLUMNS, _rows(found), about, format)


def _may(request: HttpRequest) -> None:
    person_of(request)
    if not policies.may_follow(viewer_of(request).hats):
        raise NotAllowed("Only those who follow CPD for the School see this.")


def _lines(found: Table) -> list[Line]:
    return [*found.lines, found.total] if found.total else []


def _cells(line: Line) -> dict[str, Any]:
    return {"line": line, "cells": list(zip(HEADINGS, line.by_type.values(), strict=True))}


def _rows(found: Table) -> Iterator[Sequence[Any]]:
    for line in _lines(found):
        hours = [HIDDEN if one is None else days.in_hours(one) for one in line.by_type.values()]
        yield (line.title, line.people, line.activities, days.in_hours(line.minutes), *hours)
