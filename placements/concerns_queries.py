"""Who reads a cause for concern, who may be named, and what its page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements.models import Concern, ConcernReader, ConcernStep, Placement
from placements.taking_part import NEEDED, READERS, granted, here, scope_holds
from school.core import ledger
from school.people.models import Person, Scope
from school.people.queries import grants, merges
from school.people.roles import ROLES

Outcome = ConcernStep.Outcome


def readable(people: Iterable[int] | QuerySet[Any, Any]) -> QuerySet[Concern]:
    """The concerns that an identity raised or was named a reader of; nobody else's role opens one.

    A reader reads while a role of theirs looks after the placement, a student that of their own.
    Annotated with `closed`. The identity is its keys, or a query that gives them.
    """
    named = ConcernReader.objects.filter(concern=OuterRef("pk"), person__in=people)
    looks_after = grants().filter(_holding(), person__in=people, role__in=READERS)
    still = Q(placement__enrolment__person__in=people) | Q(Exists(looks_after))
    rows: QuerySet[Concern] = Concern.objects.filter(
        Q(person__in=people) | (Q(Exists(named)) & still)
    ).annotate(closed=Exists(_closing()))
    return rows.select_related("person", *(f"placement__{path}" for path in NEEDED))


def _holding() -> Q:
    """The condition of a grant whose scope holds a concern's student at its site: see `scope_holds`."""
    cohort, site = "placement__enrolment__cohort__", "placement__site__"
    return (
        Q(scope=OuterRef(f"{cohort}scope"))
        | Q(scope=OuterRef(f"{cohort}programme__scope"))
        | Q(scope=OuterRef(f"{site}scope"))
        | Q(scope=OuterRef(f"{site}organisation__scope"))
        | Q(scope__kind=Scope.Kind.NETWORK)
        | Q(scope__kind=Scope.Kind.REGION, scope__name=OuterRef(f"{site}network_region"))
    )


def still_open(people: Iterable[int] | QuerySet[Any, Any]) -> QuerySet[Concern]:
    """Those of them that nobody has closed."""
    return readable(people).filter(~Exists(_closing()))


def _closing() -> QuerySet[ConcernStep]:
    rows: QuerySet[ConcernStep] = ConcernStep.objects.filter(concern=OuterRef("pk"))
    return rows.exclude(outcome=Outcome.NOTE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be named as a reader, with the roles that they hold over the placement."""

    person: Person
    roles: str


def candidates(placement: Placement, without: Iterable[int] = ()) -> list[Candidate]:
    """Those who may be named as readers of a concern about a placement, in one query."""
    left_out = {placement.enrolment.person_id, *without}
    roles: dict[int, list[str]] = {}
    people: dict[int, Person] = {}
    for row in granted(placement, READERS):
        if row.person_id not in left_out:
            people[row.person_id] = row.person
            roles.setdefault(row.person_id, []).append(ROLES[row.role].name.lower())
    return [
        Candidate(person, " and ".join(dict.fromkeys(roles[pk]))) for pk, person in people.items()
    ]


def readers(concern: Concern) -> list[ConcernReader]:
    """Who was named, in the order in which they were."""
    rows = ConcernReader.objects.filter(concern=concern).select_related("person__user")
    return list(rows.order_by("entry__seq"))


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did about a concern."""

    who: str
    what: str
    at: datetime
    words: str
    closes: bool


def steps(concern: Concern) -> tuple[str, list[Step]]:
    """What a concern says, and what was done about it, in two queries."""
    rows = list(
        ConcernStep.objects.filter(concern=concern).select_related("person").order_by("entry__seq")
    )
    texts = ledger.private_texts([concern, *rows], "words")
    found = [
        Step(
            row.person.name,
            row.get_outcome_display(),
            row.entry.recorded_at,
            texts.get(row.pk, ""),
            row.outcome != Outcome.NOTE,
        )
        for row in rows
    ]
    return texts.get(concern.pk, ""), found


@dataclass(frozen=True, slots=True)
class Line:
    """A concern in a list: never its words."""

    uuid: UUID
    student: str
    site: str
    by: str
    at: datetime
    closed: bool


def lines(rows: Iterable[Concern]) -> list[Line]:
    """Concerns as a list shows them, those that are open first."""
    found = [
        Line(
            row.entry.uuid,
            row.placement.enrolment.person.name,
            row.placement.site.name,
            row.person.name,
            row.entry.recorded_at,
            row.closed,  # type: ignore[attr-defined]
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: (line.closed, -line.at.timestamp()))


def addressees(concern: Concern, *, without: Person) -> list[Person]:
    """Everybody who reads a concern and can sign in, but for the one who acts."""
    placement = concern.placement
    named = ConcernReader.objects.filter(concern=concern).values("person")
    holders = grants().filter(scope_holds(placement), role__in=READERS).values("person")
    still = (
        Q(pk=placement.enrolment.person_id)
        | Q(pk__in=holders)
        | Q(pk__in=merges().filter(merged__in=holders).values("kept"))
    )
    rows = Person.objects.filter(here(), Q(pk=concern.person_id) | (Q(pk__in=named) & still))
    return list(rows.exclude(pk=without.pk).select_related("user").order_by("pk"))
