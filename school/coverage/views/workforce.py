"""The workforce itself: who is in post, who came and went, from mobile to static, and who attended in a window."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from school.core import charts, days
from school.core.charts import Column
from school.core.files import writing
from school.core.share import Share
from school.courses.views import status_of
from school.coverage import asked_queries, attended, counting, workforce
from school.coverage.figures import CONVENTIONS, Policy, figures, said
from school.coverage.forms import LABELS, AttendedForm, ByForm
from school.coverage.models import Requirement
from school.coverage.policies import Sight
from school.coverage.states import Question
from school.coverage.views.common import percent_cell, seeing
from school.coverage.views.shown import Report
from school.coverage.workforce import Headcount, Month

MONTHS = 24
PEOPLE = (
    Column("People", numeric=True), Column("Whole-time equivalents", numeric=True),
    Column("Static crew", numeric=True), Column("Mobile crew", numeric=True),
    Column("A year before", numeric=True), Column("Growth, %", numeric=True),
    Column("Starters", numeric=True), Column("Leavers", numeric=True),
)  # fmt: skip
BY_MONTH = (
    Column("End of"), Column("People", numeric=True), Column("Static crew", numeric=True),
    Column("Mobile crew", numeric=True), Column("Whole-time equivalents", numeric=True),
)  # fmt: skip
CAME = (
    Column("Attended", numeric=True), Column("In post", numeric=True), Column("Per cent", numeric=True),
)  # fmt: skip


# In post -----------------------------------------------------------------------------------------


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Headcount and whole-time equivalents of a day by group, and the crews by month up to it."""
    _, sight = seeing(request)
    form = ByForm(request.GET)
    found = form.days()
    context: dict[str, Any] = {"form": form, "asked": found}
    if found:
        asked = Question(*found, sites=sight.sites)
        everybody, report = in_post(asked, form.group())
        by_month = months_of(asked)
        query = f"?{request.GET.urlencode()}"
        context |= {
            "everybody": everybody,
            "figures": _figures(everybody),
            "report": report,
            "months": by_month,
            "chart": _crews(by_month),
            "files": {
                table: {
                    format: reverse("workforce_file", args=[table, format]) + query
                    for format in writing.FORMATS
                }
                for table in ("people", "months")
            },
        }
    return render(request, "coverage/workforce/people.html", context, status=status_of(form))


@require_safe
def people_file(request: HttpRequest, table: str, format: str) -> HttpResponseBase:
    """One of the page's two tables as a file."""
    (_, sight), form = seeing(request), ByForm(request.GET)
    found = form.days()
    if format not in writing.FORMATS or table not in ("people", "months") or not found:
        raise Http404
    asked = Question(*found, sites=sight.sites)
    report = in_post(asked, form.group())[1] if table == "people" else months_of(asked)
    return report.file(format)


def in_post(asked: Question, by: str) -> tuple[Headcount, Report]:
    """Everybody, and the table by group."""
    everybody, found = workforce.headcounts(asked, by)
    called = asked_queries.names(by)
    rows = sorted((str(called.get(one.group, one.group)) or "None", _cells(one)) for one in found)
    label = LABELS[by]
    table = charts.Table(
        f"The workforce by {label.lower()}",
        [Column(label), *PEOPLE],
        [
            ["Everybody", *_cells(everybody)],
            *([name.capitalize() if by == "crew" else name, *cells] for name, cells in rows),
        ],
    )
    return everybody, Report("workforce", table, said(asked), workforce.CONVENTIONS)


def months_of(asked: Question) -> Report:
    """The people and crews of each month."""
    found = workforce.months(asked, MONTHS)
    table = charts.Table(
        "The workforce by month", BY_MONTH, [[_month(one, asked), *_counts(one)] for one in found]
    )
    return Report("workforce-by-month", table, said(asked), workforce.CONVENTIONS)


def _cells(one: Headcount) -> list[Any]:
    growth = "none before" if one.growth is None else one.growth
    return [one.people, one.whole_time, one.static, one.mobile, one.before, growth, one.starters, one.leavers]  # fmt: skip


def _counts(one: Month) -> list[Any]:
    return [one.people, one.static, one.mobile, workforce.whole_time(one.hundredths)]


def _month(one: Month, asked: Question) -> str:
    month = days.long_date(one.day).partition(" ")[2]
    return days.long_date(one.day) if one.day == asked.as_of else month


def _figures(one: Headcount) -> list[dict[str, Any]]:
    grown = "–" if one.growth is None else f"{one.growth:+d} %" if one.growth else "0 %"
    return [
        {"label": "People in post", "value": one.people, "note": f"{one.static} static, {one.mobile} mobile"},
        {"label": "Whole-time equivalents", "value": one.whole_time},
        {"label": "Growth in a year", "value": grown, "note": f"{one.before} a year before"},
        {"label": "Starters in the year", "value": one.starters},
        {"label": "Leavers in the year", "value": one.leavers},
    ]  # fmt: skip


def _crews(report: Report) -> charts.Columns:
    rows: Any = report.table.rows
    first, last = rows[0], rows[-1]
    return charts.columns(
        title=f"People on static and mobile scanners, {first[0]} to {last[0]}",
        desc=f"From {first[2]} static and {first[3]} mobile to {last[2]} static and {last[3]} mobile. "
        "Somebody on both is drawn on both.",
        kinds=("confirmed", "awaiting"),
        counts=[(str(row[0]), (int(row[2]), int(row[3]))) for row in rows],
        table=report.table,
    )


# Attended in a window ----------------------------------------------------------------------------


@require_safe
def came(request: HttpRequest) -> HttpResponse:
    """Who attended in a window, beside who was in date at its end, each with its definition."""
    _, sight = seeing(request)
    form = AttendedForm(request.GET)
    context: dict[str, Any] = {"form": form, "definition": attended.DEFINITION}
    if form.is_bound and form.is_valid():
        everybody, report = attended_of(form.cleaned_data, sight)
        query = f"?{request.GET.urlencode()}"
        context |= {
            "share": everybody,
            "course": form.cleaned_data["course"],
            "report": report,
            "in_date": list(_in_date(form.cleaned_data, sight)),
            "conventions": CONVENTIONS,
            "csv": reverse("attended_file", args=["csv"]) + query,
            "xlsx": reverse("attended_file", args=["xlsx"]) + query,
        }
    return render(request, "coverage/workforce/attended.html", context, status=status_of(form))


@require_safe
def came_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The table of the page as a file."""
    (_, sight), form = seeing(request), AttendedForm(request.GET)
    if format not in writing.FORMATS or not form.is_bound or not form.is_valid():
        raise Http404
    return attended_of(form.cleaned_data, sight)[1].file(format)


def attended_of(data: dict[str, Any], sight: Sight) -> tuple[Share, Report]:
    """The share of everybody, and the table by group."""
    first, last, known_on = data["first"], data["last"], data["known_on"]
    by = data["by"] or "site"
    window = attended.Window(first, last, known_on, [data["course"].pk], sight.sites)
    everybody, found = attended.attended(window, by)
    called = asked_queries.names(by)
    rows = sorted((str(called.get(one.group, one.group)), _share(one.share)) for one in found)
    label = LABELS[by]
    table = charts.Table(
        f"Attended {data['course'].title}, by {label.lower()}",
        [Column(label), *CAME],
        [["Everybody", *_share(everybody)], *([name, *cells] for name, cells in rows)],
    )
    window_said = f"{_day(first)} to {_day(last)}, as known on {_day(known_on)}"
    return everybody, Report("attended", table, window_said, (attended.DEFINITION,))


def _day(day: date) -> str:
    return days.long_date(day)


def _share(share: Share) -> list[Any]:
    return [share.numerator, share.denominator, percent_cell(share)]


def _in_date(data: dict[str, Any], sight: Sight) -> Iterable[tuple[str, Share, Share]]:
    """Of each requirement that the course satisfies: who was in date at the window's end, adjusted and by headcount."""
    asking = Requirement.objects.filter(versions__accepted__course=data["course"]).distinct()
    named = dict(asking.values_list("pk", "name"))
    if named:
        question = Question(data["last"], data["known_on"], tuple(named), sight.sites)
        for figure in figures(counting.tallies(question)):
            yield (
                named[figure.requirement],
                figure.share(Policy.ADJUSTED),
                figure.share(Policy.HEADCOUNT),
            )
