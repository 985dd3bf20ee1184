"""Everybody's first page after signing in: what the apps offer for the hat that is worn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from school.core import clock, days
from school.core.registries import panels

# The parts that come after the first: each has queries of its own to spend.
PARTS = {"home_learning": "Your places on courses", "home_later": "What else waits for you"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do next, then where things stand; the panels come from the apps."""
    viewer = request.viewer  # type: ignore[attr-defined]
    person = viewer.person
    context = {
        "today": days.day_date(clock.today()),
        "greeting": _greeting(days.local(clock.now()).hour),
        "name": person.name.split(" ")[0] if person else "",
        "panels": panels("home", viewer) if person else [],
        "has_role": viewer.hat is not None,
        "parts": PARTS if person else {},
    }
    return render(request, "home/home.html", context)


@require_safe
def later(request: HttpRequest, page: str) -> HttpResponse:
    """A later part of the first page, asked for once that is shown, so that the commonest act waits for none of it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = panels(page, viewer) if viewer.person else []
    part = bool(request.htmx)  # type: ignore[attr-defined]
    context = {"panels": found, "heading": PARTS[page]}
    return render(request, "home/_later.html" if part else "home/later.html", context)


def _greeting(hour: int) -> str:
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"
