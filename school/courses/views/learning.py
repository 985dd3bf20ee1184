"""What somebody learns: the places they have and wait for, and what they were at."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from school.core import clock
from school.core.files import writing
from school.core.registries import panels
from school.courses import booking_queries as pages
from school.courses import policies
from school.courses.models import Booking
from school.courses.views import signed_in
from school.courses.views.staff import COLUMNS, cell_rows


@require_safe
def my_learning(request: HttpRequest) -> HttpResponse:
    """The viewer's own bookings: what is held, what is coming, what waits and what is past; and what apps add."""
    viewer, _ = signed_in(request)
    lines = pages.lines(pages.own(viewer.me))
    now = clock.now()
    coming = [line for line in reversed(lines) if line.booking.event.starts > now]
    live = [line for line in coming if line.booking.state in Booking.LIVE]
    context = {
        "held": [line for line in live if line.note],
        "booked": [line for line in live if line.booking.state == Booking.State.BOOKED],
        "waiting": [line for line in live if line.sign == "awaiting"],
        "past": [line for line in lines if line not in live],
        "any": bool(lines),
        "manages": policies.staff_of(viewer.me, viewer.hats).exists(),
        "panels": panels("learning", viewer),
    }
    return render(request, "courses/booking/my_learning.html", context)


@require_safe
def my_learning_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The viewer's own bookings as a file."""
    viewer, person = signed_in(request)
    if format not in writing.FORMATS:
        raise Http404
    about = writing.About(title=f"Bookings of {person.name}")
    rows = cell_rows(pages.own(viewer.me))
    return writing.table_response("my-learning", COLUMNS, rows, about, format)
