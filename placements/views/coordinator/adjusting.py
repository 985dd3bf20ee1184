"""Adjusting hours: one person proposes on this page, a second agrees or declines, signed in and proved as themselves."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from placements import policies
from placements.actions.adjusting import (
    agree_adjustment,
    decline_adjustment,
    propose_adjustment,
)
from placements.forms.coordinator import AdjustForm
from placements.forms.educator import SignedForm
from placements.models import AdjustmentProposal, Enrolment
from placements.views.coordinator import acting, refuse, status_of, watcher
from placements.views.educator import proved
from placements.views.educator import status_of as signed_status_of
from school.core import days
from school.core.errors import DomainError
from school.people import proof
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.queries import identity
from school.people.roles import Permission


def _enrolment(viewer: Viewer, uuid: UUID) -> Enrolment:
    allowed = policies.enrolments_with(viewer, Permission.ADJUST_HOURS)
    found = get_object_or_404(allowed.select_related("person", "book", "cohort"), uuid=uuid)
    viewer.opened(found.person)
    return found


def propose(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Propose minutes to add or take away."""
    viewer = watcher(request)
    found = _enrolment(viewer, enrolment)
    form = AdjustForm(
        request.POST if request.method == "POST" else None,
        enrolment=found,
        initial={"uuid": uuid4()},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            proposal = propose_adjustment(
                by=acting(viewer),
                enrolment=found,
                stage=data["stage"],
                minutes=form.signed_minutes(),
                reason=data["reason"],
                uuid=data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(
                request, "Your proposal is kept. It counts once a second person has agreed to it."
            )
            return redirect("adjustment", proposal.uuid)
    context = {
        "form": form,
        "title": "Adjust hours",
        "kicker": f"{found.person.name}, {found.cohort.name}",
        "lead": "Nothing counts differently until a second person, signed in as themselves, has agreed.",
        "button": "Propose",
        "back": reverse("enrolment_record", args=[found.uuid]),
        "back_text": "The record",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )


def _gone(_typed: QueryDict, *, proposal: UUID) -> bool:
    """Whether somebody agreed to a proposal, or declined it."""
    return not AdjustmentProposal.objects.filter(uuid=proposal).exists()


@proof.settled(_gone)
@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def adjustment(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """A proposal, for its proposer and for the second person; a POST agrees to it, with a proof, or declines it."""
    viewer = watcher(request)
    found = _proposal(viewer, proposal)
    person = acting(viewer)
    if request.method == "POST":
        form = SignedForm(request, request.POST)
        declines = request.POST.get("answer") == "decline"
        response = _decline(request, person, found) if declines else _agree(request, person, found, form)  # fmt: skip
        if response:
            return response
    else:
        form = SignedForm.opened(request)
    words = days.in_words(abs(found.minutes))
    context = {
        "form": form,
        "proposal": found,
        "words": f"{'Add' if found.minutes > 0 else 'Take away'} {words}",
        "own": found.proposer_id in identity(person),
    }
    status = signed_status_of(form) if form.is_bound else 200
    return render(request, "placements/coordinator/adjustment.html", context, status=status)


def _agree(
    request: HttpRequest, person: Person, found: AdjustmentProposal, form: SignedForm
) -> HttpResponse | None:
    """Where to go next; none when the form has an error."""
    if not form.is_valid():
        return None
    if form.wants_other_way:
        return proof.suspend(request, "agree to an adjustment of hours")
    if not proved(form):
        return None
    try:
        agree_adjustment(by=person, proposal=found)
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return None
    messages.success(request, "The hours are adjusted. The record shows both names and the reason.")
    return redirect("enrolment_record", found.enrolment.uuid)


def _decline(request: HttpRequest, person: Person, found: AdjustmentProposal) -> HttpResponse:
    try:
        decline_adjustment(by=person, proposal=found)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The proposal is gone. Nothing counts differently.")
    return redirect("enrolment_record", found.enrolment.uuid)


def _proposal(viewer: Viewer, uuid: UUID) -> AdjustmentProposal:
    allowed = policies.enrolments_with(viewer, Permission.ADJUST_HOURS)
    found = get_object_or_404(
        AdjustmentProposal.objects.filter(enrolment__in=allowed).select_related(
            "enrolment__person", "enrolment__book", "enrolment__cohort", "stage", "proposer"
        ),
        uuid=uuid,
    )
    viewer.opened(found.enrolment.person)
    return found
