"""What a sign-in or a proof interrupted: finishing it, going back to it, or hearing that nothing is left to do."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache

from school.people import proof
from school.people.models import Person

# Fields of the page's own, which say nothing to the person who filled it in.
TECHNICAL = frozenset({"batch", "device_time", "other_way", "until_now"})


@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """What was interrupted by a sign-in or a proof, each with one button that finishes it, or leads back to it."""
    person = request.viewer.person  # type: ignore[attr-defined]
    if request.method == "POST" and person:
        proof.drop(person.uuid, request.POST.get("drop", ""))
        return redirect("resume")
    acts = _still_to_do(request, person) if person else []
    if not acts:
        return redirect("home")
    shown = [
        {
            "act": act,
            "rows": [
                {"key": name.replace("_", " ").capitalize(), "value": value}
                for name, value in act.fields
                if value and not _is_technical(name, value)
            ],
        }
        for act in acts
    ]
    return render(request, "people/resume.html", {"shown": shown, "field": proof.RESUME_FIELD})


def _still_to_do(request: HttpRequest, person: Person) -> list[proof.Act]:
    """What waits for the person; what was settled meanwhile is said once, and waits no longer."""
    left = []
    for act in proof.kept_acts(person.uuid):
        if not _is_settled(act):
            left.append(act)
            continue
        proof.drop(person.uuid, act.uuid)
        messages.info(
            request,
            f"You were about to {act.what}. That is settled by now, by you or by somebody else, "
            "so nothing is left to do.",
        )
    return left


def _is_settled(act: proof.Act) -> bool:
    """Whether nothing is left to do of an act that waits for its owner."""
    try:
        match = resolve(act.page)
    except Resolver404:
        return False
    rule = getattr(match.func, "settled", None)
    try:
        return rule is not None and rule(act.typed, **match.kwargs)
    except ValidationError:  # a form that was kept before anybody looked at it
        return False


def _is_technical(name: str, value: str) -> bool:
    """Whether a field is the page's own and says nothing to the person who filled it in."""
    if name in TECHNICAL or "uuid" in name:
        return True
    try:
        UUID(value)
    except ValueError:
        return False
    return True
