"""One person's attendance, for School educators: where their code leads, and what is corrected or excused."""

from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from school.core import clock, days
from school.core.errors import DomainError
from school.courses import register_queries as register
from school.courses.actions import attending
from school.courses.attending import BEFORE
from school.courses.forms.day import CorrectForm, ReasonForm, SeenForm, in_words
from school.courses.models import Attendance, Booking, Event
from school.courses.views import looking, refuse
from school.courses.views.register import educator
from school.people.models import Person

State = Booking.State


def booking_attendance(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One person's attendance, where their code leads: a button for every session of today."""
    person, found = _of_booking(request, booking)
    if request.method == "POST":
        form = SeenForm(request.POST)
        if not form.is_valid():
            raise DomainError("Open this person’s page again and press the session there.")
        session = get_object_or_404(found.event.sessions, uuid=form.cleaned_data["session"])
        uuid = uuid5(form.cleaned_data["batch"], str(session.uuid))
        seen = [attending.Seen(found, session, uuid)]
        attending.tick(by=person, event=found.event, seen=seen, way=Attendance.Way.PERSON)
        messages.success(request, f"{found.person.name} is on the register: {in_words(session)}.")
        return redirect("booking_attendance", found.uuid)
    return _booking_page(request, found)


@require_POST
def correct_attendance(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Say otherwise of a session, with a reason."""
    person, found = _of_booking(request, booking)
    sessions = list(found.event.sessions.all())
    form = CorrectForm(request.POST, sessions=sessions)
    status = 422
    if form.is_valid():
        session = next(one for one in sessions if one.uuid == form.wanted())
        try:
            attending.correct(
                by=person,
                booking=found,
                session=session,
                present=form.cleaned_data["present"] == "yes",
                reason=form.cleaned_data["reason"],
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"The register of {found.person.name} is corrected.")
            return redirect("booking_attendance", found.uuid)
    return _booking_page(request, found, correcting=form, status=status)


@require_POST
def excuse_booking(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Excuse what somebody missed, or take that back, with a reason."""
    person, found = _of_booking(request, booking)
    form = ReasonForm(request.POST, auto_id="id_excuse_%s")
    status = 422
    if form.is_valid():
        act = attending.end_excuse if "back" in request.POST else attending.excuse
        try:
            act(by=person, booking=found, reason=form.cleaned_data["reason"])
        except DomainError as error:
            status = refuse(form, error)
        else:
            said = "no longer excused" if "back" in request.POST else "excused"
            messages.success(request, f"{found.person.name} is {said}.")
            return redirect("booking_attendance", found.uuid)
    return _booking_page(request, found, excusing=form, status=status)


def _of_booking(request: HttpRequest, booking: UUID) -> tuple[Person, Booking]:
    person = educator(request)
    related = ("event__version__course", "event__book", "person__book")
    found = get_object_or_404(Booking.objects.select_related(*related), uuid=booking)
    looking(request).opened(found.person)
    return person, found


def _booking_page(
    request: HttpRequest,
    booking: Booking,
    *,
    correcting: CorrectForm | None = None,
    excusing: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    event, now = booking.event, clock.now()
    sessions = list(event.sessions.all())
    row = register.row_of(booking, event, sessions, register.said_of([booking]))
    begun = [one for one in sessions if now >= one.starts - BEFORE]
    own = booking.person_id in looking(request).me
    kept = (
        not own
        and booking.state in register.WITH_PLACE
        and event.state in (Event.State.OPEN, Event.State.CLOSED)
    )
    context = {
        "booking": booking,
        "person": booking.person,
        "event": event,
        "lines": [
            {
                "mark": mark,
                "words": in_words(mark.session),
                "button": kept
                and not mark.known
                and event.state == Event.State.OPEN
                and mark.session in begun
                and days.london_day(mark.session.starts) == clock.today(),
            }
            for mark in row.marks
        ],
        "row": row,
        "own": own,
        "with_place": booking.state in register.WITH_PLACE,
        "batch": uuid4(),
        "excused": booking.state == State.EXCUSED,
        "correcting": correcting
        or (CorrectForm(sessions=begun, initial={"uuid": uuid4()}) if kept and begun else None),
        "excusing": excusing
        or (
            ReasonForm(auto_id="id_excuse_%s")
            if kept and now >= event.starts and booking.state != State.ATTENDED
            else None
        ),
        "wrong": correcting or excusing,
    }
    return render(request, "courses/day/booking_attendance.html", context, status=status)
