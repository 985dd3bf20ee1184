"""What the checks say while there is time to act, the reason for a gap, and the register one is on."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from logbooks.cpd import cycles, policies, queries
from logbooks.cpd.actions import measuring as actions
from logbooks.cpd.forms.activities import GapForm, RegistrationForm
from logbooks.cpd.measure import measure
from logbooks.cpd.views.common import person_of, viewer_of
from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """The checks of the period so far, with its gaps, and when the renewal is."""
    person_of(request)
    me, today = viewer_of(request).me, clock.today()
    found = measure(me, today)
    drawn = found.cycle and cycles.is_drawn_at(found.cycle, found.registered_on, found.scheme)
    context = {
        "measure": found,
        "countdown": cycles.countdown(found.cycle, today) if found.cycle else None,
        "drawn": drawn,
        "checked": queries.checked(me, found, today),
    }
    return render(request, "cpd/checks.html", context)


def gap(request: HttpRequest) -> HttpResponse:
    """Say why there is nothing between two days, change what was said, or take it back."""
    person = person_of(request)
    rows = policies.gap_reasons(viewer_of(request))
    if request.method != "POST":
        said = _uuid(request.GET.get("reason", ""))
        held = rows.filter(uuid=said).first() if said else None
        initial = {
            "uuid": held.uuid if held else uuid4(),
            "first": held.first if held else days.from_address(request.GET.get("first", "")),
            "last": held.last if held else days.from_address(request.GET.get("last", "")),
            "words": held.words if held else "",
        }
        return render(request, "cpd/gap.html", {"form": GapForm(initial=initial), "held": held})
    said = _uuid(request.POST.get("uuid", ""))
    if said and "away" in request.POST:
        actions.take_back_reason(by=person, uuid=said)
        messages.success(request, "The reason is no longer in your record.")
        return redirect("cpd_checks")
    form = GapForm(request.POST)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.explain_gap(
                by=person,
                uuid=data["uuid"],
                first=data["first"],
                last=data["last"],
                words=data["words"],
            )
        except NotAllowed:
            raise
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The reason is in your record.")
            return redirect("cpd_checks")
    held = rows.filter(uuid=said).first() if said else None
    return render(request, "cpd/gap.html", {"form": form, "held": held}, status=status)


def registration(request: HttpRequest) -> HttpResponse:
    """Which register one is on, and since when."""
    person = person_of(request)
    found = measure(viewer_of(request).me, clock.today())
    form = RegistrationForm(
        request.POST if request.method == "POST" else None,
        initial={
            "profession": found.profession.key if found.profession else "",
            "registered_on": found.registered_on,
        },
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.say_registration(
                    by=person,
                    profession=data["profession"],
                    registered_on=data["registered_on"],
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "Saved. Your renewal window follows from it.")
                return redirect("cpd_checks")
    context = {"form": form, "known": bool(person.registration_number)}
    return render(request, "cpd/registration.html", context, status=status)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
