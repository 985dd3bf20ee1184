"""Interrupting and resuming studies: what stands in the days is shown before anything is saved."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from placements import interruption_queries as queries
from placements.actions.interrupting import (
    cancel_interruption,
    interrupt_studies,
    resume_studies,
)
from placements.forms.student import UuidForm
from placements.forms.tutor import InterruptForm, ResumeForm
from placements.models import Enrolment, Interruption
from placements.views.coordinator import acting, refuse, status_of
from school.core.errors import DomainError
from school.people.middleware import Viewer


def _enrolment(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Enrolment]:
    """An enrolment that the viewer interrupts and resumes; 404 for everybody else."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        queries.enrolments_to_interrupt(viewer).select_related("person", "book", "cohort"),
        uuid=uuid,
    )
    viewer.opened(found.person)
    return viewer, found


def interrupt(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Interrupt studies from a day; when shifts or placements stand in the days, they are shown first."""
    viewer, found = _enrolment(request, enrolment)
    form = InterruptForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid4()}
    )
    status, within = 200, None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        within = queries.within(found, data["first"], data["last"])
        asked = f"{data['first']} {data['last'] or ''}".strip()
        # What was shown is what is saved: other days are looked at again.
        if not within or request.POST.get("seen") == asked:
            try:
                interrupt_studies(
                    by=acting(viewer),
                    enrolment=found,
                    first=data["first"],
                    last=data["last"],
                    reason=data["reason"],
                    uuid=data["uuid"],
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                said = queries.in_words(data["first"], data["last"])
                messages.success(
                    request,
                    f"Studies of {found.person.name} are interrupted {said}. "
                    "Nothing is expected of these days; hours already recorded stay.",
                )
                return redirect("enrolment_record", found.uuid)
    context = {
        "form": form,
        "enrolment": found,
        "within": within,
        "seen": asked if within is not None else "",
        "more": within.planned - len(within.first) if within else 0,
        "back": reverse("enrolment_record", args=[found.uuid]),
    }
    return render(
        request, "placements/tutor/interrupt.html", context, status=status_of(form, status)
    )


def _interruption(request: HttpRequest, enrolment: Enrolment, uuid: UUID) -> Interruption:
    """One that stands; what is sent again finds it however it stands by now, and the action answers."""
    facts = Interruption.objects.all() if request.method == "POST" else queries.standing()
    rows = facts.filter(enrolment=enrolment)
    found: Interruption = get_object_or_404(
        rows.select_related("entry", "enrolment__book", "enrolment__person"), entry__uuid=uuid
    )
    return found


def resume(request: HttpRequest, enrolment: UUID, interruption: UUID) -> HttpResponse:
    """Resume studies: give the interruption its last day."""
    viewer, found = _enrolment(request, enrolment)
    row = _interruption(request, found, interruption)
    form = ResumeForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "last": row.entry.about_to},
    )
    status = 200
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            resume_studies(
                by=acting(viewer), interruption=row, last=data["last"], uuid=data["uuid"]
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            said = queries.in_words(row.entry.about_from, data["last"])
            messages.success(request, f"Studies were interrupted {said}, and go on afterwards.")
            return redirect("enrolment_record", found.uuid)
    context = {
        "form": form,
        "enrolment": found,
        "interruption": row,
        "words": queries.in_words(row.entry.about_from, row.entry.about_to),
        "cancel": uuid4(),
        "back": reverse("enrolment_record", args=[found.uuid]),
    }
    return render(request, "placements/tutor/resume.html", context, status=status_of(form, status))


@require_POST
def cancel(request: HttpRequest, enrolment: UUID, interruption: UUID) -> HttpResponse:
    """Take back an interruption that was recorded by mistake."""
    viewer, found = _enrolment(request, enrolment)
    row = _interruption(request, found, interruption)
    form = UuidForm(request.POST)
    try:
        uuid = form.cleaned_data["uuid"] if form.is_valid() else uuid4()
        cancel_interruption(by=acting(viewer), interruption=row, uuid=uuid)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The interruption is taken back. The record keeps that it was.")
    return redirect("enrolment_record", found.uuid)
