"""An event and one's place at it: asked for, taken, given up, moved."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from school.core import clock, days
from school.core.errors import DomainError
from school.courses import booking_queries as pages
from school.courses import catalogue, conditions, policies, queries
from school.courses.actions import booking as places
from school.courses.actions.needs import say_needs
from school.courses.forms.booking import AskForm, GiveUpForm, MoveForm, StepForm
from school.courses.models import Booking, Event
from school.courses.views import looking, refuse, signed_in, status_of
from school.people.middleware import Viewer

State = Booking.State
GIVEN_UP = {
    State.WAITING: "You have left the waiting list.",
    State.REQUESTED: "The request is taken back.",
}


@login_not_required
@require_safe
def event(request: HttpRequest, event: UUID) -> HttpResponse:
    """What everyone may know of an event, and, for the signed-in, the form for a place or what stands against one."""
    viewer = looking(request)
    return _event_page(request, viewer, _event(viewer, event), AskForm(initial={"uuid": uuid4()}))


def book_place(request: HttpRequest, event: UUID) -> HttpResponse:
    """Ask for a place for oneself."""
    viewer, person = signed_in(request)
    # Whoever writes drafts books no place at one either, so nobody's roles are asked for.
    rows = Event.objects.exclude(state=Event.State.DRAFT).select_related("book")
    found = get_object_or_404(rows.only("uuid", "book"), uuid=event)
    if request.method != "POST":
        return redirect("event", found.uuid)
    form = AskForm(request.POST)
    status = 200
    if form.is_valid():
        try:
            made = places.ask_for_place(by=person, person=person, event=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("booking", made.uuid)
    return _event_page(request, viewer, _event(viewer, event), form, status)


def booking(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One booking: what is so, what comes next, and what can be done."""
    viewer, _ = signed_in(request)
    found = _booking(viewer, booking)
    mine = found.person_id in viewer.me
    if not mine:
        viewer.opened(found.person)
    now = clock.now()
    to_come = now < found.event.starts
    told = pages.told(found)
    context = {
        "booking": found,
        "event": found.event,
        "line": pages.Line.of(found, now),
        "mine": mine,
        "told": told,
        # What the register says of somebody is for them and the School, whoever else answers for them.
        "reads_reason": mine
        or found.state not in policies.WITH_A_PLACE
        or bool(policies.may_teach(viewer)),
        "now": pages.now_words(found, mine=mine, told=told),
        "held": found.state == State.HELD and now < queries.held_till(found),
        "waits": found.state in (State.WAITING, State.REQUESTED),
        "has_place": found.state in (State.BOOKED, *Booking.AFTERWARDS),
        "sessions": found.event.sessions.order_by("starts"),
        "live": found.state in Booking.LIVE and to_come,
        "gone": found.state in (State.DECLINED, State.CANCELLED, State.CANCELLED_BY_SCHOOL),
        "decides": found.state == State.REQUESTED and to_come and not mine,
        "decline_url": reverse("decline_booking", args=[found.uuid]),
        "form": StepForm(initial={"uuid": uuid4()}, auto_id=False),
        "no_form": StepForm(initial={"uuid": uuid4()}, auto_id=False),
    }
    return render(request, "courses/booking/booking.html", context)


@require_POST
def take_place(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Take the place that is held."""
    return _act(request, booking, places.take_place, "The place is yours.")


@require_POST
def say_no(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Say no to the place that is held."""
    return _act(request, booking, places.say_no, "The place goes to the next in line.")


def give_up(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Give a place up, or leave the line, after one more look."""
    viewer, person = signed_in(request)
    found = _booking(viewer, booking)
    before = State(found.state)
    form = GiveUpForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if form.is_valid():
        try:
            places.give_up(by=person, booking=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, GIVEN_UP.get(before, "The booking is given up."))
            return redirect("booking", found.uuid)
    context = {
        "booking": found,
        "line": pages.Line.of(found, clock.now()),
        "mine": found.person_id in viewer.me,
        "form": form,
    }
    return render(request, "courses/booking/give_up.html", context, status=status_of(form, status))


def change_needs(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Say anew what one needs to take part; its person alone reads it here."""
    viewer, person = signed_in(request)
    found = _booking(viewer, booking)
    if found.person_id not in viewer.me:
        raise Http404
    initial = {"uuid": uuid4(), "needs": queries.needs_of(found)}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_valid():
        try:
            say_needs(by=person, booking=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Kept. The School reads it on its list for the day.")
            return redirect("booking", found.uuid)
    context = {"booking": found, "line": pages.Line.of(found, clock.now()), "form": form}
    return render(request, "courses/booking/needs.html", context, status=status_of(form, status))


def move(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Move a booking to another date of the same course."""
    viewer, person = signed_in(request)
    found = _booking(viewer, booking)
    dates = {str(one.uuid): one for one in pages.other_dates(found)}
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        dates=[(uuid, _date_words(one)) for uuid, one in dates.items()],
        initial={"uuid": uuid4()},
    )
    status = 200
    if form.is_valid():
        data = form.cleaned_data
        try:
            new = places.move_to(
                by=person, booking=found, event=dates[data["event"]], uuid=data["uuid"]
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The booking is moved.")
            return redirect("booking", new.uuid)
    context = {
        "booking": found,
        "line": pages.Line.of(found, clock.now()),
        "mine": found.person_id in viewer.me,
        "dates": dates,
        "form": form,
    }
    return render(request, "courses/booking/move.html", context, status=status_of(form, status))


def _event(viewer: Viewer, uuid: UUID) -> Event:
    found = pages.event_for(viewer, uuid)
    if found is None:
        raise Http404
    return found


def _booking(viewer: Viewer, uuid: UUID) -> Booking:
    related = (*pages.RELATED, "event__book", "person__book", "person__user", "moved_to")
    return get_object_or_404(policies.bookings(viewer).select_related(*related), uuid=uuid)


def _event_page(
    request: HttpRequest, viewer: Viewer, found: Event, form: AskForm, status: int = 200
) -> HttpResponse:
    person = viewer.person
    mine = queries.booking_of(found, viewer.me) if person else None
    reasons: list[str] = []
    if person and mine is None:
        none = (conditions.rule_no_other_booking,)
        reasons = conditions.reasons_against(found, person, viewer.me, none)
    shown = catalogue.event_found(found)
    context: dict[str, Any] = {
        "event": found,
        "shown": shown,
        "line": pages.Line.of(mine, clock.now()) if mine else None,
        "reasons": reasons,
        "may_ask": person is not None and mine is None and not reasons,
        "may_visit": person is None and found.state == Event.State.OPEN,
        "begun": clock.now() >= found.starts,
        "manages": person is not None and getattr(found, "manages", False),
        "button": _button(found, shown),
        "form": form,
        "sign_in": f"{reverse('account_login')}?next={reverse('event', args=[found.uuid])}",
        "outcomes": found.version.outcomes.splitlines(),
        "asked_first": [] if person else _asked_first(found),
        "hours": days.in_words(found.version.credit_minutes),
        "hold_for": days.in_words(int(found.hold_for.total_seconds() // 60)),
    }
    return render(request, "courses/booking/event.html", context, status=status_of(form, status))


def _asked_first(found: Event) -> list[str]:
    rows = found.version.prerequisites.order_by("course__title")
    return list(rows.values_list("course__title", flat=True))


def _button(found: Event, shown: catalogue.EventFound) -> str:
    if found.needs_approval:
        return "Ask for a place"
    return "Book a place" if shown.left else "Join the waiting list"


def _date_words(found: Event) -> str:
    shown = catalogue.event_found(found)
    when = f"{days.day_date(days.london_day(found.starts))}, {days.time_range(found.starts, found.ends)}"
    return f"{when}, {shown.where}: {shown.words[:1].lower()}{shown.words[1:]}"


def _act(
    request: HttpRequest, booking: UUID, act: Callable[..., Booking], done: str
) -> HttpResponse:
    """One step without words, back on the booking's page; what a rule says stands above it."""
    viewer, person = signed_in(request)
    found = _booking(viewer, booking)
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed. Try again from this page.")
        return redirect("booking", found.uuid)
    try:
        act(by=person, booking=found, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("booking", found.uuid)
