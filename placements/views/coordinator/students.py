"""The coordinator's overview and the list of students, and the list as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from placements import coordinator_queries as overview
from placements import listed_students as listed
from placements import policies
from placements.forms.coordinator import StudentsFilterForm
from placements.listed_students import Student, Wanted
from placements.views.coordinator import watcher
from school.core import charts, clock, days
from school.core.charts import Bullet
from school.core.files import writing
from school.people.middleware import Viewer

PAGE = 25
CHUNK = 500
FILTERS = ("q", "year", "site", "cohort", "state", "behind")
HEADS = (
    ("name", "Student", False),
    ("", "Year", False),
    ("site", "Site", False),
    ("ends", "Placement", False),
    ("hours", "Confirmed, h", True),
    ("", "Awaiting, h", True),
    ("behind", "Behind, h", True),
    ("waiting", "Waits since", False),
)
COLUMNS = (
    "Student", "Student number", "Cohort", "Year", "Site", "First day", "Last day", "State",
    "Confirmed, hours", "Awaiting, hours", "Queried, hours", "Counted, hours", "Needed, hours",
    "Expected by today, hours", "Behind, hours", "Waits since",
)  # fmt: skip


def students(request: HttpRequest) -> HttpResponse:
    """What needs the coordinator today, and everybody in scope; filtered, it is the list alone.

    Looking leaves no row in the access log: names and totals stand here, and a record is opened from here.
    """
    viewer = watcher(request)
    form, wanted = asked(request)
    filtered = any(request.GET.get(name) for name in FILTERS)
    first = not filtered and request.GET.get("page", "1") == "1"
    figures = overview.figures(viewer) if not filtered else None
    page = page_of(request, viewer, wanted, figures)
    rows = rows_of(wanted, page.object_list)
    heading = "Students"
    if figures and figures.students:
        heading = figures.said
    query = request.GET.copy()
    query.pop("page", None)
    encoded = f"?{query.urlencode()}" if query else ""
    context: dict[str, Any] = {
        "heading": heading,
        "today": clock.today(),
        "form": form,
        "filtered": filtered,
        "said": form.said(wanted),
        "page": page,
        "rows": rows,
        "heads": heads_of(request, wanted, HEADS),
        "by_enrolment": wanted.by_enrolment,
        "may_place": bool(policies.may_place_students(viewer)),
        "csv": reverse("students_file", args=["csv"]) + encoded,
        "xlsx": reverse("students_file", args=["xlsx"]) + encoded,
    }
    if first and figures:
        context |= _overview(viewer, figures)
    return render(request, "placements/coordinator/students.html", context)


def students_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The list as a file: every row of the same filter, which the file states.

    It takes hours away, so that everybody in it gets a row in the access log.
    """
    viewer = watcher(request)
    if format not in writing.FORMATS:
        raise Http404
    form, wanted = asked(request)
    viewer.opened(*listed.everybody(viewer, wanted))
    about = writing.About(
        title="Students and their placements",
        filtered=form.said(wanted),
        definition="Behind: confirmed and awaiting hours together are 15 hours or more under what the "
        "placement plan expects by today. Counted: confirmed, brought forward and adjusted.",
    )
    return writing.table_response(
        "students", COLUMNS, map(_cell_row, every_row(viewer, wanted)), about, format
    )


def asked(request: HttpRequest) -> tuple[StudentsFilterForm, Wanted]:
    """The filters of the list and what they ask for."""
    sites, cohorts = listed.choices(request.viewer)  # type: ignore[attr-defined]
    form = StudentsFilterForm(request.GET, sites=sites, cohorts=cohorts)
    return form, form.wanted()


class _Counted(Paginator[Any]):
    """A page of a list whose length is known already."""

    def __init__(self, rows: Any, count: int | None) -> None:
        super().__init__(rows, PAGE)
        if count is not None:
            self.__dict__["count"] = count


def page_of(
    request: HttpRequest, viewer: Viewer, wanted: Wanted, figures: overview.Figures | None
) -> Any:
    """A page of what is listed; `figures` have counted it already when nothing is filtered."""
    if wanted.by_enrolment:
        found: Any = listed.listed_enrolments(viewer, wanted).select_related("person", "cohort")
    else:
        found = listed.listed_placements(viewer, wanted)
    known = figures.students if figures else None
    return _Counted(found, known).get_page(request.GET.get("page"))


def rows_of(wanted: Wanted, found: Any) -> list[Student]:
    """The lines of what a page holds."""
    return listed.enrolled(found) if wanted.by_enrolment else listed.page(found, wanted)


def heads_of(
    request: HttpRequest, wanted: Wanted, titles: Sequence[tuple[str, str, bool]]
) -> list[dict[str, Any]]:
    """The heads of the list's columns; those that it can be sorted by lead to it sorted."""
    heads = []
    for key, label, numeric in titles:
        query = request.GET.copy()
        query.pop("page", None)
        query["sort"] = key
        sortable = key and not wanted.by_enrolment
        heads.append(
            {
                "label": label,
                "numeric": numeric,
                "url": f"?{query.urlencode()}" if sortable else "",
                "sorted": bool(sortable) and key == wanted.sort,
            }
        )
    return heads


def _overview(viewer: Viewer, figures: overview.Figures) -> dict[str, Any]:
    breaches, shown = overview.breaches_today(viewer)
    planned = overview.to_confirm(viewer)
    years = ", ".join(f"{count} in year {year}" for year, count in figures.years)
    behind = [Late.of(row) for row in overview.who_is_behind(figures)]
    return {
        "overview": True,
        "figures": [
            {
                "label": "On placement today",
                "value": figures.students,
                "of": f"at {figures.sites} {'site' if figures.sites == 1 else 'sites'}",
                "note": years,
            },
            {
                "label": "Behind plan",
                "value": figures.behind,
                "of": f"of {figures.students}",
                "note": "by 15 hours or more",
                "url": "?behind=on&sort=behind" if figures.behind else "",
            },
            {
                "label": "Shifts that break an hours rule",
                "value": breaches,
                "note": "sent today",
            },
            {
                "label": "Placements to confirm",
                "value": f"{len(planned)}{'+' if len(planned) == overview.MOST else ''}",
                "note": f"the first begins on {days.long_date(planned[0]['starts'])}"
                if planned
                else "none is planned",
            },
        ],
        "behind": behind,
        "more_behind": figures.behind - len(behind),
        "waiting": overview.waits_longest(viewer),
        "breaches": shown,
        "more_breaches": breaches - len({(one.person, *at) for one in shown for at in one.shifts}),
        "links": overview.failed_links(viewer),
        "planned": planned[: overview.SHOWN],
    }


@dataclass(frozen=True, slots=True)
class Late:
    """Somebody who is behind, with the bar that shows it."""

    student: Student
    bar: Bullet

    @classmethod
    def of(cls, row: Student) -> "Late":
        bar = charts.bullet(
            who=row.name,
            confirmed=row.counted,
            awaiting=row.awaiting,
            expected=row.expected,
            needed=row.needed,
        )
        return cls(row, bar)


def every_row(viewer: Viewer, wanted: Wanted) -> Iterator[Student]:
    """Every line of the list, read in pieces."""
    if wanted.by_enrolment:
        everybody = listed.listed_enrolments(viewer, wanted).select_related("person", "cohort")
        start = 0
        while chunk := list(everybody[start : start + CHUNK]):
            yield from listed.enrolled(chunk)
            start += CHUNK
        return
    yield from listed.students(listed.listed_placements(viewer, wanted))


def _cell_row(row: Student) -> Sequence[Any]:
    figures = (row.confirmed, row.awaiting, row.queried, row.counted, row.needed, row.expected, row.behind)  # fmt: skip
    hours = [round(minutes / 60, 2) if row.placement else None for minutes in figures]
    return (row.name, row.number, row.cohort, row.year, row.site, row.starts, row.ends, row.state, *hours, row.oldest_waiting)  # fmt: skip
