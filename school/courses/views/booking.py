"""An event, one's place at it, and what one learns."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from school.courses import conditions, policies, queries
from school.courses.models import Booking
from school.courses.views import looking, signed_in

RELATED = ("version__course", "site")


@login_not_required
def event(request: HttpRequest, event: UUID) -> HttpResponse:
    """What everyone may know of an event, and, for the signed-in, what stands against a place."""
    viewer = looking(request)
    found = get_object_or_404(policies.events(viewer).select_related(*RELATED), uuid=event)
    context = {
        "event": found,
        "free": queries.free(found),
        "reasons": conditions.reasons_against(found, viewer.person) if viewer.person else [],
    }
    return render(request, "courses/booking/event.html", context)


def booking(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One booking: what is so and what comes next."""
    viewer, _ = signed_in(request)
    related = ("event__version__course", "event__site", "person")
    found = get_object_or_404(policies.bookings(viewer).select_related(*related), uuid=booking)
    return render(request, "courses/booking/booking.html", {"booking": found})


def booking_requests(request: HttpRequest) -> HttpResponse:
    """The requests for places that wait for the viewer."""
    viewer, _ = signed_in(request)
    waiting = Booking.objects.filter(
        state=Booking.State.REQUESTED, person__in=policies.staff_of(viewer.me, viewer.hats)
    ).select_related("event__version", "person")
    return render(request, "courses/booking/requests.html", {"waiting": waiting})


def my_learning(request: HttpRequest) -> HttpResponse:
    """The viewer's own bookings."""
    viewer, _ = signed_in(request)
    own = Booking.objects.filter(person__in=viewer.me).select_related("event__version")
    return render(request, "courses/booking/my_learning.html", {"bookings": own})
