"""One placement: its state and dates, who supervises, its rota and the induction."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from placements import (
    arriving_queries,
    interruption_queries,
    policies,
    reference,
    steps,
    student_queries,
)
from placements.actions import placing
from placements.actions.rota import plan_rota, planned_by
from placements.forms.arriving import InductionForm
from placements.forms.coordinator import (
    LastDayForm,
    RotaForm,
    SupervisionForm,
)
from placements.interruptions import covering
from placements.models import Induction, Placement, PlannedShift, Supervision, WorkingPattern
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core import clock, days, ledger
from school.core.errors import DomainError
from school.people.actions import add_person
from school.people.middleware import Viewer

State = Placement.State
SHOWN = 30


def found_placement(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Placement]:
    """A placement of a student whom the viewer may place; 404 for everybody else."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    gone = Placement.objects.filter(moved_from=OuterRef("pk")).exclude(state=State.WITHDRAWN)
    row = get_object_or_404(
        Placement.objects.annotate(
            gone_to=Subquery(gone.values("uuid")[:1]),
            gone_to_site=Subquery(gone.values("site__name")[:1]),
        )
        .filter(enrolment__in=policies.managed_enrolments(viewer))
        .select_related(
            "site__scope",
            "stage",
            "enrolment__person",
            "enrolment__book",
            "enrolment__cohort__programme",
            "moved_from__site",
        ),
        uuid=uuid,
    )
    viewer.opened(row.enrolment.person)
    return viewer, row


def _moved_to(row: Any) -> dict[str, Any] | None:
    """Where a found placement went on, unless that is withdrawn itself."""
    return {"uuid": row.gone_to, "site": row.gone_to_site} if row.gone_to else None


def placement(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Everything about a placement that a coordinator looks after."""
    _, row = found_placement(request, placement)
    supervisions = Supervision.objects.standing().filter(placement=row).select_related("person")
    to_come = PlannedShift.objects.filter(placement=row, start__gte=clock.now())
    induction = Induction.objects.filter(placement=row).select_related("given_by").first()
    today = clock.today()
    context = {
        "placement": row,
        "person": row.enrolment.person,
        "moves": Placement.MOVES[State(row.state)],
        "active": row.state in Placement.ACTIVE,
        "moved_to": _moved_to(row),
        "steps": steps.history(row),
        "supervisions": [
            {
                "fact": fact,
                "capacity": fact.get_capacity_display(),
                "ended": fact.entry.about_to is not None and fact.entry.about_to < today,
                "account": fact.person.user_id is not None,
            }
            for fact in supervisions.order_by("entry__about_from", "pk")
        ],
        "rota": _rota(row, to_come),
        "lost": [note for note in student_queries.notes([row]) if note.is_lost],
        "induction": induction,
        "items": ledger.private_text(induction, "items").splitlines()
        if induction and induction.items_hash
        else [],
    }
    return render(request, "placements/coordinator/placement.html", context)


def _rota(row: Placement, to_come: QuerySet[PlannedShift]) -> list[PlannedShift]:
    """The shifts to come, each knowing whether studies are interrupted on its day."""
    broken = interruption_queries.spans([row.enrolment_id])
    found = list(to_come[: SHOWN + 1])
    for shift in found:
        shift.interrupted = covering(broken, days.london_day(shift.start)) is not None  # type: ignore[attr-defined]
    return found


@require_POST
def move_placement(request: HttpRequest, placement: UUID, to: str) -> HttpResponse:
    """Confirm or complete a placement."""
    viewer, row = found_placement(request, placement)
    try:
        placing.move_state(by=acting(viewer), placement=row, to=State(to))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"The placement is {row.get_state_display()}.")
    return redirect("placement", row.uuid)


def add_supervision(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Name who supervises: somebody known, or somebody new without an account."""
    viewer, row = found_placement(request, placement)
    form = SupervisionForm(
        request.POST if request.method == "POST" else None,
        initial={"starts": row.starts, "ends": row.ends},
    )

    def act(data: dict[str, Any]) -> str:
        with transaction.atomic():
            person = form.known or add_person(
                name=data["new_name"],
                email=data["new_email"],
                by=acting(viewer),
            )
            placing.supervise(
                by=acting(viewer),
                placement=row,
                person=person,
                capacity=data["capacity"],
                starts=data["starts"],
                ends=data["ends"],
                reason=data["reason"],
            )
        return f"{person.name} supervises {row.enrolment.person.name} from {days.long_date(data['starts'])}."

    return _form(request, row, form, "Name who supervises", act, "Save")


def end_supervision(request: HttpRequest, placement: UUID, supervision: UUID) -> HttpResponse:
    """Give a supervision its last day; what the person decided keeps their name."""
    viewer, row = found_placement(request, placement)
    fact = get_object_or_404(
        Supervision.objects.standing().select_related("person", "placement__enrolment__book"),
        placement=row,
        entry__uuid=supervision,
    )

    def act(data: dict[str, Any]) -> str:
        placing.end_supervision(by=acting(viewer), supervision=fact, **data)
        return f"{fact.person.name} supervises until {days.long_date(data['last_day'])}."

    form = LastDayForm(
        request.POST if request.method == "POST" else None, initial={"last_day": clock.today()}
    )
    title = f"End the supervision by {fact.person.name}"
    return _form(request, row, form, title, act, "Save")


def plan_placement_rota(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Plan the shifts to come by a weekly pattern, in place of those planned already."""
    viewer, row = found_placement(request, placement)
    initial = {"start": "08:00", "end": "16:00", "break_minutes": 30}
    form = RotaForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        choose_from=WorkingPattern.objects.filter(site=row.site),
    )

    def act(data: dict[str, Any]) -> str:
        pattern = form.pattern()
        assert pattern is not None
        shifts = planned_by(pattern, row, reference.day_types()["clinical"])
        planned = plan_rota(
            by=acting(viewer),
            placement=row,
            shifts=shifts,
            reason=data["reason"],
        )
        return f"{len(planned)} shifts to come are planned."

    lead = "Bank holidays are left out. Shifts to come that are planned already are replaced; make-up shifts stay."
    return _form(request, row, form, "Plan the rota", act, "Plan the shifts", lead=lead)


def record_induction(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Record that the student's site induction took place."""
    viewer, row = found_placement(request, placement)

    def act(data: dict[str, Any]) -> str:
        placing.record_induction(by=acting(viewer), placement=row, **data)
        return "The induction is recorded. Hours can be confirmed."

    initial = {"uuid": uuid4(), "day": min(row.starts, clock.today())}
    items = arriving_queries.induction_list(arriving_queries.guide_of(row.site))
    data = request.POST if request.method == "POST" else None
    form = InductionForm(data, initial=initial, items=items)
    return _form(request, row, form, "Record the site induction", act, "Record")


def _form(
    request: HttpRequest,
    row: Placement,
    form: Form,
    title: str,
    act: Callable[[dict[str, Any]], str],
    button: str,
    lead: str = "",
) -> HttpResponse:
    """One form about a placement: what a rule refuses comes back at its field, everything typed stays."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, said)
            return redirect("placement", row.uuid)
    context = {
        "form": form,
        "title": title,
        "kicker": f"{row.enrolment.person.name}, {row.site.name}",
        "lead": lead,
        "button": button,
        "back": reverse("placement", args=[row.uuid]),
        "back_text": "The placement",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )
