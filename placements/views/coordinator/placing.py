"""Putting a student on a place: a form, a page that shows what speaks against it, and the act."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from placements import places_queries as queries
from placements import policies, preferences_queries, units_queries
from placements.actions.arranging import place_with_rota
from placements.actions.rota import check_planned, planned_by
from placements.forms.coordinator import PlaceForm
from placements.models import Enrolment, Placement, PlannedShift, WorkingPattern
from placements.problems import problems
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core import days
from school.core.errors import DomainError
from school.core.registries import clashes
from school.people.queries import identity

# What the fields of the form before the check do not hold.
ACTS = ("csrfmiddlewaretoken", "check", "save", "change", "reason")
TITLES = {
    "dates": "The dates do not fit",
    "capacity": "No place is free",
    "overlap": "The student is somewhere else then",
    "interrupted": "Studies are interrupted",
    "audit": "The site’s quality audit does not hold",
}


def place_student(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Put a student on a place. What is typed is checked and shown before anything is saved."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    found = get_object_or_404(
        policies.managed_enrolments(viewer).select_related(
            "person", "book", "cohort__programme", "version"
        ),
        uuid=enrolment,
    )
    viewer.opened(found.person)
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        enrolment=found,
        beside=preferences_queries.beside(found).words,
        initial={"uuid": uuid4()},
        choose_from=WorkingPattern.objects.order_by("site__name", "name"),
    )
    if request.method != "POST" or "change" in request.POST or not form.is_valid():
        if "change" in request.POST:
            form.errors.clear()
        wishes = preferences_queries.preferred(found)
        return _page(request, form, found, "place.html", wishes=wishes)
    if "save" not in request.POST:
        return _page(request, form, found, "place_check.html", **_checked(form, found))
    data = form.cleaned_data
    try:
        placement = place_with_rota(
            by=acting(viewer),
            enrolment=found,
            stage=data["stage"],
            site=data["site"],
            starts=data["starts"],
            ends=data["ends"],
            uuid=data["uuid"],
            confirmed=data["confirmed"],
            rota=form.rota(),
        )
    except DomainError as error:
        # Before the error takes what was typed in its field out of the cleaned data.
        checked = _checked(form, found)
        status = refuse(form, error)
        return _page(request, form, found, "place_check.html", status, **checked)
    messages.success(
        request,
        f"{found.person.name} is placed at {placement.site.name}, "
        f"{days.long_date(placement.starts)} to {days.long_date(placement.ends)}. "
        "Name who supervises next.",
    )
    return redirect("placement", placement.uuid)


def _page(
    request: HttpRequest,
    form: PlaceForm,
    enrolment: Enrolment,
    template: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"form": form, "enrolment": enrolment, **more}
    return render(
        request, f"placements/coordinator/{template}", context, status=status_of(form, status)
    )


def _checked(form: PlaceForm, enrolment: Enrolment) -> dict[str, Any]:
    """What the page before saving shows: capacity, what stands against it, clashes, and the rota's breaches."""
    sent: Any = form.data
    data = form.cleaned_data
    stage, site, starts, ends = data["stage"], data["site"], data["starts"], data["ends"]
    placement = Placement(enrolment=enrolment, stage=stage, site=site, starts=starts, ends=ends)
    against = problems(enrolment=enrolment, stage=stage, site=site, starts=starts, ends=ends)
    if starts <= ends:
        capacity = queries.capacity(site, stage.pk, starts, ends)
        due = clashes(identity(enrolment.person), days.start_of_day(starts), days.end_of_day(ends))
    else:
        capacity, due = [], []
    shifts: list[PlannedShift] = []
    rota_problem, breaches = "", []
    pattern = form.pattern()
    if pattern is not None and starts <= ends:
        try:
            shifts = planned_by(pattern, placement, form.rota().day_type)  # type: ignore[union-attr]
            found = check_planned(placement, shifts, reason="shown before it is saved")
            breaches = list(dict.fromkeys(finding.statement() for finding in found))
        except DomainError as error:
            rota_problem = error.message
    audits = queries.audits_until([site])
    planned = [days.london_day(shift.start) for shift in shifts]
    return {
        "typed": [(name, values) for name, values in sent.lists() if name not in ACTS],
        "problems": [
            {"title": TITLES[problem.rule], "sentence": problem.sentence} for problem in against
        ],
        "rota_problem": rota_problem,
        "possible": not against and not rota_problem,
        "breaches": breaches,
        "clashes": due,
        "shifts": len(shifts),
        "without_unit": units_queries.said_without_unit(site, planned),
        "beside": preferences_queries.beside(enrolment).words(site),
        "capacity": capacity,
        "audited_until": audits.get(site.pk),
        "stage": stage,
        "site": site,
        "starts": starts,
        "ends": ends,
    }
