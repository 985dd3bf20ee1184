"""Logging an examination, correcting one, taking one back."""

from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from logbooks.competencies import log_queries, operators
from logbooks.competencies.actions.log import log_examination
from logbooks.competencies.actions.log import take_back as take_entry_back
from logbooks.competencies.forms.log import ExaminationForm, TakeBackForm
from logbooks.competencies.models import LogEntry
from logbooks.competencies.reflection import answers_of
from logbooks.competencies.views.log import begun, own_entry, student
from placements import reference
from placements.models import Placement
from placements.student_queries import placement_on
from school.core import clock, days, ledger
from school.core.compiled import compiled
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.core.ledger import ContentConflict
from school.people.models import Person


def log(request: HttpRequest) -> HttpResponse:
    """Log an examination: filled in from the last one and from today, changed where it was different."""
    person, own = student(request)
    return _write(request, person, begun(own))


def correct(request: HttpRequest, entry: UUID) -> HttpResponse:
    """A new version of an examination: the one before stays on record under the same case number."""
    person, own = student(request)
    old = own_entry(own, entry)
    if request.method != "POST" and _is_changed(old):
        return redirect("examination", entry)
    return _write(request, person, begun(own), old)


def take_back(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Check, then take an examination back. The record stays."""
    person, own = student(request)
    old = own_entry(own, entry)
    form = TakeBackForm(request.POST or None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = take_entry_back(by=person, entry=old, uuid=form.cleaned_data["uuid"])
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "Taken back. It stays on record and counts for nothing.")
                return redirect("examination", done.entry.uuid)
    elif _is_changed(old):
        return redirect("examination", entry)
    context = {"entry": old, "form": form}
    return render(request, "competencies/log/take_back.html", context, status=status)


def _is_changed(old: LogEntry) -> bool:
    return old.withdrawn or LogEntry.objects.filter(supersedes=old).exists()


def _write(
    request: HttpRequest, person: Person, own: list[Placement], old: LogEntry | None = None
) -> HttpResponse:
    if not own:
        if request.method == "POST":
            raise Http404
        return render(request, "competencies/log/none.html")
    last = None if old or request.method == "POST" else _last(own)
    likely = placement_on(own, clock.today())
    if old is not None:
        likely = next((row for row in own if row.pk == old.placement_id), old.placement)
    choices: dict[str, Any] = {
        "own": own,
        "types": log_queries.types(),
        "tracers": log_queries.tracers(),
        "people": cache(lambda: _people(own, old)),
    }
    if request.method != "POST":
        initial = _as_it_was(old) if old else _likely(likely, last)
        return _page(request, ExaminationForm(initial=initial, **choices), own, likely, old)
    form = ExaminationForm(request.POST, **choices)
    status = 422
    placement = form.chosen_placement
    operator = _operator(form)
    if placement is not None and operator is not None:
        try:
            done = log_examination(
                by=person,
                placement=placement,
                entered=form.entered(operator),
                uuid=form.cleaned_data["uuid"],
                corrects=old,
                unseen_since=form.unseen_since,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            status = refuse(form, error)
            first = form.cleaned_data["uuid"] if isinstance(error, ContentConflict) else None
            return _page(request, form, own, likely, old, status=status, sent_before=first)
        messages.success(request, _said(done, old))
        return redirect("examination", done.entry.uuid)
    return _page(request, form, own, likely, old, status=status)


def _operator(form: ExaminationForm) -> Person | None:
    """Who was chosen as operator, once the form is valid; the action says whether they can have been."""
    if not form.is_valid():
        return None
    for found in _person(uuid=form.cleaned_data["operator"]):
        return found
    form.add_error("operator", "Choose who supervised you")
    return None


@compiled
def _person(uuid: Any) -> QuerySet[Person]:
    return Person.objects.filter(uuid=uuid).order_by()


def _said(done: LogEntry, old: LogEntry | None) -> str:
    what = "Corrected" if old else "Logged"
    day = days.day_and_month(done.entry.about_from)
    return f"{what} as case {done.case_number}: {done.examination.name}, {done.tracer.name}, {day}."


def _last(own: list[Placement]) -> LogEntry | None:
    return log_queries.last_entry({row.enrolment_id for row in own})


def _people(own: list[Placement], old: LogEntry | None) -> list[Person]:
    """Who can be chosen as operator; in a correction also who was, and may have left the site."""
    people = list(operators.at(own))
    if old is not None and old.operator not in people:
        people.append(old.operator)
    return people


# What the form begins with


def _likely(placement: Placement, last: LogEntry | None) -> dict[str, Any]:
    """Today, the placement one is on, and the type, tracer, role and operator of the last time."""
    today = clock.today()
    initial: dict[str, Any] = {
        "uuid": uuid4(),
        "opened": clock.now().isoformat(),
        "day": min(today, placement.ends),
        "placement": str(placement.uuid),
        "model": LogEntry.Model.WHAT.value,
    }
    if last is None:
        return initial
    initial |= {
        "examination": last.examination.code,
        "tracer": last.tracer.code,
        "role": last.role,
    }
    if last.placement_id == placement.pk:
        initial["operator"] = str(last.operator.uuid)
    if last.model:
        initial["model"] = last.model
    return initial


def _as_it_was(old: LogEntry) -> dict[str, Any]:
    reflection = ledger.private_text(old, "reflection")
    return {
        "uuid": uuid4(),
        "day": old.entry.about_from,
        "placement": str(old.placement.uuid),
        "examination": old.examination.code,
        "tracer": old.tracer.code,
        "role": old.role,
        "operator": str(old.operator.uuid),
        "age_band": old.age_band,
        "sex": old.sex,
        "touched": old.touched.splitlines(),
        "model": old.model or LogEntry.Model.WHAT.value,
        **answers_of(old.model, reflection),
    }


# The page


def _page(
    request: HttpRequest,
    form: ExaminationForm,
    own: list[Placement],
    placement: Placement,
    old: LogEntry | None,
    *,
    status: int = 200,
    sent_before: UUID | None = None,
) -> HttpResponse:
    year = reference.stage(placement.stage_id).year
    context = {
        "form": form,
        "corrects": old,
        "several": len(own) > 1,
        "placement": placement,
        "parts": log_queries.parts(
            log_queries.competencies(placement.enrolment), year, form.ticked
        ),
        "ticked": form.ticked,
        "rare": [row.name for row in log_queries.tracers() if row.rare],
        "sent_before": sent_before,
    }
    return render(request, "competencies/log/log.html", context, status=status)
