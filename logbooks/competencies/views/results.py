"""Results from elsewhere and sign-offs on paper: recording a result, taking it back, and opening the documents."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies import paper, policies, stage_changes, stage_queries
from logbooks.competencies.actions.results import Entered, record_result
from logbooks.competencies.forms.signing import ReasonedForm
from logbooks.competencies.forms.stages import ResultForm
from logbooks.competencies.models import ExternalResult, SignOff
from logbooks.competencies.stage_rules import ELSEWHERE
from logbooks.competencies.views.common import (
    is_own,
    person_of,
    viewer_of,
)
from logbooks.competencies.views.stages import records, staged
from placements import reference
from placements.models import Enrolment, StageTask
from school.core import documents, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.forms import refuse
from school.core.given import kept_file
from school.people.models import Person

DONE = 200


def _recorded_by(
    request: HttpRequest, enrolment: UUID, stage: UUID, task: str
) -> tuple[Person, Enrolment, StageTask, ExternalResult | None]:
    """Whose result of which task, and the one that is held; 404 for whoever records none."""
    person = person_of(request)
    found, one = staged(request, enrolment, stage)
    if not records(request, found):
        raise Http404
    for row in reference.tasks(one.pk):
        if row.code == task and task in ELSEWHERE:
            row.stage = one
            rows = ExternalResult.objects.standing().filter(enrolment=found, task=row)
            return person, found, row, rows.first()
    raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def external_result(request: HttpRequest, enrolment: UUID, stage: UUID, task: str) -> HttpResponse:
    """Record what a student showed elsewhere, or what takes the place of a result that is held."""
    person, found, row, held = _recorded_by(request, enrolment, stage, task)
    status = 200
    before = {"again": held is not None, "kept": held is not None and not held.withdrawn}
    if request.method == "POST":
        form = ResultForm(request.POST, request.FILES, **before)
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            file = data["evidence"]
            entered = Entered(
                what=data["what"],
                place=data["place"],
                day=data["day"],
                outcome=SignOff.Outcome(data["outcome"]),
                document=file.read() if file else None,
                reason=data.get("reason", ""),
            )
            shown = _shown(request, found, row)
            status = _record(form, person, found, row, entered, shown)
            if status == DONE:
                messages.success(request, "The result is recorded. The student is told.")
                return redirect("stage_of", found.uuid, stage)
    else:
        form = ResultForm(initial={"uuid": uuid4(), **_words(held)}, **before)
    sees = held.entry.uuid if held else ""
    if status not in (200, Conflict.status):
        # Only whoever was told of another result goes on with the one that is held now.
        sees = request.POST.get("shown", "")
    context = {
        "form": form,
        "enrolment": found,
        "student": found.person,
        "stage": row.stage,
        "task": row,
        "held": held,
        "shown": sees,
    }
    return render(request, "competencies/stages/result.html", context, status=status)


def _record(
    form: forms.Form,
    person: Person,
    enrolment: Enrolment,
    task: StageTask,
    entered: Entered,
    follows: ExternalResult | None,
) -> int:
    """DONE, or the status of the page that says why nothing was recorded."""
    try:
        record_result(
            by=person,
            enrolment=enrolment,
            task=task,
            entered=entered,
            uuid=form.cleaned_data["uuid"],
            follows=follows,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        return refuse(form, error)
    return DONE


def _words(held: ExternalResult | None) -> dict[str, object]:
    if held is None:
        return {}
    texts = {name: ledger.private_text(held, name) for name in ("what", "place")}
    return {**texts, "day": held.entry.about_from, "outcome": held.outcome}


def _shown(request: HttpRequest, enrolment: Enrolment, task: StageTask) -> ExternalResult | None:
    """The result that was held when the page was opened."""
    try:
        uuid = UUID(request.POST.get("shown", ""))
    except ValueError:
        return None
    rows = ExternalResult.objects.filter(enrolment=enrolment, task=task, entry__uuid=uuid)
    return rows.first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back_result(request: HttpRequest, enrolment: UUID, stage: UUID, task: str) -> HttpResponse:
    """Take a result back that should not have been recorded, with a reason."""
    person, found, row, held = _recorded_by(request, enrolment, stage, task)
    shown = _shown(request, found, row) if request.method == "POST" else held
    if shown is None:
        raise Http404
    if request.method != "POST" and shown.withdrawn:
        return redirect("stage_of", found.uuid, stage)
    status = 200
    if request.method == "POST":
        form = ReasonedForm(request.POST)
        status = 422
        if form.is_valid():
            entered = Entered(
                what=ledger.private_text(shown, "what"),
                place=ledger.private_text(shown, "place"),
                day=shown.entry.about_from,
                outcome=SignOff.Outcome(shown.outcome),
                reason=form.cleaned_data["reason"],
                withdrawn=True,
            )
            status = _record(form, person, found, row, entered, shown)
            if status == DONE:
                messages.success(request, "The result is taken back. The student is told.")
                return redirect("stage_of", found.uuid, stage)
            if status == Conflict.status and held and not held.withdrawn:
                shown = held
    else:
        form = ReasonedForm(initial={"uuid": uuid4()})
    context = {
        "form": form,
        "enrolment": found,
        "student": found.person,
        "stage": row.stage,
        "task": row,
        "held": shown,
        "what": ledger.private_text(shown, "what"),
    }
    return render(request, "competencies/stages/take_back.html", context, status=status)


@never_cache
@require_safe
def external_document(request: HttpRequest, result: UUID) -> HttpResponse:
    """The document of a result from elsewhere, for those who may open the log book; what was taken back not for the student."""
    viewer = viewer_of(request)
    rows = ExternalResult.objects.filter(enrolment__in=policies.enrolments(viewer))
    found = get_object_or_404(rows.select_related("enrolment__person", "task"), entry__uuid=result)
    if is_own(request, found.enrolment):
        line = ExternalResult.objects.filter(
            enrolment=found.enrolment, task__stage=found.task.stage_id
        )
        if found.document in stage_changes.taken_back(line.select_related("superseded_by")):
            raise Http404
    viewer.opened(found.enrolment.person)
    name = stage_queries.name_of(found.enrolment, found.document)
    data = documents.kept(stage_queries.FOLDER, name, found.document)
    return kept_file(data, found.task.code)


@never_cache
@require_safe
def paper_scan(request: HttpRequest, sign_off: UUID) -> HttpResponse:
    """The scan of a sign-off that stands on paper, for those who may open the log book."""
    viewer = viewer_of(request)
    rows = SignOff.objects.filter(enrolment__in=policies.enrolments(viewer)).exclude(scan="")
    found = get_object_or_404(
        rows.select_related("enrolment__person", "competency"), entry__uuid=sign_off
    )
    viewer.opened(found.enrolment.person)
    name = stage_queries.name_of(found.enrolment, found.scan)
    return kept_file(documents.kept(paper.FOLDER, name, found.scan), found.competency.code)
