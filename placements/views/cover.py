"""Who stands in for a practice educator: naming somebody before leave, changing it, taking it back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from placements import cover_queries as queries
from placements import policies
from placements.actions.cover import cancel_cover, name_stand_in
from placements.forms.cover import CoverForm
from placements.forms.student import UuidForm
from placements.models import Cover
from placements.views.coordinator import demand, refuse, status_of
from placements.views.educator import person_of, viewer_of
from school.core import clock
from school.core.errors import DomainError
from school.people.models import Person
from school.people.queries import identity


def _educator(request: HttpRequest) -> Person:
    demand(policies.may_name_stand_in(viewer_of(request)))
    return person_of(request)


def cover(request: HttpRequest) -> HttpResponse:
    """The days on which somebody stands in, and a form to name somebody."""
    person = _educator(request)
    me = identity(person)
    form = CoverForm(
        request.POST if request.method == "POST" else None,
        people=queries.possible_stand_ins(me),
        initial={"uuid": uuid4(), "starts": clock.today()},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            named = name_stand_in(by=person, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, _said(named))
            return redirect("cover")
    context = {
        "form": form,
        "covers": [
            {"fact": fact, "days": queries.said_days(fact), "cancel": uuid4()}
            for fact in queries.covers_of(me)
        ],
        "standing_in": [
            {"name": fact.person.name, "days": queries.said_days(fact)}
            for fact in policies.covering(me).select_related("person")
        ],
        "possible": form.fields["stand_in"].queryset,  # type: ignore[attr-defined]
    }
    return render(request, "placements/cover/cover.html", context, status=status_of(form, status))


def change_cover(request: HttpRequest, cover: UUID) -> HttpResponse:
    """Name somebody else, or other days."""
    person = _educator(request)
    found = _own(person, cover)
    form = CoverForm(
        request.POST if request.method == "POST" else None,
        people=queries.possible_stand_ins(identity(person)),
        initial={
            "uuid": uuid4(),
            "stand_in": found.stand_in.uuid,
            "starts": found.entry.about_from,
            "ends": found.entry.about_to,
        },
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            named = name_stand_in(by=person, changes=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, _said(named))
            return redirect("cover")
    context = {"form": form}
    return render(request, "placements/cover/change.html", context, status=status_of(form, status))


@require_POST
def cancel(request: HttpRequest, cover: UUID) -> HttpResponse:
    """Take a cover back."""
    person = _educator(request)
    found = _own(person, cover)
    form = UuidForm(request.POST)
    if form.is_valid():
        try:
            cancel_cover(by=person, cover=found, uuid=form.cleaned_data["uuid"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{found.stand_in.name} does not stand in for you any more.")
    return redirect("cover")


def _own(person: Person, uuid: UUID) -> Cover:
    rows = Cover.objects.select_related("person", "stand_in")
    found: Cover = get_object_or_404(rows, entry__uuid=uuid, person__in=identity(person))
    return found


def _said(named: Cover) -> str:
    return f"{named.stand_in.name} stands in for you, {queries.said_days(named)}."
