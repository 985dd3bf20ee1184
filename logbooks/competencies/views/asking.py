"""A student asks for sign-off: chooses what and on which evidence, names who signs; and takes a request back."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from logbooks.competencies import assessors, map_queries, queries
from logbooks.competencies.actions.asking import Wanted, ask, withdraw
from logbooks.competencies.assessors import Named
from logbooks.competencies.forms.asking import AskForm
from logbooks.competencies.map_queries import Cell
from logbooks.competencies.models import CurrentCompetency, LogEntry, SignOffRequest
from logbooks.competencies.views.common import own_enrolment, person_of, viewer_of
from placements.models import Enrolment, Placement
from school.core import clock
from school.core.errors import DomainError
from school.core.forms import refuse

State = CurrentCompetency.State
ASKABLE = (State.OPEN, State.RETURNED, State.REVOKED, map_queries.WAITING)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_sign_off(request: HttpRequest) -> HttpResponse:
    """What to ask for, then on which evidence and of whom; a POST asks."""
    person = person_of(request)
    enrolment = own_enrolment(request)
    version = queries.version_of(enrolment)
    cells = map_queries.cells_of(enrolment, version) if version else []
    open_ones = [cell for cell in cells if cell.state in ASKABLE]
    typed = request.POST if request.method == "POST" else request.GET
    wanted = set(typed.getlist("competency"))
    chosen = [cell for cell in open_ones if str(cell.competency.uuid) in wanted]
    if request.method != "POST" and not chosen:
        touched = map_queries.touched_by(enrolment)
        for cell in open_ones:
            cell.entries = touched.get(cell.competency.code, 0)
        return render(request, "competencies/ask_what.html", {"cells": open_ones})
    who = _who(enrolment)
    entries = _entries(enrolment)
    lines = [(cell, _touching(cell, entries)) for cell in chosen]
    pieces = [_piece(cell, entry) for cell, own in lines for entry in own]
    form_args: dict[str, Any] = {
        "offered": [cell.competency for cell in open_ones],
        "pieces": pieces,
        "who": who,
    }
    status = 200
    if request.method == "POST":
        form = AskForm(request.POST, **form_args)
        if form.is_valid():
            response = _ask(request, person, enrolment, form)
            if response:
                return response
        status = getattr(form, "status", 422)
        ticked = set(request.POST.getlist("evidence"))
    else:
        form = AskForm(initial={"batch": uuid4()}, **form_args)
        ticked = set(pieces)
    context = {
        "form": form,
        "who": who,
        "lines": [
            (cell, [(entry, _piece(cell, entry), _piece(cell, entry) in ticked) for entry in own])
            for cell, own in lines
        ],
    }
    return render(request, "competencies/ask.html", context, status=status)


def _ask(
    request: HttpRequest, person: Any, enrolment: Enrolment, form: AskForm
) -> HttpResponse | None:
    """Where to go next; none when a rule refused everything."""
    placement, named = form.chosen
    batch = form.cleaned_data["batch"]
    try:
        answer = ask(
            by=person,
            placement=placement,
            assessor=named.person,
            wanted=[
                Wanted(
                    competency=uuid, uuid=uuid5(batch, str(uuid)), evidence=form.evidence_for(uuid)
                )
                for uuid in form.cleaned_data["competency"]
            ],
            note=form.cleaned_data["note"],
        )
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return None
    titles = dict(form.fields["competency"].choices)  # type: ignore[attr-defined]
    left = [f"{titles.get(str(item.competency), 'A line')}: {why}" for item, why in answer.left]
    if not answer.asked:
        for words in left:
            form.add_error(None, words)
        return None
    number = len(answer.asked)
    said = (
        f"You asked {named.person.name} to sign {number} competenc{'y' if number == 1 else 'ies'}."
    )
    messages.success(request, said)
    for words in left:
        messages.warning(request, f"Not asked: {words}")
    return redirect("log_book")


def _who(enrolment: Enrolment) -> list[tuple[Placement, Named]]:
    """Who can be asked today: at the placements that go on, the newest two."""
    today = clock.today()
    rows = (
        Placement.objects.filter(enrolment=enrolment, starts__lte=today)
        .exclude(state=Placement.State.WITHDRAWN)
        .select_related("site", "enrolment__book", "enrolment__person")
        .order_by("-starts")
    )
    return assessors.named_at(list(rows[:2]))


def _entries(enrolment: Enrolment) -> list[LogEntry]:
    return list(
        LogEntry.objects.standing()
        .filter(enrolment=enrolment, withdrawn=False)
        .exclude(touched="")
        .select_related("examination", "tracer", "operator")
        .order_by("-entry__about_from", "-entry")
    )


def _touching(cell: Cell, entries: list[LogEntry]) -> list[LogEntry]:
    code = cell.competency.code
    return [entry for entry in entries if code in entry.touched.splitlines()]


def _piece(cell: Cell, entry: LogEntry) -> str:
    return f"{cell.competency.uuid}.{entry.entry.uuid}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_request(request: HttpRequest, asked: UUID) -> HttpResponse:
    """Takes a request back that still waits, once the student has said so again."""
    person = person_of(request)
    rows = SignOffRequest.objects.filter(enrolment__person__in=viewer_of(request).me)
    rows = rows.select_related(
        "competency", "assessor", "placement", "enrolment__book", "enrolment__person"
    )
    found = get_object_or_404(rows, entry__uuid=asked)
    problem, status = "", 200
    if request.method == "POST":
        try:
            withdraw(by=person, request=found, uuid=uuid5(asked, "withdrawn"))
        except DomainError as error:
            problem, status = error.message, error.status
        else:
            messages.success(request, f"Your request for {found.competency.code} is taken back.")
            return redirect("log_book")
    context = {"asked": found, "problem": problem, "has_errors": bool(problem)}
    return render(request, "competencies/withdraw.html", context, status=status)
