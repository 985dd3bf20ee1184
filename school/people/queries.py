"""Reads about people: the hats they wear, who they are when merged, and which sites a scope holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from school.core import clock
from school.core.compiled import compiled
from school.people.models import Person, PersonMerge, PostTerm, RoleGrant, Scope, Site
from school.people.roles import ROLES, Permission, Role


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that a person holds on a scope."""

    role: Role
    scope: Scope

    @property
    def key(self) -> str:
        """What a session remembers the chosen hat by."""
        return f"{self.role.key}:{self.scope.uuid}"

    @property
    def label(self) -> str:
        """For example "Site lead, Freeman Hospital"."""
        return f"{self.role.name}, {self.scope.name}"


def given(known_on: date | None = None) -> QuerySet[RoleGrant]:
    """The role grants that stand, past and future ones too; those given by mistake are left out."""
    rows: QuerySet[RoleGrant] = RoleGrant.objects.standing(known_on).filter(cancelled=False)
    return rows


def grants(on: date | None = None, known_on: date | None = None) -> QuerySet[RoleGrant]:
    """The role grants in force on a day (today unless given), as they were known on a day.

    Who has left holds none from the day after.
    """
    return _grants(on or clock.today(), known_on).all()


# What many pages ask for is put together once; `all` gives a copy that has not been run.
@lru_cache(maxsize=32)
def _grants(day: date, known_on: date | None) -> QuerySet[RoleGrant]:
    return given(known_on).filter(*_in_force(day))


def _in_force(day: Any) -> tuple[Q, ...]:
    """The conditions of a grant that holds on a day."""
    return (
        Q(entry__about_to=None) | Q(entry__about_to__gte=day),
        Q(person__left_on=None) | Q(person__left_on__gte=day),
        Q(entry__about_from__lte=day),
    )


def hats(person: Person) -> list[Hat]:
    """The roles that a person holds today, those of persons merged into them too, in the order of school.people.roles."""
    held = {
        Hat(ROLES[grant.role], grant.scope) for grant in _held(person=person, day=clock.today())
    }
    order = list(ROLES)
    return sorted(held, key=lambda hat: (order.index(hat.role.key), hat.scope.name))


@compiled
def _held(person: Any, day: Any) -> QuerySet[RoleGrant]:
    """What somebody holds; asked with every page, so that the ledger's columns stay where they are."""
    mine = Q(person=person) | Q(person__in=merges().filter(kept=person).values("merged"))
    rows = given().filter(*_in_force(day)).filter(mine)
    return rows.select_related(None).select_related("scope")


def scopes_with(held: list[Hat], permission: Permission) -> list[Scope]:
    """The scopes on which one of the hats allows something."""
    return [hat.scope for hat in held if permission in hat.role.permissions]


def covers(outer: Scope, inner: Scope) -> bool:
    """Whether one scope lies in another: the same, below it, or a site that it holds."""
    if outer.kind == Scope.Kind.NETWORK:
        return True
    above: Scope | None = inner
    while above is not None:
        if above.pk == outer.pk:
            return True
        above = above.parent
    return inner.kind == Scope.Kind.SITE and sites_in(outer).filter(scope=inner).exists()


def person_with_address(email: str) -> Person | None:
    """The person an address belongs to, whatever its letters' case."""
    return Person.objects.filter(email__iexact=email.strip()).first() if email.strip() else None


def merges() -> QuerySet[PersonMerge]:
    """The merges that stand."""
    return _merges().all()


@cache
def _merges() -> QuerySet[PersonMerge]:
    rows: QuerySet[PersonMerge] = PersonMerge.objects.standing().filter(undone=False)
    return rows


def merges_of(person: Person) -> list[tuple[PersonMerge, Person]]:
    """The merges of a person that stand, each with whom it makes them one."""
    found = merges().filter(Q(kept=person) | Q(merged=person)).select_related("kept", "merged")
    return [
        (merge, merge.merged if merge.kept_id == person.pk else merge.kept)
        for merge in found.order_by("pk")
    ]


def kept(person: Person) -> Person:
    """The person that a merged one is, who has the account; anybody else is who they are."""
    merge = merges().filter(merged=person).select_related("kept").first()
    return merge.kept if merge else person


def identity(person: Person) -> list[int]:
    """The primary keys of everyone this person is, merged persons included."""
    keys = {key for pair in _merged(person=person) for key in pair} | {person.pk}
    # Nearly everybody is one alone.
    while len(keys) > 1:
        pairs = (
            merges()
            .filter(Q(kept__in=keys) | Q(merged__in=keys))
            .values_list("kept_id", "merged_id")
        )
        found = {key for pair in pairs for key in pair} | keys
        if found == keys:
            break
        keys = found
    return sorted(keys)


@compiled
def _merged(person: Any) -> QuerySet[PersonMerge, tuple[int, int]]:
    """Who is one with somebody, as pairs."""
    rows = merges().filter(Q(kept=person) | Q(merged=person))
    return rows.values_list("kept_id", "merged_id")


def posted(day: date) -> QuerySet[PostTerm]:
    """What posts are on a day."""
    rows: QuerySet[PostTerm] = PostTerm.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=day), entry__about_from__lte=day
    )
    return rows


def line_managers(me: Collection[int]) -> QuerySet[Person]:
    """Who manages the posts of a person, by all keys of their identity, today; of merged persons the one that is kept."""
    managers = (
        posted(clock.today())
        .filter(post__person__in=me, line_manager__isnull=False)
        .values("line_manager")
    )
    known = Q(pk__in=managers) | Q(pk__in=merges().filter(merged__in=managers).values("kept"))
    rows = Person.objects.filter(known).exclude(pk__in=me)
    return rows.exclude(pk__in=merges().values("merged"))


def is_gone(person: Person) -> bool:
    """Whether somebody has left, or their account was closed."""
    left = person.left_on is not None and person.left_on < clock.today()
    return left or (person.user is not None and not person.user.is_active)


def sites_in(scope: Scope) -> QuerySet[Site]:
    """The sites that a network, region, organisation or site scope holds; none for other kinds."""
    kinds = {
        Scope.Kind.NETWORK: Q(),
        Scope.Kind.REGION: Q(network_region=scope.name),
        Scope.Kind.ORGANISATION: Q(organisation__scope=scope),
        Scope.Kind.SITE: Q(scope=scope),
    }
    condition = kinds.get(Scope.Kind(scope.kind))
    return Site.objects.none() if condition is None else Site.objects.filter(condition)
