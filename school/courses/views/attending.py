"""Being there: what a scanned code leads to, saying so, and the code that somebody shows an educator."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from school.core import clock, days
from school.core.errors import DomainError
from school.core.squares import square
from school.courses import policies
from school.courses import register_queries as register
from school.courses.actions import attending
from school.courses.forms.day import ArriveForm
from school.courses.models import Booking, Session
from school.courses.views import looking, signed_in
from school.people.models import Person

RELATED = ("event__version__course", "event__site", "event__book")


def session_of(request: HttpRequest, session: UUID) -> Session:
    """A session of an event that the viewer may read of."""
    rows = Session.objects.filter(event__in=policies.events(looking(request)))
    return get_object_or_404(rows.select_related(*RELATED), uuid=session)


@require_safe
def scanned(request: HttpRequest, session: UUID, code: str) -> HttpResponse:
    """Where the room's code leads: what one is at, and one button. Nothing is written by looking."""
    _, person = signed_in(request)
    found = session_of(request, session)
    _, mark = _standing(person, found)
    if mark is not None:
        return redirect("attend", found.uuid)
    try:
        ticket = attending.admit(by=person, session=found, code=code)
    except DomainError as error:
        return _page(request, person, found, refusal=error.message, status=error.status)
    form = ArriveForm(initial={"uuid": uuid4(), "ticket": ticket.signed()})
    return _page(request, person, found, form=form)


def attend(request: HttpRequest, session: UUID) -> HttpResponse:
    """Whether one is on the register of a session; a ticket that is sent here puts one on it."""
    _, person = signed_in(request)
    found = session_of(request, session)
    if request.method != "POST":
        booking, mark = _standing(person, found)
        placed = booking is not None and booking.state in register.WITH_PLACE
        return _page(request, person, found, mark=mark, placed=placed)
    form = ArriveForm(request.POST)
    if not form.is_valid():
        words = "What was sent could not be read. Scan the code on the screen."
        return _page(request, person, found, refusal=words, status=422)
    try:
        attending.arrive(
            by=person,
            session=found,
            ticket=form.cleaned_data["ticket"],
            uuid=form.cleaned_data["uuid"],
            device_time=form.cleaned_data["device_time"],
        )
    except DomainError as error:
        return _page(request, person, found, refusal=error.message, status=error.status)
    return redirect("attend", found.uuid)


def _standing(person: Person, session: Session) -> tuple[Booking | None, register.Mark | None]:
    booking = register.booking_of(person, session.event)
    fact = register.said_of_session(booking, session) if booking else None
    return booking, register.mark_of(booking, session, fact) if booking and fact else None


def _page(
    request: HttpRequest,
    person: Person,
    session: Session,
    *,
    form: ArriveForm | None = None,
    mark: register.Mark | None = None,
    placed: bool = True,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": person,
        "session": session,
        "event": session.event,
        "times": days.time_range(session.starts, session.ends),
        "arriving": form,
        "mark": mark,
        "placed": placed,
        "over": clock.now() > session.ends,
        "refusal": refusal,
    }
    return render(request, "courses/day/attend.html", context, status=status)


@require_safe
def booking_code(request: HttpRequest, booking: UUID) -> HttpResponse:
    """A code of one's own that an educator scans, for who cannot scan the room's."""
    viewer, _ = signed_in(request)
    own = Booking.objects.filter(person__in=viewer.me, state__in=register.WITH_PLACE)
    found = get_object_or_404(own.select_related("event__version", "person"), uuid=booking)
    address = request.build_absolute_uri(reverse("booking_attendance", args=[found.uuid]))
    modules, path = square(address)
    context = {"booking": found, "event": found.event, "modules": modules, "square": path}
    return render(request, "courses/day/booking_code.html", context)
