"""A student's record for those who may see it: stages, placements, every version and decision, and a file."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from placements import aside_queries, policies, sheet_queries
from placements import interruption_queries as interruptions
from placements import record_queries as queries
from placements.models import AdjustmentProposal, Enrolment
from school.core import days
from school.core.files import writing
from school.core.models import ConflictingWrite
from school.people.roles import Permission

PAGE = 25


def _enrolment(request: HttpRequest, uuid: UUID) -> Enrolment:
    """An enrolment whose record the viewer may open; 404 for everybody else."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may_adjust = policies.allowing(viewer, Permission.ADJUST_HOURS)
    waiting = AdjustmentProposal.objects.filter(enrolment=OuterRef("pk"))
    found = get_object_or_404(
        policies.enrolments(viewer)
        .select_related("person", "cohort__programme", "university")
        .annotate(
            may_adjust=_is(may_adjust),
            proposed=_is(may_adjust & Q(Exists(waiting))),
            may_place=_is(policies.allowing(viewer, Permission.PLACE_STUDENTS)),
            may_enter=_is(sheet_queries.may_enter(viewer)),
            may_interrupt=_is(interruptions.may_interrupt(viewer)),
        ),
        uuid=uuid,
    )
    viewer.opened(found.person)
    return found


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def enrolment_record(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The stages with their hours, the placements with who supervised, and what was adjusted."""
    found = _enrolment(request, enrolment)
    waiting = found.adjustment_proposals.order_by("pk")
    context = {
        "enrolment": found,
        "person": found.person,
        "stages": queries.stages([found]),
        "placed": queries.placed([found], supervisors=True),
        "adjustments": [
            {
                "fact": fact,
                "words": f"{'Added' if fact.minutes > 0 else 'Taken away'} {days.in_words(abs(fact.minutes))}",
                "reason": fact.said,  # type: ignore[attr-defined]
            }
            for fact in queries.adjustments(found)
        ],
        "paper": list(queries.on_paper(found)),
        "proposals": list(waiting) if found.proposed else [],  # type: ignore[attr-defined]
        "may_adjust": found.may_adjust,  # type: ignore[attr-defined]
        "may_place": found.may_place,  # type: ignore[attr-defined]
        "may_enter": found.may_enter,  # type: ignore[attr-defined]
        "kept_aside": _kept_aside(request, found).exists(),
        **_interrupted(request, found),
    }
    return render(request, "placements/record/record.html", context)


def _interrupted(request: HttpRequest, found: Enrolment) -> dict[str, Any]:
    """The interruptions, which everybody who opens the record sees, and the reasons, which not all of them read."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may_interrupt = found.may_interrupt  # type: ignore[attr-defined]
    own = found.person_id == viewer.person.pk
    return {
        "interruptions": interruptions.shown(found, reasons=may_interrupt or own),
        "may_interrupt": may_interrupt and not own,
        "may_open_whole": may_interrupt or own,
    }


def _kept_aside(request: HttpRequest, found: Enrolment) -> QuerySet[ConflictingWrite]:
    """What was kept aside of a record, for whoever places its student; for everybody else what they sent themselves."""
    return aside_queries.kept(
        request.viewer,  # type: ignore[attr-defined]
        found,
        everything=found.may_place,  # type: ignore[attr-defined]
    )


def kept_aside(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """What was sent a second time with other content: both versions side by side."""
    found = _enrolment(request, enrolment)
    context = {
        "enrolment": found,
        "person": found.person,
        "asides": aside_queries.shown(
            _kept_aside(request, found),
            found,
            request.viewer,  # type: ignore[attr-defined]
        ),
        "most": aside_queries.MOST,
    }
    return render(request, "placements/record/kept_aside.html", context)


def enrolment_shifts(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Every shift with its versions and decisions, in the exact words that were signed."""
    found = _enrolment(request, enrolment)
    texts = queries.texts_of(found)
    page = Paginator(queries.lines(found, texts), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "enrolment": found,
        "person": found.person,
        "page": page,
        "lost": queries.lost_days(found, texts) if page.number == 1 else [],
        "csv": reverse("enrolment_shifts_file", args=[found.uuid, "csv"]),
        "xlsx": reverse("enrolment_shifts_file", args=[found.uuid, "xlsx"]),
    }
    return render(request, "placements/record/shifts.html", context)


def enrolment_shifts_file(request: HttpRequest, enrolment: UUID, format: str) -> HttpResponseBase:
    """The same as a file: a row for every decision of every version."""
    if format not in writing.FORMATS:
        raise Http404
    found = _enrolment(request, enrolment)
    rows = queries.cells(queries.lines(found, queries.texts_of(found)))
    about = writing.About(
        title=f"Shifts of {found.person.name}",
        filtered=f"student number {found.student_number}, every version and decision",
        definition="Counted: real time from start to end less the break.",
    )
    return writing.table_response("shifts", queries.COLUMNS, rows, about, format)
