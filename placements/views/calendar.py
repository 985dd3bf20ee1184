"""The calendar of who is where, as a page and as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from placements import calendar_queries as queries
from placements import calendar_weeks, listed_students, policies
from placements.calendar_queries import COHORT, SITES, VIEWS, WEEK
from placements.forms.calendar import CalendarForm
from placements.views.coordinator import watcher
from school.core import clock, days
from school.core.files import writing
from school.people.middleware import Viewer
from school.people.models import Site

PAGE = 50
FILTERS = ("region", "site", "cohort", "year", "weeks")


def calendar(request: HttpRequest) -> HttpResponse:
    """Who is where over twelve weeks: by site with its free places, by each site's students, or by cohort."""
    viewer = watcher(request)
    form = _form(request, viewer)
    asked = form.asked()
    page: Any = None
    if asked.view == SITES:
        page = Paginator(queries.placements(viewer, asked), PAGE).get_page(request.GET.get("page"))
        groups = queries.site_rows(asked, queries.read(page.object_list))
    elif asked.view == COHORT:
        page = Paginator(queries.enrolments(viewer, asked), PAGE).get_page(request.GET.get("page"))
        groups = queries.cohort_rows(viewer, asked, list(page.object_list))
    else:
        found = calendar_weeks.sites_by_week(viewer, asked, form.wanted_sites(asked))
        groups = calendar_weeks.week_rows(asked, found)
    today = clock.today()
    context = {
        "today": today,
        "form": form,
        "asked": asked,
        "heading": f"{days.long_date(asked.first)} to {days.long_date(asked.last)}",
        "filtered": any(request.GET.get(name) for name in FILTERS),
        "said": form.said(asked),
        "views": [
            {"words": words, "url": _to(request, view=view), "current": view == asked.view}
            for view, words in VIEWS.items()
        ],
        "ways": [
            {"words": words, "url": _to(request, **{"from": first.isoformat()})}
            for words, first in (
                ("Earlier", asked.first - asked.weeks * WEEK),
                ("This week", days.monday(today)),
                ("Later", asked.first + asked.weeks * WEEK),
            )
        ],
        "weeks": [
            {
                "day": monday.day,
                "month": monday.strftime("%b"),
                "now": monday <= today < monday + WEEK,
            }
            for monday in asked.mondays
        ],
        "columns": asked.weeks + 1,
        "groups": groups,
        "page": page,
        "leads_to": "person" if page else "site_places",
        "may_place": bool(policies.may_place_students(viewer)),
        "csv": _file(request, "csv"),
        "xlsx": _file(request, "xlsx"),
    }
    return render(request, "placements/calendar/calendar.html", context)


def calendar_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file: a line for each site and week, or for each placement."""
    viewer = watcher(request)
    if format not in writing.FORMATS:
        raise Http404
    form = _form(request, viewer)
    asked = form.asked()
    viewer.opened(*queries.students_of(viewer, asked))
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    if asked.view in (SITES, COHORT):
        stays = queries.placements(viewer, asked)
        if asked.view == COHORT:
            stays = stays.order_by("enrolment__cohort__name", "enrolment__person__name", "starts")
        columns, rows = queries.COLUMNS, queries.stay_cells(queries.read(stays))
    else:
        found = calendar_weeks.sites_by_week(viewer, asked, form.wanted_sites(asked), whole=True)
        columns, rows = calendar_weeks.COLUMNS, calendar_weeks.week_cells(asked, found)
    about = writing.About(
        title="Who is where",
        filtered=f"{days.long_date(asked.first)} to {days.long_date(asked.last)}, {form.said(asked)}",
        definition="Places free: of those offered in the week, the number free on every day of it.",
    )
    return writing.table_response("calendar", columns, rows, about, format)


def _form(request: HttpRequest, viewer: Viewer) -> CalendarForm:
    cohorts = listed_students.cohorts(viewer).order_by("-name").values_list("name", flat=True)
    sites = Site.objects.order_by("name")
    return CalendarForm(request.GET, sites=list(sites), cohorts=list(cohorts.distinct()))


def _to(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _file(request: HttpRequest, format: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return reverse("calendar_file", args=[format]) + (f"?{query.urlencode()}" if query else "")
