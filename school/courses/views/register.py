"""The register, for School educators: the room's screen, ticks, closing, and the list as a file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from school.core import clock, days
from school.core.addresses import addresses
from school.core.errors import DomainError
from school.core.files import writing
from school.core.squares import square
from school.courses import policies, room
from school.courses import register_queries as register
from school.courses.actions import attending
from school.courses.attending import BEFORE, Outcome
from school.courses.forms.day import TicksForm, in_words
from school.courses.models import Attendance, Booking, Event, Session
from school.courses.views import demand, looking, refuse, signed_in, status_of
from school.courses.views.attending import session_of
from school.people.models import Person

State = Booking.State


def educator(request: HttpRequest) -> Person:
    """The School educator who keeps the register; 403 for everybody else."""
    viewer, person = signed_in(request)
    demand(policies.may_teach(viewer))
    return person


def held(request: HttpRequest, event: UUID) -> tuple[Person, Event]:
    """The educator, and an event with its register."""
    person = educator(request)
    rows = Event.objects.exclude(state=Event.State.DRAFT)
    return person, get_object_or_404(
        rows.select_related("version__course", "book", "site"), uuid=event
    )


@require_safe
def room_code(request: HttpRequest, session: UUID) -> HttpResponse:
    """The room's screen: one large code that changes every half minute."""
    educator(request)
    found = session_of(request, session)
    now = clock.now()
    is_open = register.is_open(found, now) and found.event.state == Event.State.OPEN
    context: dict[str, Any] = {
        "session": found,
        "event": found.event,
        "times": days.time_range(found.starts, found.ends),
        "is_open": is_open,
        "is_over": now > found.ends,
        "opens": found.starts - BEFORE,
        "now": now,
    }
    if is_open:
        code = room.code(found.uuid, now)
        address = request.build_absolute_uri(reverse("attend_scanned", args=[found.uuid, code]))
        context["modules"], context["square"] = square(address)
        context["here"], context["placed"] = register.there(found)
    part = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "courses/day/_room.html" if part else "courses/day/room.html", context)


def event_register(request: HttpRequest, event: UUID) -> HttpResponse:
    """Everyone with a place, session by session; many are ticked at once."""
    person, found = held(request, event)
    sessions = list(found.sessions.all())
    rows = register.rows_of(found, sessions)
    form, status = None, 200
    if request.method == "POST":
        form = TicksForm(request.POST, keys=[mark.key for row in rows for mark in row.marks])
        if form.is_valid():
            try:
                count = attending.tick(
                    by=person, event=found, seen=_seen(form, rows), way=Attendance.Way.HAND
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, f"{_times(count)} put on the register.")
                return redirect("register", found.uuid)
        status = status_of(form, status)
    return _register_page(request, found, sessions, rows, form, status)


def _times(count: int) -> str:
    return {0: "Nobody new was", 1: "1 attendance was"}.get(count, f"{count} attendances were")


def _seen(form: TicksForm, rows: list[register.Row]) -> list[attending.Seen]:
    batch, ticked = form.cleaned_data["batch"], set(form.cleaned_data["seen"])
    return [
        attending.Seen(row.booking, mark.session, uuid5(batch, mark.key))
        for row in rows
        for mark in row.marks
        if mark.key in ticked
    ]


def _register_page(
    request: HttpRequest,
    event: Event,
    sessions: list[Session],
    rows: list[register.Row],
    form: TicksForm | None,
    status: int,
) -> HttpResponse:
    now, me = clock.now(), looking(request).me
    closed = event.state == Event.State.CLOSED
    ticking = [one for one in sessions if now >= one.starts - BEFORE] if not closed else []
    attendance_at = addresses("booking_attendance")
    counts = dict.fromkeys(Outcome, 0)
    for row in rows:
        counts[row.comes_to] += 1
    context = {
        "event": event,
        "sessions": [
            {
                "session": one,
                "words": in_words(one),
                "room_open": register.is_open(one, now) and event.state == Event.State.OPEN,
                "ticking": one in ticking,
            }
            for one in sessions
        ],
        "rows": [
            (attendance_at(row.booking.uuid), row, row.booking.person_id in me) for row in rows
        ],
        "ticking": {one.pk for one in ticking},
        "ticked": set(request.POST.getlist("seen")),
        "form": form,
        "batch": form.data.get("batch") if form else uuid4(),
        "closed": closed,
        "kept": event.state in (Event.State.OPEN, Event.State.CLOSED),
        "may_close": event.state == Event.State.OPEN and now >= event.ends,
        "over": now >= event.ends,
        "close_uuid": uuid4(),
        "counts": [
            (State(outcome.value).label, count) for outcome, count in counts.items() if count
        ],
        "csv": reverse("register_file", args=[event.uuid, "csv"]),
        "xlsx": reverse("register_file", args=[event.uuid, "xlsx"]),
    }
    return render(request, "courses/day/register.html", context, status=status)


@require_POST
def close_register(request: HttpRequest, event: UUID) -> HttpResponse:
    """Close the register of an event that is over."""
    person, found = held(request, event)
    try:
        uuid = UUID(request.POST.get("uuid", ""))
    except ValueError:
        raise DomainError("Open the register again and close it there.") from None
    attending.close_register(by=person, event=found, uuid=uuid)
    messages.success(request, "The register is closed. Everyone’s outcome stands below.")
    return redirect("register", found.uuid)


@require_safe
def register_file(request: HttpRequest, event: UUID, format: str) -> HttpResponseBase:
    """The register as a file; everybody in it gets a row in the access log."""
    _, found = held(request, event)
    if format not in writing.FORMATS:
        raise Http404
    sessions = list(found.sessions.all())
    rows = register.rows_of(found, sessions)
    request.viewer.opened(*(row.booking.person for row in rows))  # type: ignore[attr-defined]
    about = writing.About(
        title=f"Register of {found.version.title}, {days.long_date(days.london_day(found.starts))}",
        definition=(
            f"Attended: {found.version.attendance_percent} percent of the sessions’ minutes or more."
        ),
    )
    columns = ("Name", *(in_words(one) for one in sessions), "Attended, hours", "Outcome")
    return writing.table_response("register", columns, _cells(found, rows), about, format)


def _cells(event: Event, rows: list[register.Row]) -> Iterator[tuple[Any, ...]]:
    closed = event.state == Event.State.CLOSED
    for row in rows:
        said = [
            "there" if mark.present else "not there" if mark.known else "" for mark in row.marks
        ]
        outcome = row.booking.get_state_display() if closed else ""
        yield (row.name, *said, round(row.minutes / 60, 2), outcome)
