"""Reads about addresses that mail comes back from: among the students somebody places, and those who supervise them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements import policies
from placements.models import CurrentShift, Enrolment, Supervision
from school.core import clock
from school.people.addresses import address_of, marked, people_at
from school.people.middleware import Viewer
from school.people.models import Person, RefusedAddress
from school.people.queries import grants, identity
from school.people.roles import COORDINATOR

# Of the newest marks; with more than these, something else is wrong, and the system page shows it.
MOST = 200


@dataclass(frozen=True, slots=True)
class Troubled:
    """Somebody whom mail does not reach."""

    uuid: UUID
    name: str
    address: str
    since: datetime
    reason: str
    student: bool


def of_placed(viewer: Viewer) -> list[Troubled]:
    """The students whom the viewer places, and those who supervise them now, whom mail does not reach; two queries."""
    marks = list(RefusedAddress.objects.order_by("-since", "-pk")[:MOST])
    if not marks:
        return []
    placed = policies.managed_enrolments(viewer)
    supervising = _now().filter(person=OuterRef("pk"), placement__enrolment__in=placed)
    concerned = Person.objects.annotate(
        placed=Exists(placed.filter(person=OuterRef("pk"))), supervises=Exists(supervising)
    ).filter(Q(placed=True) | Q(supervises=True))
    people = people_at(marks, concerned)
    return [
        Troubled(
            person.uuid,
            person.name,
            mark.address,
            mark.since,
            mark.reason,
            student=person.placed,  # type: ignore[attr-defined]
        )
        for mark in marks
        if (person := people.get(mark.address.lower()))
    ]


def supervisors_of(student: Person) -> list[Person]:
    """Who supervises a student now and is not reached by mail; one query when every address is good."""
    if not RefusedAddress.objects.exists():
        return []
    rows = _now().filter(placement__enrolment__person__in=identity(student))
    people = {row.person_id: row.person for row in rows.select_related("person__user")}
    found = people_at(list(marked(address_of(one) for one in people.values()).values()))
    return sorted(found.values(), key=lambda one: one.name)


def waiting_students(supervisor: Person) -> list[Enrolment]:
    """The enrolments that have shifts waiting in placements which somebody supervises now."""
    mine = _now().filter(person__in=identity(supervisor)).values("placement")
    waits = CurrentShift.objects.filter(placement__in=mine, state__in=CurrentShift.WAITING)
    rows = Enrolment.objects.filter(pk__in=waits.values("enrolment"))
    return list(rows.select_related("person__user").order_by("pk"))


def coordinators_of(enrolment: Enrolment) -> list[Person]:
    """The placement coordinators with an account whose scope holds an enrolment."""
    held = grants().filter(role=COORDINATOR.key, person__user__is_active=True)
    return sorted(
        {
            grant.person
            for grant in held.select_related("person__user", "scope")
            if Enrolment.objects.filter(policies.in_scope(grant.scope), pk=enrolment.pk).exists()
        },
        key=lambda person: person.pk,
    )


def _now() -> QuerySet[Supervision]:
    today = clock.today()
    rows: QuerySet[Supervision] = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today), entry__about_from__lte=today
    )
    return rows
