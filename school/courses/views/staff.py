"""Requests of one's staff decided, staff booked on an event, and the list of what they have booked."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from school.core import clock, days
from school.core.errors import DomainError
from school.core.files import writing
from school.courses import booking_queries as pages
from school.courses import catalogue, policies
from school.courses.actions import booking as places
from school.courses.forms.booking import (
    DeclineForm,
    SendForm,
    SiteForm,
    StaffFilterForm,
    StepForm,
)
from school.courses.models import Booking, Event
from school.courses.views import refuse, signed_in, status_of
from school.people.middleware import Viewer
from school.people.models import Person

PAGE = 25
COLUMNS = ("Person", "Course", "Day", "Times", "Where", "State", "Booked or asked on")
# What became of a list that was sent, for the page that follows it.
SENT = "courses_sent"


@require_safe
def booking_requests(request: HttpRequest) -> HttpResponse:
    """The requests that wait for the viewer, the soonest event first."""
    viewer, _ = signed_in(request)
    page = Paginator(pages.to_decide(viewer), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"line": line, "form": StepForm(initial={"uuid": uuid4()}, auto_id=False)}
        for line in pages.lines(page.object_list)
    ]
    return render(request, "courses/booking/requests.html", {"rows": rows, "page": page})


@require_POST
def approve(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Say yes to a request."""
    viewer, person = signed_in(request)
    found = _request(viewer, booking)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            done = places.approve(by=person, booking=found, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{found.person.name}: {_became(done)}.")
    return redirect("booking_requests")


def decline(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Say no to a request, with the reason."""
    viewer, person = signed_in(request)
    found = _request(viewer, booking)
    form = DeclineForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid4()}
    )
    status = 200
    if form.is_valid():
        try:
            places.refuse(by=person, booking=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"{found.person.name}: declined. They are told why.")
            return redirect("booking_requests")
    context = {"line": pages.Line.of(found, clock.now()), "form": form}
    return render(request, "courses/booking/decline.html", context, status=status_of(form, status))


def book_staff(request: HttpRequest, event: UUID) -> HttpResponse:
    """Book many of one's people on an event: each has an outcome of their own."""
    viewer, person = signed_in(request)
    found = pages.event_for(viewer, event)
    if found is None or not found.manages:  # type: ignore[attr-defined]
        raise Http404
    sites = pages.sites_of(viewer)
    chosen = SiteForm(request.GET, sites=sites)
    site = chosen.cleaned_data["site"] if chosen.is_valid() else ""
    members = pages.members(viewer, found, site)
    form = SendForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.person.uuid), one.person.name) for one in members or []],
        initial={"uuid": uuid4()},
    )
    if form.is_valid():
        data = form.cleaned_data
        request.session[SENT] = [str(found.uuid), _send(viewer, person, found, **data)]
        return redirect("book_staff", found.uuid)
    sent = request.session.get(SENT, ["", []])
    context = {
        "event": found,
        "shown": catalogue.event_found(found),
        "outcomes": sent[1] if sent[0] == str(found.uuid) and not form.is_bound else [],
        "members": members,
        "ticked": form["people"].value() or [],
        "site_form": chosen if len(sites) > 1 else None,
        "site": site,
        "form": form,
        "most": pages.MOST,
    }
    return render(request, "courses/booking/book_staff.html", context, status=status_of(form))


@require_safe
def staff_bookings(request: HttpRequest) -> HttpResponse:
    """What one's staff have booked, asked for and been at."""
    viewer, _ = signed_in(request)
    form, rows, said = _listed(request, viewer)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    encoded = f"?{query.urlencode()}" if query else ""
    context = {
        "form": form,
        "filtered": bool(request.GET.get("q") or request.GET.get("when")),
        "said": said,
        "page": page,
        "lines": pages.lines(page.object_list),
        "csv": reverse("staff_bookings_file", args=["csv"]) + encoded,
        "xlsx": reverse("staff_bookings_file", args=["xlsx"]) + encoded,
    }
    return render(request, "courses/booking/staff.html", context)


@require_safe
def staff_bookings_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same list as a file."""
    viewer, _ = signed_in(request)
    if format not in writing.FORMATS:
        raise Http404
    _, rows, said = _listed(request, viewer)
    found = list(rows)
    viewer.opened(*{row.person for row in found})
    about = writing.About(title="Bookings of your staff", filtered=said)
    return writing.table_response("staff-bookings", COLUMNS, cell_rows(found), about, format)


def cell_rows(rows: Sequence[Booking]) -> Iterator[Sequence[Any]]:
    """Bookings as the lines of a file."""
    for line in pages.lines(rows):
        asked = days.london_day(line.booking.asked_at)
        name = line.booking.person.name
        yield (name, line.title, line.day, line.times, line.where, line.word, asked)


def _listed(request: HttpRequest, viewer: Viewer) -> tuple[StaffFilterForm, Any, str]:
    form = StaffFilterForm(request.GET, when=list(pages.WHEN.items()))
    data = form.cleaned_data if form.is_valid() else {}
    when, words = data.get("when") or "coming", data.get("q", "")
    said = f"{pages.WHEN[when].lower()}" + (f", “{words}”" if words else "")
    return form, pages.staff_bookings(viewer, when, words), said


def _request(viewer: Viewer, booking: UUID) -> Booking:
    """A request of somebody else that the viewer sees, still waiting or decided meanwhile."""
    related = (*pages.RELATED, "event__book", "person__book", "person__user")
    rows = policies.bookings(viewer).exclude(person__in=viewer.me)
    return get_object_or_404(rows.select_related(*related), uuid=booking)


def _send(
    viewer: Viewer, by: Person, event: Event, *, people: list[str], uuid: UUID
) -> list[tuple[str, str, str]]:
    """Each person's name, sign and outcome; each asked for under an identity of their own, so that sent twice is once."""
    found = []
    for person in pages.sent_by(viewer, people):
        one = uuid5(uuid, str(person.uuid))
        try:
            made = places.ask_for_place(by=by, person=person, event=event, uuid=one)
        except DomainError as error:
            found.append((person.name, "absent", error.message))
        else:
            sign, _ = pages.sign_of(made, clock.now())
            found.append((person.name, sign, _became(made).capitalize()))
    return found


def _became(booking: Booking) -> str:
    """What became of a booking, in the middle of a sentence."""
    if booking.state == Booking.State.WAITING:
        return "on the waiting list"
    return booking.get_state_display()
