"""The matrix of a cohort: its students by competencies, on a page and as a file."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from logbooks.competencies import cohort_queries as reads
from logbooks.competencies.views.common import person_of, viewer_of
from placements.models import Cohort
from school.core.files import writing

DEFINITION = (
    "Achieved: signed as achieved and not revoked. Waiting: a request that no assessor has answered, "
    "whatever the state beside it. "
    "Asked: the competencies of the student's framework, without those recorded as not applicable."
)


@require_safe
def cohort_matrix(request: HttpRequest, cohort: UUID) -> HttpResponse:
    """The students of a cohort whom the viewer follows, by competencies, with counts."""
    found, sort, matrix = _asked(request, cohort)
    context = {
        "cohort": found,
        "matrix": matrix,
        "lines": [(line, _cells(line)) for line in matrix.lines],
        "sort": sort,
        "sorts": reads.SORTS.items(),
        "letters": [
            (reads.LETTERS[key], reads.LOOKS[key]) for key in reads.LETTERS if reads.LETTERS[key]
        ],
    }
    return render(request, "competencies/cohort.html", context)


@require_safe
def cohort_matrix_file(request: HttpRequest, cohort: UUID, format: str) -> HttpResponseBase:
    """The same as a file; everybody in it gets a row in the access log."""
    if format not in writing.FORMATS:
        raise Http404
    found, _, matrix = _asked(request, cohort)
    about = writing.About(
        "Competencies of a cohort", f"{found.name}, {found.programme.name}", DEFINITION
    )
    return writing.table_response(
        "competencies", reads.heads(matrix), reads.cells(matrix), about, format
    )


def _asked(request: HttpRequest, uuid: UUID) -> tuple[Cohort, str, reads.Matrix]:
    """The cohort and its matrix; 404 for whoever follows none of its students."""
    person_of(request)
    viewer = viewer_of(request)
    found = get_object_or_404(Cohort.objects.select_related("programme"), uuid=uuid)
    sort = request.GET.get("sort", "name")
    sort = sort if sort in reads.SORTS else "name"
    matrix = reads.matrix_of(viewer, found, sort)
    if not matrix.lines:
        raise Http404
    viewer.opened(*(line.person for line in matrix.lines))
    return found, sort, matrix


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
