"""A student's map, their own or that of somebody whose log book one may read, and a competency with its whole history."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from logbooks.competencies import history_queries, map_queries, policies, queries
from logbooks.competencies.models import Competency, CurrentCompetency
from logbooks.competencies.views.common import is_own, own_or_none, readable, viewer_of
from placements.models import Enrolment

State = CurrentCompetency.State


@require_safe
def log_book(request: HttpRequest) -> HttpResponse:
    """The student's own map: what to do next, then every competency with where it stands."""
    found = own_or_none(request)
    if found is None:
        return render(request, "competencies/map.html", {"own": True, "map": None})
    return _map(request, found, own=True)


@require_safe
def log_book_of(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The map of a student whose record the viewer may read."""
    found = readable(request, enrolment)
    return _map(request, found, own=is_own(request, found))


def _map(request: HttpRequest, enrolment: Enrolment, *, own: bool) -> HttpResponse:
    found = map_queries.map_of(enrolment)
    context = {
        "enrolment": enrolment,
        "student": enrolment.person,
        "own": own,
        "map": found,
        "looks": list(map_queries.LOOKS.values()),
        "back": [(cell, found.next_step(cell)) for cell in found.back] if found else [],
    }
    return render(request, "competencies/map.html", context)


@require_safe
def competency_of(request: HttpRequest, enrolment: UUID, competency: UUID) -> HttpResponse:
    """One competency of a student: its words, where it stands, and everything that was said about it."""
    found = readable(request, enrolment)
    one = get_object_or_404(
        Competency.objects.select_related("group", "level", "version__framework"),
        uuid=competency,
    )
    row = queries.current_of(found).filter(competency=one).first()
    history = history_queries.history_of(found, one)
    viewer = viewer_of(request)
    own = is_own(request, found)
    keeps = not own and policies.kept(viewer).filter(pk=found.pk).exists()
    newest = row.sign_off if row else None
    stands = (
        newest is not None and row is not None and row.state in (State.ACHIEVED, State.RETURNED)
    )
    signed = newest is not None and newest.person_id in viewer.me
    cell = map_queries.Cell(one, row)
    context = {
        "enrolment": found,
        "student": found.person,
        "own": own,
        "competency": one,
        "counts": one.counts.select_related("examination"),
        "cell": cell,
        "history": history,
        "revocable": newest if stands and not own and (signed or keeps) else None,
        "may_excuse": keeps and cell.state != State.ACHIEVED,
        "may_ask": own and cell.state not in (State.ACHIEVED, State.NOT_APPLICABLE),
        "withdrawable": cell.request
        if own and cell.request and cell.request.because == "asked"
        else None,
    }
    return render(request, "competencies/competency.html", context)
