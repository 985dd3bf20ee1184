"""The list of examinations and its files, one examination with its corrections, and the range as a picture."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from logbooks.competencies import drawn_ranges, log_queries, policies
from logbooks.competencies.forms.log import ExaminationFilter
from logbooks.competencies.models import LogEntry
from logbooks.competencies.reflection import paragraphs
from logbooks.competencies.views.log import begun, opened, student
from placements import policies as placing
from placements import reference
from placements.models import Enrolment, Placement
from placements.student_queries import placement_on
from school.core import clock
from school.core.files.writing import FORMATS, About, table_response
from school.people.models import Person

PAGE = 25
COLUMNS = (
    "Case", "Date", "Site", "Year", "Examination", "Tracer", "Role", "Supervising operator",
    "Age band", "Sex", "Competencies touched", "Reference",
)  # fmt: skip


@require_safe
def examinations(request: HttpRequest) -> HttpResponse:
    """A student's own examinations, newest first; filtered by type, tracer, role and placement."""
    _, own = student(request)
    if not own:
        return render(request, "competencies/log/none.html")
    enrolments = {row.enrolment_id for row in own}
    context = {"mine": True, "can_log": bool(begun(own)), "range_url": reverse("range")}
    return _list(request, enrolments, own, context, "examinations_file", [])


@require_safe
def examinations_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same list as CSV or XLSX, filtered as the page was."""
    person, own = student(request)
    return _file(request, {row.enrolment_id for row in own}, own, person, format)


@require_safe
def examinations_of(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A student's examinations for those who may open their log book."""
    found = opened(request, enrolment)
    context = {
        "mine": False,
        "enrolment": found,
        "owner": found.person,
        "range_url": reverse("range_of", args=[found.uuid]),
    }
    return _list(
        request, {found.pk}, _placements(found), context, "examinations_of_file", [found.uuid]
    )


@require_safe
def examinations_of_file(request: HttpRequest, enrolment: UUID, format: str) -> HttpResponseBase:
    """The same list as CSV or XLSX."""
    found = opened(request, enrolment)
    return _file(request, {found.pk}, _placements(found), found.person, format)


@require_safe
def examination(request: HttpRequest, entry: UUID) -> HttpResponse:
    """One examination as it stands, what it touches, and every version of it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = log_queries.entry(policies.enrolments(viewer), entry)
    if found is None:
        raise Http404
    owner = found.enrolment.person
    viewer.opened(owner)
    versions = log_queries.versions(found)
    newest = versions[0].fact
    if newest.pk != found.pk:
        return redirect("examination", newest.entry.uuid)
    mine = viewer.person is not None and placing.owns(viewer.person, found.enrolment)
    context = {
        "entry": found,
        "owner": owner,
        "mine": mine,
        "list_url": reverse("examinations")
        if mine
        else reverse("examinations_of", args=[found.enrolment.uuid]),
        "reflection": paragraphs(found.model, versions[0].reflection),
        "touched": log_queries.touched(found),
        "files": list(log_queries.files_of(found)),
        "removed": log_queries.removed_files(found),
        "earlier": [
            (version.fact, paragraphs(version.fact.model, version.reflection))
            for version in versions[1:]
        ],
    }
    return render(request, "competencies/log/examination.html", context)


@require_safe
def own_range(request: HttpRequest) -> HttpResponse:
    """What a student has seen and done by type, tracer and role, against what the stage asks."""
    _, own = student(request)
    if not own:
        return render(request, "competencies/log/none.html")
    likely = placement_on(own, clock.today())
    year = reference.stage(likely.stage_id).year
    context = {"mine": True, "list_url": reverse("examinations"), "can_log": bool(begun(own))}
    return _range(request, likely.enrolment, year, context)


@require_safe
def range_of(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The same picture for those who may open the student's log book."""
    found = opened(request, enrolment)
    placed = _placements(found)
    year = placement_on(placed, clock.today()).stage.year if placed else None
    context = {
        "mine": False,
        "owner": found.person,
        "list_url": reverse("examinations_of", args=[found.uuid]),
    }
    return _range(request, found, year, context)


# Shared by own pages and those of others


def _placements(enrolment: Enrolment) -> list[Placement]:
    rows = enrolment.placements.filter(never_began=False).select_related("site", "stage")
    return list(rows.order_by("starts", "pk"))


def _filter(request: HttpRequest, placed: Sequence[Placement]) -> ExaminationFilter:
    return ExaminationFilter(
        request.GET,
        types=log_queries.types(),
        tracers=log_queries.tracers(),
        placements=placed,
    )


def _list(
    request: HttpRequest,
    enrolments: set[int],
    placed: Sequence[Placement],
    context: dict[str, Any],
    file: str,
    args: list[Any],
) -> HttpResponse:
    form = _filter(request, placed)
    chosen = form.chosen()
    rows = log_queries.entries(enrolments, chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = urlencode(chosen)
    words = f"?{query}" if query else ""
    context |= {
        "form": form,
        "filtered": bool(chosen),
        "page": page,
        "several": len({row.site_id for row in placed}) > 1,
        "query": query,
        "list_url": request.path,
        "files": {name: reverse(file, args=[*args, name]) + words for name in FORMATS},
    }
    return render(request, "competencies/log/examinations.html", context)


def _file(
    request: HttpRequest,
    enrolments: set[int],
    placed: Sequence[Placement],
    owner: Person,
    format: str,
) -> HttpResponseBase:
    if format not in FORMATS:
        raise Http404
    form = _filter(request, placed)
    rows = log_queries.entries(enrolments, form.chosen()).select_related("placement__stage")
    about = About(
        title=f"Examinations of {owner.name}",
        filtered=form.in_words(),
        definition="Each examination as it stands, once; the case number is the portal’s own and names nobody.",
    )
    return table_response("examinations", COLUMNS, _cells(rows.iterator()), about, format)


def _cells(rows: Iterator[LogEntry]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.case_number,
            row.entry.about_from,
            row.placement.site.name,
            row.placement.stage.year,
            row.examination.name,
            row.tracer.name,
            row.get_role_display(),
            row.operator.name,
            row.get_age_band_display(),
            row.get_sex_display(),
            " ".join(row.touched.splitlines()),
            str(row.entry.uuid),
        )


def _range(
    request: HttpRequest, enrolment: Enrolment, year: int | None, context: dict[str, Any]
) -> HttpResponse:
    found = log_queries.range_of(enrolment, year, request.GET.get("year", ""))
    context |= {
        "drawn": drawn_ranges.drawn(found),
        "year": found.year,
        "years": [number for number in found.years if number != found.year],
        "page_url": request.path,
    }
    return render(request, "competencies/log/range.html", context)
