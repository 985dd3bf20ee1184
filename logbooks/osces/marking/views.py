"""What an examiner has: their stations, the mark sheet of each candidate, and the door through which a tablet sends its marks."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces.exams.queries import kept
from logbooks.osces.marking import actions, forms, sending
from logbooks.osces.marking.events import Unreadable
from logbooks.osces.marking.sending import AnothersMarks, shown
from logbooks.osces.marking.station import Duty, Line, Station, duties, examined, station
from logbooks.osces.results import judging
from school.core import clock, days
from school.core.errors import DomainError
from school.courses.views import signed_in
from school.people.middleware import Viewer
from school.people.models import Person


def _station(viewer: Viewer, me: Person, exam: UUID, place: int) -> Station:
    found = station(get_object_or_404(kept().select_related(None), uuid=exam), place, me, viewer.me)
    if found is None:
        raise Http404
    return found


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The stations at which somebody examines today and later, and those that wait to be rated."""
    viewer, me = signed_in(request)
    today = clock.today()
    exams = examined(me, viewer.me, today - timedelta(days=judging.ASKED_DAYS))
    found = duties(me, viewer.me, [one for one in exams if one.day >= today])
    context = {"duties": found, "today": _today(found), "judged": judging.undecided(exams)}
    return render(request, "osces/marking/mine.html", context)


def _today(found: list[Duty]) -> bool:
    return any(duty.exam.day == clock.today() for duty in found)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, exam: UUID, place: int) -> HttpResponse:
    """The candidates of an examiner at a station, and the mark sheet of one of them; saved or closed as a whole without script."""
    viewer, me = signed_in(request)
    found = _station(viewer, me, exam, place)
    asked = request.POST if request.method == "POST" else request.GET
    line = _chosen(found, asked.get("candidate", ""))
    if request.method != "POST":
        return _page(request, me, found, line)
    try:
        return _send(request, me, found, line)
    except actions.Unfinished as error:
        line = _chosen(_station(viewer, me, exam, place), str(line.candidate.number))
        errors = dict(error.parts) or {"missing": error.message}
    except DomainError as error:
        errors = {error.field or "form": error.message}
    return _page(request, me, found, line, errors)


def _chosen(found: Station, number: str) -> Line:
    line = found.line(int(number)) if number.isdecimal() and len(number) < 6 else None
    if number and line is None:
        raise Http404
    chosen = line or found.now()
    assert chosen is not None  # a station without candidates is not found
    return chosen


def _send(request: HttpRequest, me: Person, found: Station, line: Line) -> HttpResponse:
    """Saves what a form says otherwise than its page showed, and closes the sheet where that was asked."""
    data = request.POST
    here = redirect(f"{request.path}?candidate={line.candidate.number}")
    device, uuid = uuid_of(data.get("device")), uuid_of(data.get("uuid"))
    known = forms.whole(data.get("known", "")) or 0
    document = found.marked.document
    own = actions.open_sheet(
        exam=found.exam,
        candidate=line.candidate,
        station=found.marked,
        examiner=me,
        told=found.told,
    )
    taps = forms.taps(document, line.state, data, device, known)
    done = actions.keep(by=me, sheet=own, document=document, taps=taps)
    actions.rule_none_refused(done, taps)
    if "close" not in data:
        messages.success(request, f"The sheet of candidate {line.candidate.number} is saved.")
        return here
    without = "without_missing" in data
    actions.close(by=me, sheet=own, document=document, uuid=uuid, without_missing=without)
    messages.success(request, f"The sheet of candidate {line.candidate.number} is closed.")
    return redirect(request.path)


def uuid_of(typed: str | None) -> UUID:
    """A UUID that a page made; a new one where it was spoilt."""
    try:
        return UUID(typed)
    except (ValueError, TypeError):
        return uuid4()


def _page(
    request: HttpRequest,
    me: Person,
    found: Station,
    line: Line,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    items, grade = forms.lines(
        found.marked.document,
        line.state,
        request.POST.dict() if errors else None,
        errors,
    )
    context: dict[str, Any] = {
        "station": found,
        "document": found.marked.document,
        "line": line,
        "lines": [(one, json.dumps(shown(one.sheet, one.state, one.closed_at))) for one in found.lines],
        "items": items,
        "grade": grade,
        "comment": request.POST.get("comment", "") if errors else line.state.comment if line.state else "",
        "problems": problems(items, grade, errors or {}),
        "missing": (errors or {}).get("missing", ""),
        "has_errors": bool(errors),
        "known": line.state.last if line.state else 0,
        "device": uuid4(),
        "uuid": uuid4(),
        "now": days.local(clock.now()),
        "me": me,
    }  # fmt: skip
    return render(request, "osces/marking/sheet.html", context, status=422 if errors else 200)


def problems(
    items: list[forms.Line], grade: forms.Line, errors: Mapping[str, str]
) -> list[dict[str, str]]:
    """What is wrong with a form, each with where: items by their numbers."""
    named = {one.part: f"Item {number}" for number, one in enumerate(items, start=1)}
    named[grade.part] = grade.words
    return [
        {"target": f"part-{part}" if part in named else "", "message": f"{named[part]} {why}." if part in named else why}
        for part, why in errors.items()
    ]  # fmt: skip


@require_POST
def marks(request: HttpRequest, exam: UUID, place: int) -> JsonResponse:
    """What a tablet sends of its sheets at a station, and what the server has then."""
    viewer, me = signed_in(request)
    try:
        sent = sending.read(json.loads(request.body))
    except (Unreadable, ValueError, RecursionError) as error:
        _station(viewer, me, exam, place)
        return JsonResponse({"error": str(error)}, status=422)
    try:
        answer = sending.receive(exam, place, me, viewer.me, sent)
    except AnothersMarks:
        return JsonResponse({"error": "These are the marks of somebody else."}, status=409)
    if answer is None:
        raise Http404
    return JsonResponse(answer)
