"""Exams: the list, the design of one with its blueprint and steps, and the form that it is written in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces.exams import actions, blueprint, queries
from logbooks.osces.exams import document as documents
from logbooks.osces.exams.document import Document, Place
from logbooks.osces.exams.forms import (
    FIRST,
    ExamForm,
    PlaceRows,
    choices,
    filled,
    filled_rows,
    written,
)
from logbooks.osces.exams.queries import Published
from logbooks.osces.models import Exam
from logbooks.osces.stations.views import keeper, reader
from school.core import clock, registries
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.models import Person

# More gaps than these are folded.
SHOWN_GAPS = 10


@dataclass(frozen=True, slots=True)
class At:
    """A place as it is shown; `station` is none where nothing is marked."""

    number: int
    place: Place
    minutes: int
    station: Published | None


def _exam(key: UUID) -> Exam:
    return get_object_or_404(queries.kept(), uuid=key)


@require_safe
def exams(request: HttpRequest) -> HttpResponse:
    """Every exam, those that come and those that were, with what waits for whom; who only reads sees the frozen ones."""
    keeps, today = reader(request), clock.today()
    me = request.viewer.me  # type: ignore[attr-defined]
    lines = [line for line in queries.listed() if keeps or _is_frozen(line.exam)]
    waiting = queries.waiting(me) if keeps else ()
    context = {
        "keeps": keeps,
        "coming": [line for line in lines if line.exam.day >= today],
        "past": [line for line in reversed(lines) if line.exam.day < today],
        "waiting": [line for line in lines if line.exam.pk in waiting],
    }
    return render(request, "osces/exams/exams.html", context)


def _is_frozen(exam: Exam) -> bool:
    return exam.state == Exam.State.FROZEN


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new exam."""
    me = keeper(request)

    def save(data: dict[str, Any], document: Document) -> Exam:
        uuid = data["uuid"] or uuid4()
        return actions.start(
            by=me,
            title=data["title"],
            day=data["day"],
            year=data["year"],
            document=document,
            uuid=uuid,
        )

    return _write(request, None, save)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Write on an exam; what is sent too late comes back with what was typed."""
    me = keeper(request)
    found = _exam(exam)
    if found.state != Exam.State.DRAFT and request.method != "POST":
        return redirect("osce_exam", found.uuid)

    def save(data: dict[str, Any], document: Document) -> Exam:
        return actions.write(
            by=me,
            exam=found,
            title=data["title"],
            day=data["day"],
            year=data["year"],
            document=document,
            seen=data["seen"],
        )

    return _write(request, found, save)


def _write(
    request: HttpRequest, exam: Exam | None, save: Callable[[dict[str, Any], Document], Exam]
) -> HttpResponse:
    document = queries.designed(exam) if exam else Document()
    published = queries.choosable(document.versions)
    sent = request.POST if request.method == "POST" else None
    form = ExamForm(
        sent,
        initial=filled(exam, document, queries.seen(exam) if exam else ""),
        frameworks=_frameworks(document),
    )
    rows = PlaceRows(
        sent,
        initial=filled_rows(document),
        form_kwargs={"choices": choices(published)},
        prefix="place",
    )
    if not document.places:
        rows.extra = FIRST
    status = 200
    if sent is not None:
        status = 422
        if form.is_valid() and rows.is_valid():
            try:
                found = save(form.cleaned_data, written(form, rows, published))
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "The exam is saved.")
                again = "more" in request.POST
                return redirect("osce_change_exam" if again else "osce_exam", found.uuid)
    context = {
        "form": form,
        "rows": rows,
        "exam": exam,
        "stations": len(published),
        "has_errors": status != 200,
    }
    return render(request, "osces/exams/write.html", context, status=status)


def _frameworks(document: Document) -> list[str]:
    """The names of the frameworks that there are; one that is chosen already stays a choice."""
    names = [one.framework for one in registries.competencies()]
    return list(dict.fromkeys([*names, *filter(None, [document.framework])]))


@require_safe
def exam(request: HttpRequest, exam: UUID) -> HttpResponse:
    """The design of an exam: its places, the blueprint, what stops it, and the steps."""
    keeps = reader(request)
    found = _exam(exam)
    frozen = found.frozen if _is_frozen(found) else None
    if not keeps and frozen is None:
        raise Http404
    me = request.viewer.me  # type: ignore[attr-defined]
    context = _shown(queries.designed(found)) | {
        "exam": found,
        "keeps": keeps,
        "frozen": frozen,
        "frozen_by": Person.objects.get(uuid=frozen.entry.actor) if frozen else None,
        "announced": frozen is not None and queries.is_announced(found),
        "yours": queries.YOURS if Exam.objects.filter(queries.wrote(me), pk=found.pk) else "",
        "seen": queries.seen(found),
        "uuid": uuid4(),
    }
    return render(request, "osces/exams/exam.html", context)


def _shown(document: Document) -> dict[str, Any]:
    published = queries.published(document.versions)
    known = queries.known(published)
    at = [
        At(
            number,
            place,
            documents.minutes_at(place, known),
            published.get(place.version) if place.version else None,
        )
        for number, place in enumerate(document.places, start=1)
    ]
    marked = [one for one in at if one.station]
    stations = [one.station.document for one in marked if one.station]
    competencies = registries.competencies()
    gaps = blueprint.gaps(stations, competencies, document.framework)
    return {
        "document": document,
        "at": at,
        "slot": documents.slot(document, known),
        "round": documents.round_minutes(document, known),
        "seats": documents.seats(document),
        "problems": documents.problems(document, known),
        "covered": [
            (one, list(zip(marked, one.stations, strict=True)))
            for one in blueprint.covered(stations, competencies, document.framework)
        ],
        "gaps": gaps,
        "many_gaps": len(gaps) > SHOWN_GAPS,
        "marked": marked,
        "marks": [
            (one, list(zip(marked, one.stations, strict=True))) for one in blueprint.marks(stations)
        ],
        "most": sum(station.most for station in stations),
    }


def _step(request: HttpRequest, key: UUID, act: Callable[[Person, Exam, str], str]) -> HttpResponse:
    """Takes a step with an exam and says what came of it; sent twice it is answered twice."""
    me = keeper(request)
    found = get_object_or_404(Exam.objects.select_related("book"), uuid=key)
    try:
        messages.success(request, act(me, found, request.POST.get("seen", "")))
    except DomainError as error:
        messages.error(request, error.message)
    if queries.kept().filter(pk=found.pk).exists():
        return redirect("osce_exam", found.uuid)
    return redirect("osce_exams")


@require_POST
def submit(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Give the exam to a second reader."""

    def act(me: Person, found: Exam, seen: str) -> str:
        actions.submit(by=me, exam=found, seen=seen)
        return "The exam waits for a second reader."

    return _step(request, exam, act)


@require_POST
def give_back(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Give the exam back to be written on."""

    def act(me: Person, found: Exam, seen: str) -> str:
        actions.give_back(by=me, exam=found)
        return "The exam can be written on again."

    return _step(request, exam, act)


@require_POST
def drop(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Let the exam go."""

    def act(me: Person, found: Exam, seen: str) -> str:
        actions.drop(by=me, exam=found)
        return "The exam is dropped."

    return _step(request, exam, act)


@require_POST
def freeze(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Freeze an exam that a second person has read."""
    try:
        uuid = UUID(request.POST.get("uuid", ""))
    except ValueError:
        uuid = uuid4()

    def act(me: Person, found: Exam, seen: str) -> str:
        actions.freeze(by=me, exam=found, uuid=uuid, seen=seen)
        return f"{found} is frozen. Its design never changes."

    return _step(request, exam, act)
