"""The timetable of an exam: announced, shown, hung at the door, and planned again on the day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces.day import announcing, asking, changing, queries
from logbooks.osces.day.announced import Announced, from_canonical
from logbooks.osces.day.changing import Happened
from logbooks.osces.day.elsewhere import elsewhere
from logbooks.osces.day.views import exam_of, overview
from logbooks.osces.models import Exam, Timetabled
from logbooks.osces.stations.views import keeper
from logbooks.osces.timetable.exam import Visit
from school.core import clock, days
from school.core.errors import DomainError
from school.core.forms import refuse


@dataclass(frozen=True, slots=True)
class Grid:
    """A circuit as a table: its places with their examiners, and for each slot who is at which place."""

    session: str
    circuit: str
    site: str
    places: list[tuple[str, str]]
    slots: list[tuple[datetime, list[tuple[str, str]]]]


@require_POST
def announce(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Work out the timetable and announce it; what cannot hold together is said on the day's page."""
    me, found = keeper(request), exam_of(exam)
    try:
        announcing.announce(
            by=me, exam=found, uuid=_uuid(request, "uuid") or uuid4(), seen=_uuid(request, "seen")
        )
    except DomainError as error:
        return overview(request, found, error)
    messages.success(request, "The timetable is announced.")
    return redirect("osce_timetable", found.uuid)


@require_safe
def timetable(request: HttpRequest, exam: UUID) -> HttpResponse:
    """The timetable by circuit and by candidate, with what the last change moved."""
    keeper(request)
    found = exam_of(exam)
    standing, said = _standing(found)
    names = asking.names(said.exam)
    numbers = _numbers(said)
    people = {str(one.uuid): one.enrolment.person.name for one in queries.candidates(found)}
    own: dict[str, list[Visit]] = defaultdict(list)
    for visit in said.timetable.visits:
        own[visit.candidate].append(visit)
    context = {
        "exam": found,
        "standing": standing,
        "said": said,
        "grids": _grids(said, names, numbers),
        "people": [
            (numbers[key], people.get(key, ""), own[key]) for key in _by_number(said) if own[key]
        ],
        "moved": _moved(said, numbers),
        "elsewhere": elsewhere(found, said),
    }
    return render(request, "osces/day/timetable.html", context)


@require_safe
def door(request: HttpRequest, exam: UUID) -> HttpResponse:
    """A list to hang at the door: numbers, when and where each begins, without names."""
    keeper(request)
    found = exam_of(exam)
    _, said = _standing(found)
    numbers = _numbers(said)
    first: dict[str, Visit] = {}
    for visit in said.timetable.visits:
        first.setdefault(visit.candidate, visit)
    lines = [(numbers[key], first[key]) for key in _by_number(said) if key in first]
    return render(request, "osces/day/door.html", {"exam": found, "said": said, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Say what happened, see what would move, and announce it."""
    me, found = keeper(request), exam_of(exam)
    standing, said = _standing(found)
    sent = request.POST if request.method == "POST" else request.GET
    people = {
        str(one.uuid): f"{one.number}, {one.enrolment.person.name}"
        for one in queries.candidates(found)
    }
    candidates = [(key, people.get(key, number)) for key, number in _numbers(said).items()]
    examiners = sorted(asking.names(said.exam).items(), key=lambda pair: pair[1])
    forms = changing.forms_of(sent, said, candidates, examiners)
    form = forms.get(sent.get("what", ""))
    as_of = _as_of(request)
    status, refused, shown = 200, None, None
    if form is not None and form.is_valid():
        change, away = form.change(found.day, days.local(as_of)), form.away(found.day)
        try:
            if request.method == "POST":
                announcing.announce_again(
                    by=me,
                    exam=found,
                    change=change,
                    as_of=as_of,
                    away=away,
                    uuid=_uuid(request, "uuid") or uuid4(),
                    seen=_uuid(request, "seen"),
                )
                messages.success(request, "The timetable is announced again.")
                return redirect("osce_timetable", found.uuid)
            shown = announcing.looked_at(exam=found, change=change, as_of=as_of, away=away)
        except announcing.CannotHold as error:
            refused, status = error, error.status
        except DomainError as error:
            status = refuse(form, error)
    elif form is not None or request.method == "POST":
        status = 422
    context = {
        "exam": found,
        "forms": list(forms.values()),
        "form": form,
        "refused": refused,
        "moved": _moved(shown, _numbers(said)) if shown else [],
        "standing": standing,
        "as_of": as_of.isoformat(),
        "typed": _typed(form) if shown and form else [],
        "uuid": uuid4(),
        "has_errors": status != 200,
    }
    return render(request, "osces/day/again.html", context, status=status)


def _typed(form: Happened) -> list[tuple[str, Any]]:
    """What was typed, to be sent again with the announcement."""
    return [("what", form.what), *((one.html_name, one.value() or "") for one in form)]


def _as_of(request: HttpRequest) -> datetime:
    """The moment of the look that is announced; now, where there is none."""
    try:
        found = parse_datetime(request.POST.get("as_of", ""))
    except ValueError:
        found = None
    return found if found and found.tzinfo else clock.now()


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def _standing(exam: Exam) -> tuple[Timetabled, Announced]:
    standing = queries.timetabled(exam)
    if standing is None:
        raise Http404
    return standing, from_canonical(standing.document)


def _numbers(said: Announced) -> dict[str, str]:
    return {one.key: one.name for one in sorted(said.exam.candidates, key=lambda one: one.name)}


def _by_number(said: Announced) -> list[str]:
    return list(_numbers(said))


def _grids(said: Announced, names: dict[str, str], numbers: dict[str, str]) -> list[Grid]:
    found = []
    for session, circuit in said.exam.circuits():
        slots: dict[datetime, list[tuple[str, str]]] = {}
        places = [
            (one.name, " and ".join(names.get(key, "") for key in one.examiners))
            for one in circuit.positions
        ]
        for visit in said.timetable.visits:
            if (visit.session, visit.circuit) == (session.name, circuit.name):
                row = slots.setdefault(visit.starts, [(name, "") for name, _ in places])
                row[visit.position] = (visit.station, numbers[visit.candidate])
        found.append(Grid(session.name, circuit.name, session.site, places, sorted(slots.items())))
    return found


def _moved(
    said: Announced, numbers: dict[str, str]
) -> Sequence[tuple[str, Visit | None, Visit | None]]:
    """What a change moves: the candidate's number, from where, and where to."""
    return [
        (numbers[(before or after).candidate], before, after)  # type: ignore[union-attr]
        for before, after in said.timetable.moved
    ]
