"""The marks file: chosen and looked at on a page, taken away as CSV or XLSX."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from placements import marks_queries as queries
from placements.forms.tutor import MarksForm
from placements.views.coordinator import status_of
from placements.views.tutor import follower
from school.core import days
from school.core.files import writing

DEFINITION = (
    "As of a day: worked, lost or agreed by the end of it. As it was known on a day: recorded by the end of it, who was in the cohort, their number and their stage’s band of hours too. "
    "Counted: confirmed, brought forward from paper and adjusted, in clinical hours; hours from paper count once "
    "the last of their days has come. Simulated: confirmed and brought forward, never part of the counted hours. "
    "Signed by both: by the student and somebody at the site, on the record as it then stood. Of the stage’s "
    "tasks the portal keeps the site induction; an import of older records can change what was known on a past day."
)


def marks(request: HttpRequest) -> HttpResponse:
    """Choose a cohort, a stage and two days, and see what the file will say."""
    viewer = follower(request)
    form = MarksForm(request.GET, cohorts=queries.cohorts(viewer))
    context: dict[str, Any] = {"form": form, "found": None}
    asked = form.days() if form.is_bound else None
    if asked:
        data = form.cleaned_data
        found = queries.marks(viewer, data["cohort"], data["year"], *asked)
        viewer.opened(*(mark.person for mark in found))
        query = request.GET.urlencode()
        context |= {
            "found": [_shown(mark) for mark in found],
            "said": said(form, asked),
            "csv": f"{reverse('marks_file', args=['csv'])}?{query}",
            "xlsx": f"{reverse('marks_file', args=['xlsx'])}?{query}",
        }
    return render(request, "placements/tutor/marks.html", context, status=status_of(form))


def marks_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file, which states what was asked."""
    viewer = follower(request)
    if format not in writing.FORMATS:
        raise Http404
    form = MarksForm(request.GET, cohorts=queries.cohorts(viewer))
    asked = form.days() if form.is_bound else None
    if not asked:
        raise Http404
    data = form.cleaned_data
    found = queries.marks(viewer, data["cohort"], data["year"], *asked)
    viewer.opened(*(mark.person for mark in found))
    about = writing.About("Hours for the university", said(form, asked), DEFINITION)
    return writing.table_response("marks", queries.COLUMNS, queries.cells(found), about, format)


def said(form: MarksForm, asked: tuple[date, date]) -> str:
    """What was asked, in words."""
    data = form.cleaned_data
    as_of, known_on = map(days.long_date, asked)
    cohort = data["cohort"]
    return (
        f"{cohort.name}, {cohort.programme.name}, year {data['year']}, "
        f"as of {as_of}, as it was known on {known_on}"
    )


def _shown(mark: queries.Mark) -> dict[str, Any]:
    sums = mark.totals
    met = [kind.label for kind in queries.KINDS if kind in mark.met and mark.met[kind].signed]
    return {
        "enrolment": mark.enrolment,
        "name": mark.name,
        "number": mark.number,
        "counted": days.in_hours(sums.counted),
        "confirmed": days.in_hours(sums.clinical.confirmed),
        "brought": days.in_hours(sums.brought_forward),
        "adjusted": days.in_hours(sums.adjusted),
        "simulated": days.in_hours(sums.simulated_counted),
        "needed": days.in_hours(mark.stage.minimum_minutes),
        "reached": mark.reached,
        "met": ", ".join(met),
    }
