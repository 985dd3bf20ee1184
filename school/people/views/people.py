"""Who is here: the list, a person's roles and account, invitations, and the page of a person's records."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from school.core import days
from school.core.decision import Decision
from school.core.errors import DomainError
from school.core.registries import panels
from school.people.actions import (
    Invited,
    close_account,
    end_grant,
    grant_role,
    invite,
    invite_to_role,
    reopen_account,
)
from school.people.addresses import address_of, mark_of, marked
from school.people.changing import waiting_change
from school.people.forms import EndForm, GrantForm, InviteForm, PeopleFilterForm
from school.people.models import Person
from school.people.policies import may_invite, may_manage_people, visible_people
from school.people.queries import given, grants, merges_of
from school.people.roles import ROLES, Permission

PAGE = 30


def demand(decision: Decision) -> None:
    """Turn away whom a policy refuses."""
    if not decision:
        raise PermissionDenied(decision.reason)


def people(request: HttpRequest) -> HttpResponse:
    """Everyone, with the roles they hold today."""
    demand(may_manage_people(request.viewer))  # type: ignore[attr-defined]
    form = PeopleFilterForm(request.GET or None)
    rows = Person.objects.select_related("user").order_by("name", "pk")
    if form.is_valid():
        words, role = form.cleaned_data["name"].strip(), form.cleaned_data["role"]
        if words:
            rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
        if role:
            rows = rows.filter(pk__in=grants().filter(role=role).values("person"))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "listed": lines(page), "filtered": bool(request.GET)}
    return render(request, "people/people.html", context)


def lines(people: Iterable[Person]) -> list[dict[str, Any]]:
    """Each person with their own roles of today and their account, in words."""
    people = list(people)
    held: dict[int, list[str]] = {}
    for grant in grants().filter(person__in=people).select_related("scope"):
        held.setdefault(grant.person_id, []).append(f"{ROLES[grant.role].name}, {grant.scope.name}")
    marks = marked(address_of(person) for person in people)
    return [
        {
            "person": person,
            "roles": sorted(held.get(person.pk, [])),
            "account": account_of(person),
            "mark": marks.get(address_of(person).lower()),
        }
        for person in people
    ]


def no_user_management(request: HttpRequest) -> HttpResponse:
    """Wagtail's own user management is shut: people and their roles are kept here."""
    return redirect("people")


def account_of(person: Person) -> str:
    """How it stands with somebody's account."""
    if person.user is None:
        return "No account"
    return "Account" if person.user.is_active else "Account closed"


def invite_someone(request: HttpRequest) -> HttpResponse:
    """Invite somebody by name and address, with the first role they get."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_invite(viewer))
    form = InviteForm(
        request.POST or None,
        initial={"uuid": uuid4()},
        may_grant_all=viewer.may(Permission.GRANT_ROLES),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = invite_to_role(
                name=data["name"],
                email=data["email"],
                role=ROLES[data["role"]],
                scope=data["scope"],
                from_day=data["from_day"],
                by=viewer.person,
                uuid=data["uuid"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request,
                f"{_told(done)} The role is theirs from {days.long_date(data['from_day'])}.",
            )
            if may_manage_people(viewer):
                return redirect("person_roles", done.person.uuid)
            return redirect("invite_someone")
    return render(request, "people/invite.html", {"form": form})


def _told(done: Invited) -> str:
    if done.had_account:
        return f"{done.person.name} has an account already, so no invitation was sent."
    return f"An invitation to {done.person.name} is on its way to {done.person.email}."


def person_roles(request: HttpRequest, person: UUID) -> HttpResponse:
    """A person's account and roles, for administrators; shows no record."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    shown = get_object_or_404(Person.objects.select_related("user"), uuid=person)
    form = GrantForm(request.POST or None, initial={"uuid": uuid4()}, may_grant_all=True)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        role = ROLES[data["role"]]
        try:
            grant_role(
                person=shown,
                role=role,
                scope=data["scope"],
                from_day=data["from_day"],
                by=viewer.person,
                uuid=data["uuid"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request,
                f"{shown.name} is {role.name.lower()} for {data['scope'].name} from "
                f"{days.long_date(data['from_day'])}.",
            )
            return redirect("person_roles", shown.uuid)
    standing = given().filter(person=shown).select_related("scope").order_by("-entry__about_from")
    merges = merges_of(shown)
    context = {
        "form": form,
        "person": shown,
        "account": account_of(shown),
        "mark": mark_of(shown),
        "address_change": waiting_change(shown),
        "roles": [{"grant": grant, "role": ROLES[grant.role]} for grant in standing],
        "is_self": shown == viewer.person,
        "merges": merges,
        "may_switch": shown != viewer.person and all(merge.kept == shown for merge, _ in merges),
    }
    return render(request, "people/person_roles.html", context)


def end_role(request: HttpRequest, person: UUID, grant: UUID) -> HttpResponse:
    """Give a role its last day, or take back one given by mistake."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    found = get_object_or_404(
        given().select_related("person", "scope"),
        entry__uuid=grant,
        person__uuid=person,
    )
    form = EndForm(request.POST or None, initial={"uuid": uuid4()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            ended = end_grant(
                grant=found, last_day=data["last_day"], by=viewer.person, uuid=data["uuid"]
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            told = f"The role ends on {days.long_date(data['last_day'])}."
            if ended.cancelled:
                told = "The role was taken back from its first day. The history keeps it."
            messages.success(request, told)
            return redirect("person_roles", person)
    context = {"form": form, "grant": found, "role": ROLES[found.role]}
    return render(request, "people/end_role.html", context)


@require_POST
def send_invitation(request: HttpRequest, person: UUID) -> HttpResponse:
    """Send another invitation to somebody who has no account yet."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    shown = get_object_or_404(Person, uuid=person)
    messages.success(request, _told(invite(person=shown, by=viewer.person)))
    return redirect("person_roles", shown.uuid)


@require_POST
def switch_account(request: HttpRequest, person: UUID) -> HttpResponse:
    """Close or reopen somebody's account."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    shown = get_object_or_404(Person.objects.select_related("user"), uuid=person)
    if request.POST.get("open") == "yes":
        reopen_account(person=shown, by=viewer.person)
        messages.success(request, f"{shown.name} can sign in again.")
    else:
        close_account(person=shown, by=viewer.person)
        messages.success(
            request, f"The account of {shown.name} is closed. The record stays as it is."
        )
    return redirect("person_roles", shown.uuid)


def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """A person's records, made of the cards that the apps offer."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = get_object_or_404(visible_people(viewer), uuid=person)
    viewer.opened(shown)
    context = {
        "person": shown,
        "panels": panels("person", viewer, shown),
        "is_self": shown == viewer.person,
    }
    return render(request, "people/person.html", context)
