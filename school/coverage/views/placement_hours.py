"""Hours of placements as figures: how soon they are decided, and how they stand against the band."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from placements.models import Cohort
from placements.turnaround import WITHIN, Turnaround
from school.core import charts, days
from school.core.asked_days import DaysForm
from school.core.charts import Column
from school.core.files import writing
from school.courses.views import status_of
from school.coverage import asked_queries, placement_hours
from school.coverage.figures import said
from school.coverage.placement_hours import BANDED, DECIDED, Banded, Decided
from school.coverage.states import Question
from school.coverage.views.common import percent_cell, seeing
from school.coverage.views.shown import Report

STANDARD = 75  # per cent within 5 working days; source: the network's referral-to-report times
HOURS = (
    Column("Year", numeric=True), Column("Students", numeric=True), Column("Below the band", numeric=True),
    Column("In the band", numeric=True), Column("Over the band", numeric=True),
    Column("Counted, hours", numeric=True), Column("Band, hours"),
)  # fmt: skip
TURNAROUND = (
    Column("Site"), Column("Judged", numeric=True), Column("Within 5 working days", numeric=True),
    Column("Per cent", numeric=True), Column("Within 7 working days", numeric=True),
    Column("Per cent, 7 days", numeric=True), Column("Open inside 5 days", numeric=True),
)  # fmt: skip
TABLES = ("decided", "cohorts", "sites")


@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """The three tables of a day, with how many were decided in time drawn above."""
    (_, sight), form = seeing(request), DaysForm(request.GET)
    context: dict[str, Any] = {"form": form, "reports": None}
    asked = form.days()
    if asked:
        found = Question(*asked, sites=sight.sites)
        decided = placement_hours.decided(found)
        query = f"?{request.GET.urlencode()}"
        context |= {
            "said": said(found),
            "share": _drawn(decided[0].within) if decided else None,
            "waiting": decided[0].within.waiting if decided else 0,
            "reports": [
                {
                    "report": report,
                    "csv": reverse("placement_hours_file", args=[table, "csv"]) + query,
                    "xlsx": reverse("placement_hours_file", args=[table, "xlsx"]) + query,
                }
                for table, report in zip(TABLES, reports(found, decided), strict=True)
            ],
            "conventions": (DECIDED, BANDED),
        }
    return render(request, "coverage/workforce/hours.html", context, status=status_of(form))


@require_safe
def hours_file(request: HttpRequest, table: str, format: str) -> HttpResponseBase:
    """One of the tables as a file."""
    (_, sight), form = seeing(request), DaysForm(request.GET)
    asked = form.days()
    if format not in writing.FORMATS or table not in TABLES or not asked:
        raise Http404
    found = Question(*asked, sites=sight.sites)
    named = dict(zip(TABLES, reports(found, placement_hours.decided(found)), strict=True))
    return named[table].file(format)


def reports(asked: Question, decided: list[Decided]) -> tuple[Report, Report, Report]:
    """How soon sites decided, and the hours by cohort and by site."""
    by_cohort, by_site = placement_hours.banded(asked)
    sites = asked_queries.names("site")
    cohorts = {
        row.pk: f"{row.name}, {row.programme.name}"
        for row in Cohort.objects.select_related("programme")
    }
    rows = sorted(decided, key=lambda one: (one.site is not None, sites.get(one.site, "")))
    first = charts.Table(
        "How soon hours were decided, by site",
        TURNAROUND,
        [[sites.get(one.site, "All sites"), *_judged(one)] for one in rows],
    )
    return (
        Report("decided-hours", first, said(asked), (DECIDED,)),
        _banded("Hours by cohort and year", "Cohort", by_cohort, cohorts, asked),
        _banded("Hours by site and year", "Site", by_site, sites, asked),
    )


def _judged(one: Decided) -> list[Any]:
    share, longer = one.within.share, one.within_longer.share
    if one.site is not None and not one.within.enough:
        few = "fewer than 5"
        return [few, "", "", "", "", one.within.waiting]
    return [
        share.denominator, share.numerator, percent_cell(share), longer.numerator,
        percent_cell(longer), one.within.waiting,
    ]  # fmt: skip


def _banded(
    title: str, label: str, found: list[Banded], names: dict[Any, str], asked: Question
) -> Report:
    rows = sorted((names[one.group], one.year, one) for one in found)
    table = charts.Table(
        title,
        [Column(label), *HOURS],
        [
            [
                name, year, one.students, one.below, one.inside, one.over, days.in_hours(one.minutes),
                _band(one),
            ]
            for name, year, one in rows
        ],
    )  # fmt: skip
    return Report(title.lower().replace(" ", "-"), table, said(asked), (BANDED,))


def _band(one: Banded) -> str:
    low, high = days.in_hours(one.low), days.in_hours(one.high)
    return low if low == high else f"{low} to {high}"


def _drawn(found: Turnaround) -> charts.Share:
    return charts.share(
        what=f"decided within {WITHIN} working days",
        numerator=found.share.numerator,
        denominator=found.share.denominator,
        standard=STANDARD,
    )
