"""Events as School educators look after them: the list, an event with those who come, and its making."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from school.core import clock, days, registries
from school.core.errors import DomainError
from school.core.files import writing
from school.courses import catalogue, queries
from school.courses import learners_queries as learned
from school.courses import teaching_queries as taught
from school.courses.actions.teaching import cancel_event, change_event, make_event, open_event
from school.courses.conditions import said
from school.courses.forms.teaching import EventsFilterForm, ReasonForm, UuidForm
from school.courses.forms.teaching.events import EventForm, event_initial, new_event_initial
from school.courses.models import Booking, Course, Event
from school.courses.teaching_queries import Comer, EventLine
from school.courses.views import status_of
from school.courses.views.teaching import files_of, page_of, teacher, took
from school.people.addresses import address_of

COLUMNS = ("Course", "Begins", "Ends", "Where", "State", "Places", "Booked or held", "Left", "In line", "Waits for approval")  # fmt: skip
COMERS = ("Name", "State", "Place in line", "Asked for", "Held until", "Hours attended", "Attained on", "Certificate")  # fmt: skip
# What the actions call otherwise than the form.
FIELDS = {"sessions": "ends_1", "closes": "closes_on"}


def events(request: HttpRequest) -> HttpResponse:
    """The events, narrowed and sorted."""
    teacher(request)
    form = EventsFilterForm(request.GET)
    wanted = form.wanted()
    page = page_of(request, taught.taught_events(wanted))
    context = {
        "form": form,
        "said": form.said(wanted),
        "filtered": bool(request.GET),
        "page": page,
        "rows": list(taught.event_lines(page.object_list)),
        "courses": bool(form.titles),
        **files_of(request, "taught_events_file"),
    }
    return render(request, "courses/teaching/events.html", context)


def events_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The list as a file, narrowed as the page is."""
    teacher(request)
    if format not in writing.FORMATS:
        raise Http404
    form = EventsFilterForm(request.GET)
    wanted = form.wanted()
    about = writing.About(
        title="Events",
        filtered=form.said(wanted),
        definition="Left: places that somebody could still take; none while others wait for one.",
    )
    rows = map(_cells, taught.event_lines(taught.taught_events(wanted)))
    return writing.table_response("events", COLUMNS, rows, about, format)


def _cells(row: EventLine) -> Sequence[Any]:
    return (
        row.course, row.starts, row.ends, row.where, row.state_words, row.capacity, row.taken,
        row.left, row.waiting, row.asking,
    )  # fmt: skip


def make(request: HttpRequest, course: UUID) -> HttpResponse:
    """Make an event of a course: a draft, which only School educators see."""
    _, person = teacher(request)
    found = get_object_or_404(Course, uuid=course)
    posted = request.POST if request.method == "POST" else None
    form = EventForm(posted, initial=new_event_initial(uuid4(), address_of(person)))
    status = 200
    if posted is not None and form.is_valid():
        try:
            sessions = form.sessions()
            day = days.london_day(sessions[0].starts)
            version = queries.version_on(found, day)
            if version is None:
                raise DomainError(
                    "No version of this course holds on that day. Publish one first.", field="day_1"
                )
            made = make_event(
                by=person,
                version=version,
                details=form.details(),
                sessions=sessions,
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            status = took(form, error, **FIELDS)
        else:
            messages.success(request, "The event is saved as a draft. Check it, then open it.")
            return redirect("taught_event", made.uuid)
    context = {"form": form, "course": found}
    return render(request, "courses/teaching/event_form.html", context, status=status_of(form, status))  # fmt: skip


def change(request: HttpRequest, event: UUID) -> HttpResponse:
    """Change an event that has not begun; who has or awaits a place is told of other times or another venue."""
    _, person = teacher(request)
    found = _event(event)
    posted = request.POST if request.method == "POST" else None
    form = EventForm(posted, initial=event_initial(found) | {"uuid": uuid4()})
    status = 200
    if posted is not None and form.is_valid():
        try:
            change_event(
                by=person,
                event=found,
                details=form.details(),
                sessions=form.sessions(),
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            status = took(form, error, **FIELDS)
        else:
            messages.success(request, "The event is saved.")
            return redirect("taught_event", found.uuid)
    context = {"form": form, "event": found, "course": found.version.course}
    return render(request, "courses/teaching/event_form.html", context, status=status_of(form, status))  # fmt: skip


def event(request: HttpRequest, event: UUID) -> HttpResponse:
    """An event: what it is, who comes, who waits, and what can be done with it."""
    teacher(request)
    found = _event(event)
    comers = taught.comers(found)
    to_come = clock.now() < found.starts
    live = found.state in (Event.State.DRAFT, Event.State.OPEN)
    context = {
        "event": found,
        "rows": _facts(found),
        "sessions": found.sessions.all(),
        "comers": comers,
        "figures": _figures(found, comers),
        "needs": taught.told_needs(found).values("booking").distinct().count(),
        "may_change": to_come and live,
        "may_open": to_come and found.state == Event.State.DRAFT,
        "public": registries.link(found) if found.state != Event.State.DRAFT else None,
        "desk": registries.desk(found),
        **files_of(request, "taught_event_file", found.uuid),
    }
    return render(request, "courses/teaching/event.html", context)


def event_file(request: HttpRequest, event: UUID, format: str) -> HttpResponseBase:
    """Who has, awaits, asked for or gave up a place, and what came of it; everybody in it gets a row in the access log."""
    viewer, _ = teacher(request)
    if format not in writing.FORMATS:
        raise Http404
    found = _event(event)
    comers = taught.comers(found).everybody()
    viewer.opened(*(one.person for one in comers))
    title = f"{found.version.title}, {said(found.starts)}"
    name = f"people-{slugify(found.version.title)}-{days.london_day(found.starts)}"
    bookings = learned.of_bookings(Booking.objects.filter(event=found))
    came = {one.booking.uuid: one for one in bookings if one.booking}
    rows = (_comer_cells(one, came[one.booking]) for one in comers)
    return writing.table_response(name, COMERS, rows, writing.About(title=title), format)


def _comer_cells(one: Comer, came: learned.Learner) -> Sequence[Any]:
    return (
        one.person.name, one.state_words, one.place, one.asked_at, one.held_until,
        came.hours, came.attained_on, came.certificate,
    )  # fmt: skip


def needs(request: HttpRequest, event: UUID) -> HttpResponse:
    """What people told the School that they need at an event; each of them gets a row in the access log."""
    viewer, _ = teacher(request)
    found = _event(event)
    rows = taught.needs(found)
    viewer.opened(*(person for person, _ in rows))
    return render(request, "courses/teaching/needs.html", {"event": found, "rows": rows})


def open_(request: HttpRequest, event: UUID) -> HttpResponse:
    """Read an event once more, and open it."""
    _, person = teacher(request)
    found = _event(event)
    posted = request.POST if request.method == "POST" else None
    form = UuidForm(posted, initial={"uuid": uuid4()})
    status = 200
    if posted is not None and form.is_valid():
        try:
            open_event(by=person, event=found, uuid=form.cleaned_data["uuid"])
        except DomainError as error:
            status = took(form, error)
        else:
            messages.success(request, "The event is open: it is in the catalogue now.")
            return redirect("taught_event", found.uuid)
    context = {"form": form, "event": found, "rows": _facts(found), "sessions": found.sessions.all()}  # fmt: skip
    return render(request, "courses/teaching/event_open.html", context, status=status_of(form, status))  # fmt: skip


def cancel(request: HttpRequest, event: UUID) -> HttpResponse:
    """Cancel an event for a reason; everybody with a booking is told and keeps no place."""
    _, person = teacher(request)
    found = _event(event)
    posted = request.POST if request.method == "POST" else None
    form = ReasonForm(posted, initial={"uuid": uuid4()})
    status = 200
    if posted is not None and form.is_valid():
        try:
            cancel_event(by=person, event=found, **form.cleaned_data)
        except DomainError as error:
            status = took(form, error)
        else:
            messages.success(request, "The event is cancelled. Everybody with a booking is told.")
            return redirect("taught_event", found.uuid)
    context = {"form": form, "event": found, "told": len(_with_booking(found))}
    return render(request, "courses/teaching/event_cancel.html", context, status=status_of(form, status))  # fmt: skip


def _event(uuid: UUID) -> Event:
    rows = Event.objects.select_related("version__course", "site", "book")
    return get_object_or_404(rows.prefetch_related("sessions"), uuid=uuid)


def _with_booking(event: Event) -> list[Comer]:
    comers = taught.comers(event)
    return [*comers.in_line, *comers.asking, *(one for one in comers.placed)]


def _figures(event: Event, comers: taught.Comers) -> list[dict[str, Any]]:
    return [
        {"label": "Have a place", "value": len(comers.placed), "of": f"of {event.capacity}"},
        {"label": "In line", "value": len(comers.in_line)},
        {"label": "Wait for approval", "value": len(comers.asking)},
    ]


def _facts(event: Event) -> list[dict[str, Any]]:
    found = {
        "Course": str(event.version),
        "Where": catalogue.where(event),
        "Region": event.region,
        "Link to join": event.link,
        "Joining instructions": event.joining,
        "Places": event.capacity,
        "Booking opens": said(event.opens),
        "Booking closes": said(event.closes),
        "Approval": "A manager approves each place" if event.needs_approval else "Not asked for",
        "A free place is held for": days.in_words(int(event.hold_for.total_seconds()) // 60),
        "Questions to": event.contact,
    }
    return [{"key": key, "value": value} for key, value in found.items() if value]
