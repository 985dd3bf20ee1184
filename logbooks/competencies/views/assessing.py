"""An assessor's pages: choosing a form, rating an attempt, and rating it as the second assessor."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies import assessing_queries as reads
from logbooks.competencies.actions.assessing import (
    FIRST,
    SECOND,
    assess,
    moderate,
    second_assessors,
)
from logbooks.competencies.forms.assessing import AssessForm, RateForm
from logbooks.competencies.models import Assessment, AssessmentForm, SignOff
from logbooks.competencies.views.common import led_by, person_of, viewer_of
from placements import taking_part
from placements.models import Placement
from placements.views.educator import proved, status_of
from school.core import clock
from school.core.errors import DomainError
from school.core.forms import refuse
from school.core.ledger import ContentConflict
from school.people import proof
from school.people.models import Person


def _placement(request: HttpRequest, uuid: UUID) -> tuple[Placement, tuple[str, ...]]:
    """A placement that the viewer assesses at, and as what; 404 for everybody else."""
    viewer = viewer_of(request)
    rows = taking_part.placements().select_related("enrolment__cohort__programme__log_book_rules")
    placement = get_object_or_404(rows, uuid=uuid)
    held = reads.held_by(viewer.me, placement)
    if not held or placement.enrolment.person_id in viewer.me:
        raise Http404
    viewer.opened(placement.enrolment.person)
    return placement, held


@never_cache
@require_safe
def assess_what(request: HttpRequest, placement: UUID) -> HttpResponse:
    """The forms that a student can be assessed on, their attempts so far, and what waits for the viewer as second."""
    person_of(request)
    viewer = viewer_of(request)
    row, _ = _placement(request, placement)
    waiting = reads.waiting_for(viewer.me, led_by(viewer)).filter(placement=row)
    context = {
        "placement": row,
        "student": row.enrolment.person,
        "forms": [(form, reads.form_of(form)) for form in reads.forms()],
        "waiting": list(waiting),
    }
    return render(request, "competencies/assessing/what.html", context)


@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assess_on(request: HttpRequest, placement: UUID, form: UUID) -> HttpResponse:
    """Rate an attempt on a form; the version that was opened is the one that is signed."""
    person = person_of(request)
    row, held = _placement(request, placement)
    published = get_object_or_404(AssessmentForm, uuid=form, published_on__lte=clock.today())
    asked = reads.form_of(published)
    others = second_assessors(row, viewer_of(request).me)
    if request.method == "POST":
        filled: AssessForm = AssessForm(request, request.POST, form=asked)
        if filled.is_valid():
            if filled.wants_other_way:
                return proof.suspend(request, "sign an assessment")
            written = _assessed(person, row, published, filled) if proved(filled) else None
            if written is not None:
                messages.success(request, "The assessment is written down and signed by you.")
                return redirect("assessment", written.entry.uuid)
    else:
        newest = next((found for found in reads.forms() if found.code == published.code), published)
        if newest.pk != published.pk:
            return redirect("assess_on", placement, newest.uuid)
        filled = AssessForm.opened_for(request, asked, {"day": clock.today()})
    context = {"others": others, "wording": FIRST}
    return _page(request, row, published, filled, held, context)


def _assessed(
    person: Person, row: Placement, published: AssessmentForm, filled: AssessForm
) -> Assessment | None:
    try:
        return assess(
            by=person,
            placement=row,
            form=published,
            day=filled.cleaned_data["day"],
            given=filled.given,
            uuid=filled.cleaned_data["batch"],
            moderated=filled.cleaned_data["moderated"],
        )
    except DomainError as error:
        _refused(filled, error)
        return None


def _second_is_in(_typed: QueryDict, *, assessment: UUID) -> bool:
    """Whether somebody has given the second assessment meanwhile."""
    return Assessment.objects.filter(moderates__entry__uuid=assessment).exists()


@proof.settled(_second_is_in)
@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def second_assessment(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Rate an attempt as the second assessor, blind to the first; 404 for everybody who cannot."""
    person = person_of(request)
    viewer = viewer_of(request)
    rows = reads.firsts().select_related(
        *reads.WITH, "enrolment__cohort__programme__log_book_rules"
    )
    first = get_object_or_404(rows, entry__uuid=assessment, moderated=True)
    held = reads.held_by_second(viewer.me, first.placement)
    if not held or {first.assessor_id, first.enrolment.person_id} & set(viewer.me):
        raise Http404
    viewer.opened(first.enrolment.person)
    asked = reads.form_of(first.form)
    if request.method == "POST":
        filled = RateForm(request, request.POST, form=asked)
        if filled.is_valid():
            if filled.wants_other_way:
                return proof.suspend(request, "sign an assessment")
            if proved(filled) and _moderated(person, first, filled):
                messages.success(request, "Your assessment is in. Both parts can be read now.")
                return redirect("assessment", assessment)
    elif hasattr(first, "moderation"):
        return redirect("assessment", assessment)
    else:
        filled = RateForm.opened_for(request, asked, {})
    context = {"wording": SECOND, "first": first}
    return _page(request, first.placement, first.form, filled, held, context)


def _moderated(person: Person, first: Assessment, filled: RateForm) -> bool:
    try:
        moderate(by=person, first=first, given=filled.given, uuid=filled.cleaned_data["batch"])
    except DomainError as error:
        _refused(filled, error)
        return False
    return True


def _refused(filled: RateForm, error: DomainError) -> None:
    """Says what a rule said; where other ratings were sent before under the same key, the page leads to them."""
    filled.status = refuse(filled, error)  # type: ignore[attr-defined]
    if isinstance(error, ContentConflict):
        filled.sent_before = error.draft.uuid


def _page(
    request: HttpRequest,
    row: Placement,
    published: AssessmentForm,
    filled: RateForm,
    held: tuple[str, ...],
    context: dict[str, Any],
) -> HttpResponse:
    first, sent = context.get("first"), filled.sent_before
    context |= {
        "form": filled,
        "owner": person_of(request),
        "placement": row,
        "student": row.enrolment.person,
        "published": published,
        "asked": filled.form,
        "sent_before": first.entry.uuid if sent and first else sent,
        "capacity": SignOff.Capacity(held[0]).label,
    }
    status = status_of(filled) if filled.is_bound else 200
    return render(request, "competencies/assessing/rate.html", context, status=status)
