"""The floor on the day: a board for who runs the exam, and a large clock for the room."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logbooks.osces import policies
from logbooks.osces.day import queries
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.board import board
from logbooks.osces.day.signals import signals
from logbooks.osces.day.views import exam_of
from logbooks.osces.models import Exam
from logbooks.osces.stations.views import keeper
from school.core import clock, days
from school.core.decision import ALLOWED, refused
from school.courses.views import demand, signed_in
from school.people.models import Person


@never_cache
@require_safe
def floor(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Each circuit's clock, and each station with who is there and what is marked; with `part`, the board alone."""
    keeper(request)
    found, said = _announced(exam)
    now = clock.now()
    context = {"exam": found, "now": now, "board": board(found, said, now)}
    return _page(request, "floor", context)


@never_cache
@require_safe
def clock_page(request: HttpRequest, exam: UUID) -> HttpResponse:
    """The clock alone, large, for who runs the exam or examines in it; with `part`, the clocks alone."""
    viewer, _ = signed_in(request)
    found, said = _announced(exam)
    if not policies.runs_osces(viewer):
        mine = Person.objects.filter(pk__in=viewer.me).values_list("uuid", flat=True)
        examines = {one.key for one in said.exam.examiners} & set(map(str, mine))
        demand(ALLOWED if examines else refused(policies.UNSEEN))
    now = clock.now()
    return _page(request, "clock", {"exam": found, "now": now, "signals": signals(said, now)})


def _page(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    shown = context | {"time": days.clock_time(context["now"])}
    name = f"_{page}" if "part" in request.GET else page
    return render(request, f"osces/day/{name}.html", shown)


def _announced(key: UUID) -> tuple[Exam, Announced]:
    found = exam_of(key)
    said = queries.announced_of(found)
    if said is None:
        raise Http404
    return found, said
