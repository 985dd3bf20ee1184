"""Adjusting hours: one person proposes on this page, a second agrees or declines, signed in as themselves."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from placements import policies
from placements.actions.adjusting import (
    agree_adjustment,
    decline_adjustment,
    propose_adjustment,
)
from placements.forms.coordinator import AdjustForm
from placements.models import AdjustmentProposal, Enrolment
from placements.views.coordinator import acting, refuse, status_of, watcher
from school.core import days
from school.core.errors import DomainError
from school.people.middleware import Viewer
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


def adjustment(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """A proposal, for its proposer and for the second person."""
    viewer = watcher(request)
    found = _proposal(viewer, proposal)
    own = found.proposer_id in identity(acting(viewer))
    words = days.in_words(abs(found.minutes))
    context = {
        "proposal": found,
        "words": f"{'Add' if found.minutes > 0 else 'Take away'} {words}",
        "own": own,
    }
    return render(request, "placements/coordinator/adjustment.html", context)


@require_POST
def settle(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Agree to a proposal, or decline it."""
    viewer = watcher(request)
    found = _proposal(viewer, proposal)
    person = acting(viewer)
    try:
        if request.POST.get("answer") == "agree":
            agree_adjustment(by=person, proposal=found)
            said = "The hours are adjusted. The record shows both names and the reason."
        else:
            decline_adjustment(by=person, proposal=found)
            said = "The proposal is gone. Nothing counts differently."
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("adjustment", found.uuid)
    messages.success(request, said)
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
