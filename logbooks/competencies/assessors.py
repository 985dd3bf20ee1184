"""Who may be asked to sign at a placement, in which capacity somebody signs, and what waits for them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from logbooks.competencies import queries
from logbooks.competencies.models import CurrentCompetency, SignOff, SignOffRequest
from placements import policies as placing
from placements.models import Enrolment, Placement, Stage, Supervision
from school.core import clock
from school.core.compiled import compiled
from school.people.models import Person

Capacity = SignOff.Capacity


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be asked, and what they are to the placement."""

    person: Person
    capacities: tuple[str, ...]

    @property
    def what(self) -> str:
        """ "practice educator and final assessor"; whoever has no account gets a link."""
        held = " and ".join(Capacity(capacity).label for capacity in self.capacities)
        return held if self.person.user_id else f"{held} without an account"


def named(placement: Placement) -> list[Named]:
    """The supervisors and assessors of a placement today who can be written to and have not gone; in the order of their names."""
    return [found for _, found in named_at([placement])]


def named_at(placements: Sequence[Placement]) -> list[tuple[Placement, Named]]:
    """The same of several placements, in their order; one query."""
    rows = (
        placing.still_there()
        .filter(
            Q(person__user__is_active=True) | Q(person__user=None) & ~Q(person__email=""),
            placement__in=placements,
            entry__about_from__lte=clock.today(),
        )
        .exclude(person__in=[row.enrolment.person_id for row in placements])
        .select_related("person")
        .order_by("person__name", "pk")
    )
    found: dict[tuple[int, int], tuple[Person, list[str]]] = {}
    for row in rows:
        key = (row.placement_id, row.person_id)
        found.setdefault(key, (row.person, []))[1].append(row.capacity)
    return [
        (placement, Named(person, foremost(held)))
        for placement in placements
        for (where, _), (person, held) in found.items()
        if where == placement.pk
    ]


def foremost(capacities: Iterable[str]) -> tuple[str, ...]:
    """Capacities once each, in the order in which somebody signs by default."""
    return tuple(sorted(set(capacities), key=Capacity.values.index))


@dataclass(frozen=True, slots=True)
class Held:
    """What an identity is to a placement: in which capacities it signs there, and what it ever was."""

    signs: tuple[str, ...] = ()
    ever: frozenset[str] = frozenset()


NOTHING = Held()

# A supervision as its placement, its capacity, its days and whether the placement never began.
Supervised = tuple[int, str, date, date | None, bool]


def held_by(me: list[int], placements: Collection[int]) -> dict[int, Held]:
    """What an identity is to placements, by the placement's key; one query."""
    return held_of(_supervised(people=me, placements=list(placements)))


def held_of(rows: Iterable[Supervised]) -> dict[int, Held]:
    """The same of supervisions that were read.

    An identity signs until 90 days after it supervised.
    """
    today = clock.today()
    since = today - placing.AFTER_SUPERVISION
    signs: dict[int, list[str]] = {}
    ever: dict[int, set[str]] = {}
    for placement, capacity, first, last, never_began in rows:
        ever.setdefault(placement, set()).add(capacity)
        if first <= today and (last is None or last >= since) and not never_began:
            signs.setdefault(placement, []).append(capacity)
    return {
        placement: Held(foremost(signs.get(placement, ())), frozenset(held))
        for placement, held in ever.items()
    }


def final_assessors(enrolment: Enrolment, stage: Stage) -> list[str]:
    """The names of those who may sign a stage of a student today; one query."""
    today = clock.today()
    rows = placing.lasting().filter(
        Q(person__left_on=None) | Q(person__left_on__gte=today),
        placement__enrolment=enrolment,
        placement__stage=stage,
        capacity=Capacity.ASSESSOR.value,
        entry__about_from__lte=today,
    )
    names = rows.exclude(person=enrolment.person_id).values_list("person__name", flat=True)
    return sorted(set(names))


@compiled
def _supervised(people: Any, placements: Any) -> QuerySet[Supervision, Supervised]:
    """What some people were named to be at placements, from when to when."""
    rows = Supervision.objects.standing().filter(person__in=people, placement__in=placements)
    return rows.values_list(
        "placement", "capacity", "entry__about_from", "entry__about_to", "placement__never_began"
    )


def left_alone(prefix: str = "") -> Q:
    """The condition of a request, at a path, whom nobody can answer any more: who was asked supervises there no longer, or has left."""
    there = placing.still_there().filter(
        placement=OuterRef(f"{prefix}placement"), person=OuterRef(f"{prefix}assessor")
    )
    return Q(~Exists(there))


def alone_among(requests: Collection[int], scopes: Collection[int]) -> set[int]:
    """The requests, by key, that wait for the lead of a site, since who was asked has left; `scopes` are the sites led."""
    rows = SignOffRequest.objects.filter(
        left_alone(), pk__in=requests, placement__site__scope__in=scopes
    )
    return set(rows.values_list("pk", flat=True))


def waiting_for(me: list[int], led: Collection[int]) -> QuerySet[CurrentCompetency]:
    """The competencies whose request waits for an identity, oldest first; `led` are the scopes of the sites it leads.

    What was asked of them while they supervise the placement; and, for a site's lead, what was asked
    there of somebody who has left. Never their own, and nothing that a student's version does not ask.
    """
    rows = CurrentCompetency.objects.filter(request__isnull=False).exclude(
        state=CurrentCompetency.State.NOT_APPLICABLE
    )
    mine = Q(
        request__assessor__in=me,
        request__placement__in=placing.supervisions(me).values("placement"),
    )
    if led:
        mine |= Q(left_alone("request__"), request__placement__site__scope__in=led)
    rows = queries.asked(rows.filter(mine))
    return rows.exclude(enrolment__person__in=me).order_by("request", "pk")
