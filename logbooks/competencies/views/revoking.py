"""Revoking a sign-off, and saying that a competency is not asked of a student or is asked again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from logbooks.competencies import policies, queries
from logbooks.competencies.actions.revoking import excuse, may_revoke, revoke
from logbooks.competencies.forms.signing import ReasonedForm, RevokeForm
from logbooks.competencies.models import Competency, CurrentCompetency, SignOff, StageSignOff
from logbooks.competencies.views.common import is_own, person_of, readable, viewer_of
from school.core import clock
from school.core.errors import DomainError
from school.core.forms import refuse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_sign_off(request: HttpRequest, sign_off: UUID) -> HttpResponse:
    """Revoke a sign-off with a reason, from a day on; for whoever signed it or keeps the log book."""
    rows = SignOff.objects.select_related(
        "competency",
        "person",
        "enrolment__person__user",
        "enrolment__book",
        "placement__site",
        "site",
    )
    found = get_object_or_404(rows, entry__uuid=sign_off)
    after = ("competency_of", found.enrolment.uuid, found.competency.uuid)
    return revoke_page(request, found, revoke, "competencies/revoke.html", after)


def revoke_page(
    request: HttpRequest,
    found: SignOff | StageSignOff,
    act: Callable[..., object],
    template: str,
    after: tuple[str, UUID, UUID],
) -> HttpResponse:
    """The page on which a sign-off of either level is revoked by `act`; `after` is where to go for those who may open the log book."""
    person = person_of(request)
    if not may_revoke(person, found):
        raise Http404
    viewer_of(request).opened(found.enrolment.person)
    status = 200
    if request.method == "POST":
        form = RevokeForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                act(
                    by=person,
                    sign_off=found,
                    day=data["day"],
                    reason=data["reason"],
                    uuid=data["uuid"],
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "The sign-off is revoked. The student is told.")
                if policies.enrolments(viewer_of(request)).filter(pk=found.enrolment_id).exists():
                    return redirect(*after)
                return redirect("sign_offs")
        status = status if status != 200 else 422
    else:
        form = RevokeForm(initial={"uuid": uuid4(), "day": clock.today()})
    context = {"form": form, "sign_off": found, "student": found.enrolment.person}
    return render(request, template, context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_applicable(request: HttpRequest, enrolment: UUID, competency: UUID) -> HttpResponse:
    """Approve that a competency is not asked of a student, or ask it again; for whoever keeps the log book."""
    person = person_of(request)
    found = readable(request, enrolment)
    if is_own(request, found) or not found.kept:  # type: ignore[attr-defined]
        raise Http404
    version = queries.version_of(found)
    one = get_object_or_404(Competency, uuid=competency, version=version)
    row = queries.current_of(found).filter(competency=one).first()
    excused = row is not None and row.state == CurrentCompetency.State.NOT_APPLICABLE
    status = 200
    if request.method == "POST":
        form = ReasonedForm(request.POST)
        if form.is_valid():
            # What the page said decides, not what stands by now: the action refuses when it is so already.
            cancelled = request.POST.get("act") == "cancel"
            data: dict[str, Any] = form.cleaned_data
            try:
                excuse(
                    by=person,
                    enrolment=found,
                    competency=one,
                    reason=data["reason"],
                    uuid=data["uuid"],
                    cancelled=cancelled,
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(
                    request,
                    f"{one.code} is asked of the student again."
                    if cancelled
                    else f"{one.code} is recorded as not applicable.",
                )
                return redirect("competency_of", found.uuid, one.uuid)
        status = status if status != 200 else 422
    else:
        form = ReasonedForm(initial={"uuid": uuid4()})
    context = {
        "form": form,
        "enrolment": found,
        "student": found.person,
        "competency": one,
        "excused": excused,
    }
    return render(request, "competencies/not_applicable.html", context, status=status)
