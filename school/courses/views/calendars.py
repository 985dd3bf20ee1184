"""Calendar feeds: one's own places under a secret address, and what the catalogue finds under its own."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from school.courses import calendars
from school.courses.actions.calendars import make_feed, renew_feed
from school.courses.catalogue import Filter
from school.courses.models import CalendarFeed
from school.courses.views import signed_in

TYPE = "text/calendar; charset=utf-8"


@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The address of one's own calendar, once it was made, and how a program is told of it."""
    _, person = signed_in(request)
    feed = CalendarFeed.objects.filter(person=person).first()
    address = ""
    if feed is not None:
        address = settings.WAGTAILADMIN_BASE_URL + reverse("person_feed", args=[feed.token])
    context = {"address": address, "subscribe": f"webcal://{address.partition('://')[2]}"}
    return render(request, "courses/calendars/my_calendar.html", context)


@require_POST
def make_my_calendar(request: HttpRequest) -> HttpResponse:
    """Make one's own address."""
    _, person = signed_in(request)
    make_feed(by=person)
    return redirect("my_calendar")


@require_POST
def renew_my_calendar(request: HttpRequest) -> HttpResponse:
    """Make one's own address anew; the old one is found no more."""
    _, person = signed_in(request)
    renew_feed(by=person)
    messages.success(
        request, "Your calendar has a new address. Give it to your programs; the old one is closed."
    )
    return redirect("my_calendar")


@login_not_required
@require_safe
def person_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """One person's places, for whoever knows the address; closed with their account."""
    feed = get_object_or_404(
        CalendarFeed.objects.select_related("person"), token=token, person__user__is_active=True
    )
    response = _calendar(request, calendars.person_calendar(feed), "my-places")
    response["Cache-Control"] = "private, no-cache"
    return response


@login_not_required
@require_safe
def courses_feed(request: HttpRequest) -> HttpResponseBase:
    """The coming events of the catalogue, narrowed by the same words in the address."""
    written = calendars.found_calendar(Filter.of(request.GET))
    response = _calendar(request, written, "courses")
    response["Cache-Control"] = "public, max-age=900"
    return response


def _calendar(request: HttpRequest, written: bytes, name: str) -> HttpResponseBase:
    response = HttpResponse(written, content_type=TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    etag = f'"{hashlib.sha256(written).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
