"""A student's map, their own or that of somebody whose log book one may read, and a competency with its whole history."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from logbooks.competencies import history_queries, map_queries, queries, stage_queries
from logbooks.competencies.models import Competency, CurrentCompetency, NotApplicable
from logbooks.competencies.signing_rules import rules_of
from logbooks.competencies.views.common import is_own, own_or_none, readable, viewer_of
from placements.models import Enrolment

State = CurrentCompetency.State
# Stands in an address where the UUID of a competency comes.
PLACE = UUID(int=0)
# What the page of a competency reads of it.
NEEDED = ("group", "level", "version__framework")


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
    rules = rules_of(enrolment) if own else None
    context = {
        "enrolment": enrolment,
        "student": enrolment.person,
        "own": own,
        "signs_here": rules is not None and (rules.sign_on_phone or rules.sign_with_pin),
        "map": found,
        "looks": list(map_queries.LOOKS.values()),
        # One address for all cells: finding one for each would cost more than all else on the page.
        "pattern": reverse("competency_of", args=[enrolment.uuid, PLACE]),
        "place": str(PLACE),
        "back": [(cell, found.next_step(cell)) for cell in found.back] if found else [],
        "keeps": not own and enrolment.kept,  # type: ignore[attr-defined]
        "stages": _stages(enrolment, found) if found else [],
    }
    return render(request, "competencies/map.html", context)


def _stages(enrolment: Enrolment, found: map_queries.Map) -> list[stage_queries.Standing]:
    settled = found.of(*stage_queries.SETTLED)
    every = [cell.competency for cell in found.cells]
    return stage_queries.of_enrolment(enrolment, every, {cell.competency.pk for cell in settled})


@require_safe
def competency_of(request: HttpRequest, enrolment: UUID, competency: UUID) -> HttpResponse:
    """One competency of a student: its words, where it stands, and everything that was said about it.

    The address may name it in an earlier version than the one that the student works towards.
    """
    viewer = viewer_of(request)
    found = readable(request, enrolment)
    # The row brings the competency along; where nothing was said about it there is none.
    row = (
        queries.current_of(found)
        .filter(
            competency__identifier=Competency.objects.filter(uuid=competency).values("identifier")[
                :1
            ]
        )
        .select_related(*(f"competency__{path}" for path in NEEDED))
        .annotate(
            gone=queries.no_longer_asked(),
            ever_excused=Exists(
                NotApplicable.objects.filter(
                    enrolment=OuterRef("enrolment"),
                    competency__identifier=OuterRef("competency__identifier"),
                )
            ),
        )
        .first()
    )
    words = Competency.objects.select_related(*NEEDED)
    one = row.competency if row else get_object_or_404(words, uuid=competency)
    asked = row is not None and not row.gone
    if row is None:
        version = queries.version_of(found)
        here = words.filter(version=version, identifier=one.identifier).first()
        asked, one = here is not None, here or one
    history = []
    if row:
        history = history_queries.history_of(found, one, excused=row.ever_excused)
    own = is_own(request, found)
    keeps = not own and found.kept  # type: ignore[attr-defined]
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
        "asked": asked,
        "history": history,
        "revocable": newest if stands and not own and (signed or keeps) else None,
        "may_excuse": asked and keeps and cell.state != State.ACHIEVED,
        "may_ask": asked and own and cell.state not in (State.ACHIEVED, State.NOT_APPLICABLE),
        "withdrawable": cell.request
        if own and cell.request and cell.request.because == "asked"
        else None,
    }
    return render(request, "competencies/competency.html", context)
