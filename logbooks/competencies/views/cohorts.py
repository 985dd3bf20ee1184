"""The matrix of a cohort: its students by competencies, now or as of a day, on a page and as a file."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from logbooks.competencies import as_known
from logbooks.competencies import cohort_queries as reads
from logbooks.competencies.pace import RECKONED
from logbooks.competencies.views.common import person_of, viewer_of
from placements import marks_queries
from placements.models import Cohort
from placements.views.coordinator import status_of
from school.core import days
from school.core.asked_days import DaysForm
from school.core.files import writing

DEFINITION = (
    "Achieved: signed as achieved and not revoked. Waiting: a request that no assessor has answered, "
    "whatever the state beside it. "
    "Asked: the competencies of the student's framework, without those recorded as not applicable."
)

AS_OF = (
    "As of a day: seen, asked, revoked or excused by the end of it. As it was known on a day: recorded by the end of it, "
    "who was in the cohort too; an import of older records can change what was known on a past day."
)


@require_safe
def cohort_matrix(request: HttpRequest, cohort: UUID) -> HttpResponse:
    """The students of a cohort whom the viewer follows, by competencies, with counts."""
    found, form, matrix = _asked(request, cohort)
    sort, dated = _sort(request), form.is_bound
    asked = request.GET.copy()
    asked.pop("sort", None)
    context: dict[str, Any] = {
        "cohort": found,
        "form": form,
        "dated": dated,
        "said": _said(form),
        "matrix": matrix,
        "lines": [(line, _cells(line)) for line in matrix.lines] if matrix else [],
        "sort": sort,
        "sorts": [
            (key, label, f"?{'&'.join(filter(None, [f'sort={key}', asked.urlencode()]))}")
            for key, label in reads.SORTS.items()
        ],
        "letters": [
            (reads.LETTERS[key], reads.LOOKS[key]) for key in reads.LETTERS if reads.LETTERS[key]
        ],
        "reckoned": RECKONED,
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    return render(request, "competencies/cohort.html", context, status=status_of(form))


@require_safe
def cohort_matrix_file(request: HttpRequest, cohort: UUID, format: str) -> HttpResponseBase:
    """The same as a file; everybody in it gets a row in the access log."""
    if format not in writing.FORMATS:
        raise Http404
    found, form, matrix = _asked(request, cohort)
    if matrix is None:
        raise Http404
    about = writing.About(
        "Competencies of a cohort",
        ", ".join(filter(None, [found.name, found.programme.name, _said(form)])),
        f"{DEFINITION} {RECKONED} {AS_OF}",
    )
    return writing.table_response(
        "competencies", reads.heads(matrix), reads.cells(matrix), about, format
    )


def _asked(request: HttpRequest, uuid: UUID) -> tuple[Cohort, DaysForm, reads.Matrix | None]:
    """The cohort, the days that are asked for, and its matrix; none while a day cannot be read.

    404 for whoever follows none of its students.
    """
    person_of(request)
    viewer = viewer_of(request)
    found = get_object_or_404(marks_queries.cohorts(viewer).select_related("programme"), uuid=uuid)
    form = DaysForm(request.GET)
    asked = form.days()
    if asked is None:
        return found, form, None
    sort = _sort(request)
    if form.is_bound:
        matrix = as_known.matrix_of(viewer, found, sort, *asked)
    else:
        matrix = reads.matrix_of(viewer, found, sort)
        if not matrix.lines:
            raise Http404
    viewer.opened(*(line.person for line in matrix.lines))
    return found, form, matrix


def _sort(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "name")
    return sort if sort in reads.SORTS else "name"


def _said(form: DaysForm) -> str:
    """The days that were asked for, in words; nothing of now."""
    asked = form.days() if form.is_bound else None
    if asked is None:
        return ""
    as_of, known_on = map(days.long_date, asked)
    return f"as of {as_of}, as it was known on {known_on}"


# One cell of the matrix for each state, made once: a page has thousands of them.
_MADE: dict[str, SafeString] = {
    "": mark_safe("<td></td>"),
    **{
        key: format_html('<td class="{}">{}</td>', reads.LOOKS[key].cell, letter)
        for key, letter in reads.LETTERS.items()
    },
}


def _cells(line: reads.Line) -> SafeString:
    """The cells of a student, as markup."""
    return mark_safe("".join(_MADE[state] for state in line.states))  # noqa: S308 - made of the constants above
