"""Who can have supervised a student at a placement: who works at its site meanwhile, and who supervises it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from placements.models import Placement, Supervision
from placements.policies import STAND_INS
from school.core.compiled import compiled
from school.people.models import Person, PersonMerge, PostTerm
from school.people.queries import grants, merges


def at(placements: Sequence[Placement]) -> QuerySet[Person]:
    """By name, who had a post at the site while one of a student's placements ran, leads or teaches there, or supervises it.

    Never the student, nor whom they are one with. One query.
    """
    meanwhile = Q(pk__in=[])
    for row in placements:
        meanwhile |= Q(
            Q(entry__about_to=None) | Q(entry__about_to__gte=row.starts),
            site=row.site_id,
            entry__about_from__lte=row.ends,
        )
    posts = PostTerm.objects.standing().filter(meanwhile)
    named = Supervision.objects.standing().filter(placement__in=[row.pk for row in placements])
    scopes = [row.site.scope_id for row in placements]
    held = grants().filter(scope__in=scopes, role__in=STAND_INS)
    # A union and not an OR, for which SQLite would read everybody there is.
    found = (
        posts.order_by()
        .values("post__person")
        .union(named.order_by().values("person"), held.order_by().values("person"))
    )
    student = {row.enrolment.person_id for row in placements}
    people = Person.objects.filter(pk__in=found).exclude(pk__in=student)
    return people.exclude(pk__in=_one_with(student)).order_by("name", "pk")


def can_be(person: Person, placement: Placement) -> bool:
    """Whether somebody is among them. One query for whoever supervises the placement, which is nearly always so."""
    students = [placement.enrolment.person_id]
    if _supervises(placement=placement.pk, person=person.pk, students=students):
        return True
    return at([placement]).filter(pk=person.pk).exists()


@compiled
def _supervises(placement: Any, person: Any, students: Any) -> QuerySet[Supervision, int]:
    """A supervision of a placement by somebody who is not its student, merged persons included."""
    rows = Supervision.objects.standing().filter(placement=placement, person=person)
    apart = rows.exclude(person__in=students).exclude(person__in=_one_with(students))
    return apart.values_list("pk", flat=True)[:1]


def _one_with(people: Any) -> QuerySet[PersonMerge, Any]:
    """The keys of whom some people are one with."""
    one = merges().order_by()
    kept = one.filter(kept__in=people).values("merged")
    return kept.union(one.filter(merged__in=people).values("kept"))
