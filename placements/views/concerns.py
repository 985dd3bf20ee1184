"""Causes for concern: raise one, and for its readers the list, the page, steps and more readers."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from placements import concerns_queries as reads
from placements.actions import concerns as actions
from placements.forms.concerns import ConcernForm, ReaderForm, StepForm
from placements.models import Concern
from placements.views.educator import person_of, viewer_of
from placements.views.meetings import found_placement
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.models import Person

GET_AND_POST = ["GET", "HEAD", "POST"]


@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_AND_POST)
def raise_concern(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Say what worries one about a placement, and who reads it."""
    person, row, part = found_placement(request, placement)
    if not part.may_raise:
        raise Http404
    status = 200
    form = ConcernForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4()},
        candidates=reads.candidates(row, part.me),
        student=None if part.is_student else row.enrolment.person,
    )
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                concern = actions.raise_concern(
                    by=person,
                    placement=row,
                    words=form.cleaned_data["words"],
                    readers=form.chosen,
                    uuid=form.cleaned_data["uuid"],
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "The concern is raised. Its readers are told by email.")
                return redirect("concern", concern.entry.uuid)
    context = {"form": form, "placement": row, "student": row.enrolment.person, "part": part}
    return render(request, "placements/concerns/raise.html", context, status=status)


@never_cache
@require_safe
def concerns(request: HttpRequest) -> HttpResponse:
    """Every concern that the person who looks raised or reads."""
    person_of(request)
    lines = reads.lines(reads.readable(viewer_of(request).me))
    return render(request, "placements/concerns/concerns.html", {"lines": lines})


@never_cache
@require_safe
def concern(request: HttpRequest, concern: UUID) -> HttpResponse:
    """A concern with what was done about it, for its readers."""
    found, _, me = _concern(request, concern)
    return _page(request, found, me)


@never_cache
@sensitive_post_parameters()
@require_POST
def take_step(request: HttpRequest, concern: UUID) -> HttpResponse:
    """Say what was done about a concern, or close it."""
    found, person, me = _concern(request, concern)
    form = _step_form(found, me, request)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            step = actions.take_step(
                by=person,
                concern=found,
                outcome=data["outcome"],
                words=data["words"],
                uuid=data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            closes = step.outcome != reads.Outcome.NOTE
            said = "The concern is closed." if closes else "What was done is written down."
            messages.success(request, said)
            return redirect("concern", found.entry.uuid)
    return _page(request, found, me, step=form, status=status)


@never_cache
@require_POST
def name_reader(request: HttpRequest, concern: UUID) -> HttpResponse:
    """Let somebody else read a concern."""
    found, person, me = _concern(request, concern)
    form = _reader_form(found, reads.readers(found), request)
    status = 422
    if form.is_valid():
        try:
            actions.name_reader(
                by=person, concern=found, person=form.chosen, uuid=form.cleaned_data["uuid"]
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"{form.chosen.name} reads this concern from now on.")
            return redirect("concern", found.entry.uuid)
    return _page(request, found, me, reader=form, status=status)


def _concern(request: HttpRequest, uuid: UUID) -> tuple[Concern, Person, list[int]]:
    """A concern for its readers; 404 for everybody else, whatever their role."""
    person = person_of(request)
    me = viewer_of(request).me
    found = get_object_or_404(reads.readable(me), entry__uuid=uuid)
    viewer_of(request).opened(found.placement.enrolment.person)
    return found, person, me


def _step_form(found: Concern, me: list[int], request: HttpRequest | None = None) -> StepForm:
    return StepForm(
        request.POST if request else None,
        initial={"uuid": uuid4()},
        may_close=found.placement.enrolment.person_id not in me,
        auto_id="id_step_%s",
    )


def _reader_form(
    found: Concern, named: list[Any], request: HttpRequest | None = None
) -> ReaderForm:
    student = found.placement.enrolment.person
    there = {found.person_id, *(row.person_id for row in named)}
    # What was sent twice finds its first answer, so a form that is sent may name who is there already.
    if request:
        there = set()
    return ReaderForm(
        request.POST if request else None,
        initial={"uuid": uuid4()},
        candidates=reads.candidates(found.placement, there),
        student=None if student.pk in there else student,
        auto_id="id_reader_%s",
    )


def _page(
    request: HttpRequest,
    found: Concern,
    me: list[int],
    *,
    step: StepForm | None = None,
    reader: ReaderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    words, steps = reads.steps(found)
    named = reads.readers(found)
    closed = any(row.closes for row in steps)
    names = not closed and actions.names_readers(me, found)
    wrong = step or reader
    context = {
        "concern": found,
        "placement": found.placement,
        "student": found.placement.enrolment.person,
        "words": words,
        "steps": steps,
        "named": named,
        "closed": closed,
        "step": step or (None if closed else _step_form(found, me)),
        "reader": reader or (_reader_form(found, named) if names else None),
        "has_errors": wrong is not None and bool(wrong.errors),
    }
    return render(request, "placements/concerns/concern.html", context, status=status)
