"""All mark sheets of an exam for those who run it; sheets typed from paper; and what a closed sheet says, with its amendments."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces import policies
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked, announced_of, marked
from logbooks.osces.exams.queries import kept
from logbooks.osces.marking import actions, amending, forms, sheets
from logbooks.osces.marking.reading import State, document_of, states
from logbooks.osces.marking.register import GRADE
from logbooks.osces.marking.views import problems, uuid_of
from logbooks.osces.models import AmendmentAsked, Candidate, Exam, MarkSheet, SheetClosed
from logbooks.osces.stations.document import Document
from logbooks.osces.stations.views import keeper
from school.core.errors import DomainError
from school.core.ledger import private_text
from school.courses.views import signed_in
from school.people.models import Person


@require_safe
def every(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Every sheet that an exam expects or has: what is open, late or waits for a second person comes first."""
    keeper(request)
    found = get_object_or_404(kept(), uuid=exam)
    rows = sheets.expected(found)
    stations = {one.station.order: one.station for one in rows}
    context = {
        "exam": found,
        "rows": rows,
        "stations": [station for _, station in sorted(stations.items())],
        "people": _by_candidate(rows, sorted(stations)),
        "look": [one for one in rows if one.late or one.waiting or not one.meant],
        "closed": sum(one.closed is not None for one in rows),
    }
    return render(request, "osces/marking/sheets.html", context)


def _by_candidate(
    rows: Sequence[sheets.Expected], orders: Sequence[int]
) -> dict[int, list[tuple[Marked | None, list[sheets.Expected]]]]:
    """By number what is expected at each station, in order; a station has several sheets where several examine."""
    cells: dict[int, dict[int, list[sheets.Expected]]] = {}
    for one in rows:
        cells.setdefault(one.number, {}).setdefault(one.station.order, []).append(one)
    return {
        number: [(own[order][0].station if order in own else None, own.get(order, [])) for order in orders]
        for number, own in cells.items()
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, exam: UUID, number: int, place: int) -> HttpResponse:
    """Type a sheet that was marked on paper: whoever marked and whoever types are both written down."""
    me = keeper(request)
    found = get_object_or_404(kept(), uuid=exam)
    candidate = get_object_or_404(found.candidates.select_related("enrolment__person"), number=number)  # fmt: skip
    station = next((one for one in marked(found) if one.place.number == place), None)
    told = announced_of(found)
    if station is None or told is None or told.visit(candidate.uuid, station.name) is None:
        raise Http404
    examiners = _examiners(told, candidate, station)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = {str(one.uuid): one for one in examiners}.get(
        sent.get("examiner", str(examiners[0].uuid))
    )
    if chosen is None:
        raise Http404
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _typed(request, me, candidate, station, chosen, told)
        except actions.Unfinished as error:
            errors = dict(error.parts) or {"missing": error.message}
        except DomainError as error:
            errors = {error.field or "form": error.message}
    state = _state(candidate, station, chosen)
    items, grade = forms.lines(
        station.document, state, request.POST.dict() if errors else None, errors
    )
    context: dict[str, Any] = {
        "exam": found,
        "candidate": candidate,
        "station": station,
        "examiners": examiners,
        "chosen": chosen,
        "items": items,
        "grade": grade,
        "comment": request.POST.get("comment", "") if errors else state.comment if state else "",
        "known": state.last if state else 0,
        "missing": errors.get("missing", ""),
        "problems": problems(items, grade, errors),
        "has_errors": bool(errors),
        "device": uuid4(),
        "uuid": uuid4(),
    }
    return render(request, "osces/marking/paper.html", context, status=422 if errors else 200)


def _examiners(told: Announced, candidate: Candidate, station: Marked) -> list[Person]:
    """Who can have marked on paper: those who were to examine there come first, then everybody who examines that day."""
    visit = told.visit(candidate.uuid, station.name)
    first = told.examiners_at(visit) if visit else ()
    people = Person.objects.filter(uuid__in=[one.key for one in told.exam.examiners])
    return sorted(people, key=lambda one: (str(one.uuid) not in first, one.name, one.pk))


def _state(candidate: Candidate, station: Marked, examiner: Person) -> State | None:
    rows = MarkSheet.objects.filter(candidate=candidate, place=station.place, examiner=examiner)
    own = list(rows)
    return states(own)[own[0].pk] if own else None


def _typed(
    request: HttpRequest,
    me: Person,
    candidate: Candidate,
    station: Marked,
    examiner: Person,
    told: Announced,
) -> HttpResponse:
    data = request.POST
    known = forms.whole(data.get("known", "")) or 0
    state = _state(candidate, station, examiner)
    taps = forms.taps(station.document, state, data, uuid_of(data.get("device")), known)
    sheet = actions.open_sheet(
        exam=station.place.exam,
        candidate=candidate,
        station=station,
        examiner=examiner,
        told=told,
    )
    done = actions.keep(by=me, sheet=sheet, document=station.document, taps=taps, paper=True)
    actions.rule_none_refused(done, taps)
    if "close" in data:
        actions.close(
            by=me,
            sheet=sheet,
            document=station.document,
            uuid=uuid_of(data.get("uuid")),
            paper=True,
            without_missing="without_missing" in data,
        )
        messages.success(request, f"The sheet of candidate {candidate.number} is closed.")
        return redirect("osce_sheets", sheet.exam.uuid)
    messages.success(request, f"The sheet of candidate {candidate.number} is saved.")
    return redirect(f"{request.path}?examiner={examiner.uuid}")


@require_http_methods(["GET", "HEAD", "POST"])
def closed(request: HttpRequest, exam: UUID, sheet: UUID) -> HttpResponse:
    """What a closed sheet says, and the form on which somebody asks that it says something else."""
    me, found, own = _closed(request, exam, sheet)
    document = document_of(own.sheet)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _asked(request, me, own, document)
        except actions.Unfinished as error:
            errors = dict(error.parts)
        except DomainError as error:
            errors = {error.field or "form": error.message}
    says = {
        part: "n" if value is None else str(value) for part, value in json.loads(own.marks).items()
    }
    items, grade = forms.lines(document, None, request.POST.dict() if errors else says, errors)
    waiting = own.amendments.filter(refused=None, accepted=None).first()
    context: dict[str, Any] = {
        "exam": found,
        "own": own,
        "sheet": own.sheet,
        "station": next(one for one in marked(found) if one.place.pk == own.sheet.place_id),
        "items": items,
        "grade": grade,
        "says": _said(document, json.loads(own.marks)),
        "comment": states([own.sheet])[own.sheet_id].comment,
        "typed_by": _typed_by(own.sheet),
        "late": _late(document, own),
        "reason": request.POST.get("reason", ""),
        "waiting": waiting,
        "asked": _changes(document, own, waiting) if waiting else [],
        "asked_reason": private_text(waiting, "reason") if waiting else "",
        "asked_by": Person.objects.get(uuid=waiting.entry.actor) if waiting else None,
        "mine": waiting is not None and waiting.entry.actor == me.uuid,
        "runs": policies.runs_osces(request.viewer),  # type: ignore[attr-defined]
        "problems": problems(items, grade, errors),
        "has_errors": bool(errors),
        "uuid": uuid4(),
    }
    return render(request, "osces/marking/closed.html", context, status=422 if errors else 200)


def _closed(request: HttpRequest, exam: UUID, sheet: UUID) -> tuple[Person, Exam, SheetClosed]:
    """A closed sheet, for its examiner and those who run OSCEs; 404 for others."""
    viewer, me = signed_in(request)
    found = get_object_or_404(kept(), uuid=exam)
    row = sheets.one(found, sheet)
    if row is None or not (row.examiner_id in viewer.me or policies.runs_osces(viewer)):
        raise Http404
    own = SheetClosed.objects.filter(sheet=row, superseded_by=None).first()
    if own is None:
        raise Http404
    own.sheet = row
    return me, found, own


def _typed_by(sheet: MarkSheet) -> Person | None:
    """Who typed a sheet from paper; nobody when it was marked on a tablet."""
    first = sheet.closings.select_related("entry").order_by("pk")[0]
    return Person.objects.filter(uuid=first.entry.actor).first() if first.paper else None


def _asked(request: HttpRequest, me: Person, own: SheetClosed, document: Document) -> HttpResponse:
    marks: dict[str, int | None] = {}
    for part in [*(str(item.key) for item in document.items), GRADE]:
        typed = request.POST.get(part, "")
        if typed:
            marks[part] = None if typed == forms.NOT_OBSERVED else forms.mark(typed)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise DomainError("Say why the sheet should change.", field="reason")
    amending.ask(
        by=me,
        closed=own,
        document=document,
        marks=marks,
        reason=reason,
        uuid=uuid_of(request.POST.get("uuid")),
    )
    messages.success(request, "The amendment waits for a second person.")
    return redirect(request.path)


def _said(document: Document, marks: dict[str, int | None]) -> list[tuple[str, str]]:
    """What marks say, in words, in the order of the sheet."""
    grades = {grade.number: f"{grade.number} {grade.name}" for grade in document.scale}
    rows = [(item.words, _mark(marks.get(str(item.key)), item.most)) for item in document.items]
    return [*rows, ("Overall judgement", grades.get(marks.get(GRADE) or 0, "none"))]


def _mark(value: int | None, most: int) -> str:
    return "Not observed" if value is None else f"{value} of {most}"


def _changes(document: Document, own: SheetClosed, asked: AmendmentAsked) -> list[tuple[str, str, str]]:  # fmt: skip
    before = _said(document, json.loads(own.marks))
    after = _said(document, json.loads(asked.marks))
    return [(words, old, new) for (words, old), (_, new) in zip(before, after, strict=True) if old != new]  # fmt: skip


def _late(document: Document, own: SheetClosed) -> list[tuple[str, str, Any]]:
    """The marks that came late and say something else: of what, what, and when they arrived."""
    words = {str(item.key): item.words for item in document.items} | {GRADE: "Overall judgement"}
    return [
        (words.get(fact.part, fact.part), fact.get_said_display() if fact.value is None else str(fact.value), fact.entry.recorded_at)
        for fact in sheets.late_events([own]).get(own.sheet_id, ())
    ]  # fmt: skip


@require_POST
def answer(request: HttpRequest, exam: UUID, sheet: UUID) -> HttpResponse:
    """Accept or refuse the amendment that waits."""
    me, _, own = _closed(request, exam, sheet)
    key = uuid_of(request.POST.get("asked"))
    asked = AmendmentAsked.objects.filter(entry__uuid=key, sheet=own.sheet)
    waiting = get_object_or_404(asked.select_related("of__entry", "sheet__book"))
    uuid = uuid_of(request.POST.get("uuid"))
    try:
        if "accept" in request.POST:
            amending.accept(by=me, asked=waiting, uuid=uuid)
            messages.success(request, "The sheet is amended. What it said before is kept.")
        else:
            amending.refuse(by=me, asked=waiting, uuid=uuid)
            messages.success(request, "The sheet stays as it is.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("osce_closed_sheet", exam, sheet)
