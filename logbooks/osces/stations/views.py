"""The bank of stations: the list, a station with its versions, its draft with the steps, and blank sheets to print."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces import policies, sealing
from logbooks.osces.exams import queries as exams
from logbooks.osces.models import Station, StationVersion
from logbooks.osces.results import history
from logbooks.osces.stations import actions, pdf, queries
from logbooks.osces.stations import document as documents
from logbooks.osces.stations.document import Document
from logbooks.osces.stations.forms import ItemRows, StationForm, filled, filled_rows, written
from school.core.decision import ALLOWED, refused
from school.core.errors import DomainError
from school.core.forms import refuse
from school.courses.views import demand, signed_in
from school.people.models import Person
from school.people.queries import identity


def keeper(request: HttpRequest) -> Person:
    """Who keeps stations and exams; 403 for whoever does not."""
    viewer, me = signed_in(request)
    demand(ALLOWED if policies.runs_osces(viewer) else refused(policies.UNSEEN))
    return me


def reader(request: HttpRequest) -> bool:
    """Whether whoever looks also keeps stations and exams; 403 for whoever does not even read them."""
    viewer, _ = signed_in(request)
    demand(ALLOWED if policies.reads_osces(viewer) else refused(policies.UNREAD))
    return policies.runs_osces(viewer)


def _station(key: UUID) -> Station:
    found = get_object_or_404(queries.kept(), uuid=key)
    if not (found.draft or queries.newest(found)):
        raise Http404
    return found


@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """Every station, with what waits for whom."""
    lines, keys = queries.listed(), queries.waiting(identity(keeper(request)))
    waiting = [line for line in lines if line.station.pk in keys]
    return render(request, "osces/stations/stations.html", {"lines": lines, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new station."""
    me = keeper(request)

    def save(document: Document, form: StationForm) -> Station:
        return actions.start(by=me, document=document, uuid=form.cleaned_data["uuid"] or uuid4())

    return _write(request, None, save)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, station: UUID) -> HttpResponse:
    """Write on the draft of a station."""
    me = keeper(request)
    found = _station(station)
    if not found.draft:
        return redirect("osce_bank_station", found.uuid)

    def save(document: Document, form: StationForm) -> Station:
        seen = form.cleaned_data["seen"]
        return actions.write(by=me, station=found, document=document, seen=seen)

    return _write(request, found, save)


def _write(
    request: HttpRequest,
    station: Station | None,
    save: Callable[[Document, StationForm], Station],
) -> HttpResponse:
    document = queries.drafted(station) if station else None
    sent = request.POST if request.method == "POST" else None
    seen = sealing.digest(document) if document else ""
    form = StationForm(sent, initial=filled(document, seen))
    rows = ItemRows(sent, initial=filled_rows(document), prefix="item")
    status = 200
    if sent is not None:
        status = 422
        if form.is_valid() and rows.is_valid():
            try:
                found = save(written(form, rows), form)
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "The draft is saved.")
                again = "more" in request.POST
                return redirect("osce_change_station" if again else "osce_bank_station", found.uuid)
    context = {
        "form": form,
        "rows": rows,
        "station": station,
        "has_errors": status != 200,
        "competencies": queries.competencies(),
    }
    return render(request, "osces/stations/write.html", context, status=status)


@require_safe
def station(request: HttpRequest, station: UUID) -> HttpResponse:
    """A station: its draft with the steps, or its newest version, and all versions."""
    me = keeper(request)
    found = _station(station)
    last = queries.newest(found)
    document = queries.drafted(found) if found.draft else queries.shown(found)
    before = documents.from_canonical(last.document) if last and found.draft else None
    context = _shown(document) | {
        "station": found,
        "last": last,
        "versions": found.versions.all(),
        "exams": exams.using(found),
        "history": history.of_station(found.pk),
        "problems": queries.problems(document) if found.draft else [],
        "changes": documents.changes(before, document) if before else [],
        "yours": queries.YOURS
        if Station.objects.filter(queries.wrote(identity(me)), pk=found.pk)
        else "",
        "seen": sealing.digest(document),
        "uuid": uuid4(),
    }
    return render(request, "osces/stations/station.html", context)


def _shown(document: Document) -> dict[str, Any]:
    titles = {one.code: one.title for one in queries.competencies()}
    return {
        "document": document,
        "texts": [
            (words, text)
            for name, words in documents.TEXTS.items()
            if name != "title" and (text := getattr(document, name))
        ],
        "items": [
            (item, [(code, titles.get(code, "")) for code in item.competencies])
            for item in document.items
        ],
    }  # fmt: skip


@require_safe
def version(request: HttpRequest, station: UUID, number: int) -> HttpResponse:
    """A published version as it is for ever; for who only reads, one of a frozen exam."""
    keeps = reader(request)
    found = _version(station, number)
    if not keeps and not found.exam_places.exists():
        raise Http404
    shown = _shown(documents.from_canonical(found.document))
    context = shown | {"version": found, "keeps": keeps}
    return render(request, "osces/stations/version.html", context)


def _version(station: UUID, number: int) -> StationVersion:
    rows = StationVersion.objects.select_related("station", "written_by", "reviewed_by")
    return get_object_or_404(rows, station__uuid=station, number=number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, station: UUID, number: int) -> HttpResponse:
    """The blank mark sheet of a version on paper, which a POST asks for."""
    me = keeper(request)
    found = _version(station, number)
    if request.method == "POST":
        return redirect("progress", pdf.ask(by=me, version=found).uuid)
    data = pdf.kept(found)
    if data is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="mark-sheet-version-{number}.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _step(
    request: HttpRequest, key: UUID, act: Callable[[Person, Station, str], str]
) -> HttpResponse:
    """Takes a step with a draft and says what came of it; sent twice it is answered twice."""
    me = keeper(request)
    found = get_object_or_404(Station, uuid=key)
    try:
        messages.success(request, act(me, found, request.POST.get("seen", "")))
    except DomainError as error:
        messages.error(request, error.message)
    found = queries.kept().get(pk=found.pk)
    if found.draft or queries.newest(found):
        return redirect("osce_bank_station", found.uuid)
    return redirect("osce_stations")


@require_POST
def begin_next(request: HttpRequest, station: UUID) -> HttpResponse:
    """Open the next version."""

    def act(me: Person, found: Station, seen: str) -> str:
        actions.begin_next(by=me, station=found)
        return "The next version is open, with what the newest says."

    return _step(request, station, act)


@require_POST
def submit(request: HttpRequest, station: UUID) -> HttpResponse:
    """Give the draft to a second reader."""

    def act(me: Person, found: Station, seen: str) -> str:
        actions.submit(by=me, station=found, seen=seen)
        return "The draft waits for a second reader."

    return _step(request, station, act)


@require_POST
def give_back(request: HttpRequest, station: UUID) -> HttpResponse:
    """Give the draft back to be written on."""

    def act(me: Person, found: Station, seen: str) -> str:
        actions.give_back(by=me, station=found)
        return "The draft can be written on again."

    return _step(request, station, act)


@require_POST
def drop(request: HttpRequest, station: UUID) -> HttpResponse:
    """Let the draft go."""

    def act(me: Person, found: Station, seen: str) -> str:
        actions.drop(by=me, station=found)
        return "The draft is dropped. What is published stays as it is."

    return _step(request, station, act)


@require_POST
def publish(request: HttpRequest, station: UUID) -> HttpResponse:
    """Publish a draft that a second person has read."""
    try:
        uuid = UUID(request.POST.get("uuid", ""))
    except ValueError:
        uuid = uuid4()

    def act(me: Person, found: Station, seen: str) -> str:
        made = actions.publish(by=me, station=found, uuid=uuid, seen=seen)
        return f"Version {made.number} of {made.station} is published."

    return _step(request, station, act)
