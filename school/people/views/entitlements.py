"""What somebody is entitled to do under IR(ME)R: the list, adding to it, and a review or an end."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst

from school.core import clock, days
from school.core.errors import DomainError
from school.people.entitling import (
    Terms,
    change_entitlement,
    entitle,
    entitlements_of,
    may_entitle,
)
from school.people.forms import EntitleForm, ReviewForm
from school.people.models import Entitlement, Person
from school.people.roles import Permission


def _shown(request: HttpRequest, person: UUID) -> tuple[Any, Person, bool]:
    """The viewer, the person, and whether the one says what the other is entitled to do.

    403 without any such role for somebody else's, 404 out of scope; everybody sees their own.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    own = viewer.person is not None and viewer.person.uuid == person
    if not own and not viewer.may(Permission.KEEP_ENTITLEMENTS):
        raise PermissionDenied(
            "Only site leads and workforce managers see what others are entitled to do."
        )
    shown = get_object_or_404(Person.objects.select_related("book"), uuid=person)
    allowed = bool(may_entitle(viewer.hats, viewer.me, shown))
    if not allowed and shown.pk not in viewer.me:
        raise Http404
    viewer.opened(shown)
    return viewer, shown, allowed


def entitlements(request: HttpRequest, person: UUID) -> HttpResponse:
    """What somebody is and was entitled to do; who may, adds to it."""
    viewer, shown, allowed = _shown(request, person)
    if request.method == "POST" and not allowed:
        raise PermissionDenied("Nobody says what they are entitled to do themselves.")
    form = EntitleForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid4()}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = entitle(
                person=shown,
                employer=data["employer"],
                practice=Entitlement.Practice(data["practice"]),
                terms=Terms(data["first"], data["last"], data["review_on"]),
                by=viewer.person,
                uuid=data["uuid"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            status = error.status
        else:
            messages.success(
                request,
                f"{capfirst(made.get_practice_display())}: {shown.name} is entitled to it from "
                f"{days.long_date(data['first'])}.",
            )
            return redirect("entitlements", shown.uuid)
    elif form.is_bound:
        status = 422
    context = {
        "person": shown,
        "form": form if allowed else None,
        "rows": [_line(row) for row in entitlements_of(shown)],
        "is_self": shown.pk in viewer.me,
    }
    return render(request, "people/entitlements.html", context, status=status)


def change(request: HttpRequest, person: UUID, entitlement: UUID) -> HttpResponse:
    """Review an entitlement, or end it."""
    viewer, shown, allowed = _shown(request, person)
    if not allowed:
        raise PermissionDenied("Nobody says what they are entitled to do themselves.")
    found = next((row for row in entitlements_of(shown) if row.entry.uuid == entitlement), None)
    if found is None:
        raise Http404
    initial = {"uuid": uuid4(), "review_on": found.review_on, "last": found.entry.about_to}
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = change_entitlement(
                entitlement=found,
                last=data["last"],
                review_on=data["review_on"],
                by=viewer.person,
                uuid=data["uuid"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            status = error.status
        else:
            messages.success(request, _told(made))
            return redirect("entitlements", person)
    elif form.is_bound:
        status = 422
    context = {"person": shown, "form": form, "row": _line(found)}
    return render(request, "people/entitlement.html", context, status=status)


def _told(made: Entitlement) -> str:
    if made.cancelled:
        return "The entitlement was taken back from its first day. The history keeps it."
    if made.entry.about_to:
        return f"The entitlement ends on {days.long_date(made.entry.about_to)}."
    return f"The next review is on {days.long_date(made.review_on)}."


def _line(row: Entitlement) -> dict[str, Any]:
    today, first, last = clock.today(), row.entry.about_from, row.entry.about_to
    if last is not None and last < today:
        look, state = "withdrawn", "Ended"
    elif first > today:
        look, state = "under-way", "To come"
    elif row.review_on < today:
        look, state = "notice", "Review overdue"
    else:
        look, state = "achieved", "In force"
    return {
        "row": row,
        "practice": capfirst(row.get_practice_display()),
        "look": look,
        "state": state,
        "open": state != "Ended",
    }
