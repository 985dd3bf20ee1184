"""Changing a placement in two steps: what the change breaks is shown, and what was typed is kept, before it is saved."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from placements import changes, policies
from placements.actions import moving, placing
from placements.forms.moving import DatesForm, MoveForm, SwapForm, WithdrawForm
from placements.models import Placement
from placements.views.coordinator import acting, refuse, status_of
from placements.views.coordinator.placement import found_placement
from placements.views.coordinator.placing import ACTS, TITLES
from school.core import clock, days
from school.core.errors import DomainError
from school.people.middleware import Viewer

AnyForm = MoveForm | SwapForm | DatesForm | WithdrawForm


def move_to_site(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Move a placement to another site from a day on."""
    viewer, row = found_placement(request, placement)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        placement=row,
        initial={"uuid": uuid4(), "day": _first_day(row), "ends": row.ends},
    )

    def check() -> list[changes.Section]:
        data = form.cleaned_data
        part = moving.moving(
            row,
            data["site"],
            data["day"],
            data["ends"],
            uuid=data["uuid"],
            confirmed=data["confirmed"],
        )
        moving.check([part])
        return changes.of_parts([part], form.rota())

    def act() -> tuple[str, Placement]:
        data = form.cleaned_data
        new = moving.move(
            by=acting(viewer),
            placement=row,
            site=data["site"],
            day=data["day"],
            ends=data["ends"],
            uuid=data["uuid"],
            reason=data["why"],
            confirmed=data["confirmed"],
            rota=form.rota(),
        )
        said = (
            f"{row.enrolment.person.name} goes to {new.site.name} on {days.long_date(new.starts)}"
        )
        return f"{said}. Name who supervises there next.", new

    title = "Move to another site"
    lead = "What was worked stays where it was worked. The next page shows what else the move does."
    return _in_two_steps(request, row, form, check, act, title=title, lead=lead, button="Move")


def swap_placements(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Let two students of a stage take over each other's place."""
    viewer, row = found_placement(request, placement)
    form = SwapForm(
        request.POST if request.method == "POST" else None,
        others=_others(viewer, row, request.POST.get("other_uuid", "")),
        initial={"uuid": uuid4(), "other_uuid": uuid4(), "day": _first_day(row)},
    )

    def check() -> list[changes.Section]:
        data = form.cleaned_data
        moving.rule_swappable(row, data["other"])
        parts = moving.swapping(
            row,
            data["other"],
            data["day"],
            uuids=(data["uuid"], data["other_uuid"]),
            confirmed=data["confirmed"],
        )
        moving.check(parts)
        return changes.of_parts(parts)

    def act() -> tuple[str, Placement]:
        data = form.cleaned_data
        mine, theirs = moving.swap(
            by=acting(viewer),
            first=row,
            second=data["other"],
            day=data["day"],
            uuids=(data["uuid"], data["other_uuid"]),
            reason=data["why"],
            confirmed=data["confirmed"],
        )
        said = " and ".join(
            f"{new.enrolment.person.name} goes to {new.site.name} on {days.long_date(new.starts)}"
            for new in (mine, theirs)
        )
        return f"{said}. Name who supervises each of them next.", mine

    title = "Swap with another student"
    lead = "No place has to be free: each takes over what is left of the other’s, with its rota."
    return _in_two_steps(request, row, form, check, act, title=title, lead=lead, button="Swap")


def change_dates(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Give a placement other dates."""
    viewer, row = found_placement(request, placement)
    form = DatesForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "starts": row.starts, "ends": row.ends},
    )

    def check() -> list[changes.Section]:
        placing.rule_active(row)
        return [changes.of_dates(row, form.cleaned_data["starts"], form.cleaned_data["ends"])]

    def act() -> tuple[str, Placement]:
        placing.change_dates(by=acting(viewer), placement=row, **form.cleaned_data)
        dates = f"{days.long_date(row.starts)} to {days.long_date(row.ends)}"
        return f"The placement now runs from {dates}.", row

    lead = "Planned shifts outside the new dates go off the rota. Shifts that were worked stay."
    return _in_two_steps(
        request, row, form, check, act, title="Change the dates", lead=lead, button="Save the dates"
    )


def withdraw_placement(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Withdraw a placement, with the reason."""
    viewer, row = found_placement(request, placement)
    form = WithdrawForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid4()}
    )

    def check() -> list[changes.Section]:
        placing.rule_active(row)
        return [changes.of_withdrawal(row)]

    def act() -> tuple[str, Placement]:
        to = Placement.State.WITHDRAWN
        placing.move_state(by=acting(viewer), placement=row, to=to, **form.cleaned_data)
        return "The placement is withdrawn. Hours already confirmed stay counted.", row

    title = "Withdraw the placement"
    lead = "Hours already confirmed stay counted, at this site. Planned shifts to come go off the rota."
    return _in_two_steps(request, row, form, check, act, title=title, lead=lead, button="Withdraw")


def _first_day(row: Placement) -> date:
    """The day that a change most likely begins on: tomorrow, or the first day of a placement to come."""
    return min(max(row.starts, clock.today() + days.DAY), row.ends)


def _others(viewer: Viewer, row: Placement, sent: str) -> QuerySet[Placement]:
    """The placements that a student's could be swapped with: of the same stage, elsewhere, in the same weeks.

    `sent` is the UUID that the other student's new placement has when the swap is sent again.
    """
    gone = Placement.objects.exclude(state=Placement.State.WITHDRAWN)
    choice = Q(
        ~Q(site=row.site_id) & ~Q(enrolment=row.enrolment_id),
        ~Exists(gone.filter(moved_from=OuterRef("pk"))),
        stage=row.stage_id,
        state__in=Placement.ACTIVE,
        starts__lte=row.ends,
        ends__gte=max(row.starts, clock.today()),
    )
    with suppress(ValueError):
        choice |= Q(Exists(Placement.objects.filter(moved_from=OuterRef("pk"), uuid=UUID(sent))))
    return (
        Placement.objects.filter(choice, enrolment__in=policies.managed_enrolments(viewer))
        .select_related("enrolment__person", "enrolment__book", "enrolment__cohort__programme")
        .select_related("site", "stage")
        .order_by("enrolment__person__name", "starts")
    )


def _in_two_steps(
    request: HttpRequest,
    row: Placement,
    form: AnyForm,
    check: Callable[[], list[changes.Section]],
    act: Callable[[], tuple[str, Placement]],
    *,
    title: str,
    lead: str,
    button: str,
) -> HttpResponse:
    """The form, then what it would do, then the act; what a rule refuses comes back with all that was typed."""
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "kicker": f"{row.enrolment.person.name}, {row.site.name}",
        "lead": lead,
        "button": button,
        "back": reverse("placement", args=[row.uuid]),
    }
    if request.method != "POST" or "change" in request.POST or not form.is_valid():
        if "change" in request.POST:
            form.errors.clear()
        return _form_page(request, form, context)
    refused: DomainError | None = None
    if "save" in request.POST:
        try:
            said, target = act()
        except DomainError as error:
            refused = error
            row.refresh_from_db(fields=placing.STANDING)
        else:
            messages.success(request, said)
            return redirect("placement", target.uuid)
    try:
        sections = check()
    except DomainError as error:
        return _form_page(request, form, context, refuse(form, error))
    status = refuse(form, refused) if refused else 200
    typed: Any = form.data
    context |= {
        "sections": [
            {
                "section": section,
                "problems": [(TITLES[found.rule], found.sentence) for found in section.problems],
            }
            for section in sections
        ],
        "possible": all(section.possible for section in sections),
        "breaches": any(section.breaches for section in sections),
        "typed": [(name, values) for name, values in typed.lists() if name not in _acts(sections)],
    }
    return render(request, "placements/moving/check.html", context, status=status_of(form, status))


def _acts(sections: list[changes.Section]) -> tuple[str, ...]:
    """What the page does not repeat as it was typed: its buttons, and the reason that it asks for itself."""
    asks = any(section.breaches for section in sections)
    return ACTS if asks else tuple(name for name in ACTS if name != "reason")


def _form_page(
    request: HttpRequest, form: AnyForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    rota = getattr(form, "ROTA", ())
    context |= {
        "fields": [form[name] for name in form.MAIN],
        "rota_fields": [form[name] for name in rota],
    }
    return render(request, "placements/moving/form.html", context, status=status_of(form, status))
