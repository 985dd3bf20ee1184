"""Asking somebody without an account to confirm."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from placements import confirmation_links as reads
from placements import lines as shown
from placements import policies
from placements.actions import links
from placements.forms.links import AskForm
from placements.models import ConfirmationLink, Enrolment, Shift
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.queries import identity


@require_http_methods(["GET", "HEAD", "POST"])
def ask_by_link(request: HttpRequest) -> HttpResponse:
    """A student asks somebody without an account to confirm."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.person is None:
        raise Http404
    own = Enrolment.objects.filter(person__in=identity(viewer.person))
    return _ask(request, viewer.person, own, back=reverse("shifts"), here=reverse("ask_by_link"))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_by_link_for(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A coordinator asks on behalf of a student they place."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(policies.managed_enrolments(viewer), uuid=enrolment)
    assert viewer.person is not None  # a role belongs to a person
    viewer.opened(found.person)
    one = Enrolment.objects.filter(pk=found.pk)
    here = reverse("ask_by_link_for", args=[enrolment])
    return _ask(
        request, viewer.person, one, back=reverse("person", args=[found.person.uuid]), here=here
    )


def _ask(
    request: HttpRequest, person: Person, enrolments: Any, *, back: str, here: str
) -> HttpResponse:
    lines = shown.lines(reads.waiting_shifts(enrolments))
    status = 200
    form = AskForm(request.POST or None, lines=lines, initial={"uuid": uuid4()})
    if request.method == "POST":
        try:
            if form.is_valid():
                link = _sent(person, form)
                messages.success(
                    request,
                    f"A mail is on its way to {link.address}. The link in it works for 7 days.",
                )
                return redirect(here)
            status = 422
        except DomainError as error:
            status = refuse(form, error)
    context = {
        "form": form,
        "lines": lines,
        "asked": reads.asked(enrolments),
        "back": back,
        "own": here == reverse("ask_by_link"),
    }
    return render(request, "placements/links/ask.html", context, status=status)


def _sent(person: Person, form: AskForm) -> ConfirmationLink:
    chosen = list(
        Shift.objects.filter(entry__uuid__in=form.cleaned_data["shifts"]).select_related(
            "placement__site",
            "placement__enrolment__person",
            "placement__enrolment__cohort__programme",
        )
    )
    return links.ask_by_link(
        by=person,
        placement=chosen[0].placement,
        name=form.cleaned_data["name"],
        address=form.cleaned_data["address"],
        shifts=chosen,
        uuid=form.cleaned_data["uuid"],
    )
