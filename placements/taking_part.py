"""Who takes part in a placement: the student, those at its site, and those at the university who follow it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements import policies
from placements.meetings import Capacity, Side
from placements.models import Placement, Supervision
from school.core import clock
from school.people.models import Person, RoleGrant, Scope
from school.people.queries import grants, identity
from school.people.roles import ROLES, SITE_LEAD, UNIVERSITY_TUTOR, Permission

FOLLOWERS = frozenset(
    key for key, role in ROLES.items() if Permission.FOLLOW_STUDENTS in role.permissions
)
READERS = frozenset(
    key for key, role in ROLES.items() if Permission.READ_CONCERNS in role.permissions
)


# How long somebody who supervised still signs the meetings of their time.
SIGNS_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Supervised:
    """A supervision that is over."""

    capacity: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class TakesPart:
    """What somebody is to a placement today; `me` is their identity, `was` what they supervised until lately."""

    me: tuple[int, ...]
    capacities: dict[Side, str]
    reads_concerns: bool
    was: tuple[Supervised, ...] = ()

    def signing(self, day: date) -> dict[Side, str]:
        """As what they sign a meeting of a day: what they are, and what they were on that day until lately."""
        then = [row.capacity for row in self.was if row.first <= day <= row.last]
        if not then:
            return self.capacities
        return {**self.capacities, Side.SITE: _foremost(then)}

    @property
    def is_student(self) -> bool:
        """Whether the placement is their own."""
        return Side.STUDENT in self.capacities

    @property
    def may_raise(self) -> bool:
        """Whether they may raise a concern about the placement."""
        own = self.capacities.keys() & {Side.STUDENT, Side.SITE}
        return bool(own) or self.reads_concerns


# What asking who takes part reads of a placement.
NEEDED = (
    "site__organisation",
    "stage",
    "enrolment__person",
    "enrolment__book",
    "enrolment__cohort__programme",
)


def placements() -> QuerySet[Placement]:
    """Placements with everything that asking who takes part reads."""
    return Placement.objects.select_related(*NEEDED)


def taking_part(person: Person, placement: Placement, me: Iterable[int] | None = None) -> TakesPart:
    """What somebody is to a placement, in two queries. A student is nothing else to their own.

    `me` is the person's identity, when it is known already.
    """
    me = tuple(identity(person) if me is None else me)
    if placement.enrolment.person_id in me:
        return TakesPart(me, {Side.STUDENT: Capacity.STUDENT.value}, False)
    held: dict[Side, str] = {}
    today = clock.today()
    rows = [
        Supervised(capacity, first, last or date.max)
        for capacity, first, last in begun(me)
        .filter(placement=placement)
        .values_list("capacity", "entry__about_from", "entry__about_to")
    ]
    supervises = [row.capacity for row in rows if row.last >= today]
    was = [row for row in rows if row.last < today]
    roles = set(
        grants()
        .filter(scope_holds(placement), person__in=me)
        .filter(~Q(role=SITE_LEAD.key) | Q(scope=placement.site.scope_id))
        .values_list("role", flat=True)
    )
    if supervises:
        held[Side.SITE] = _foremost(supervises)
    elif SITE_LEAD.key in roles and not placement.never_began:
        held[Side.SITE] = Capacity.SITE_LEAD.value
    if roles & FOLLOWERS:
        held[Side.TUTOR] = Capacity.TUTOR.value
    return TakesPart(me, held, bool(roles & READERS), () if supervises else tuple(was))


def _foremost(capacities: Iterable[str]) -> str:
    return min(capacities, key=Supervision.Capacity.values.index)


def scope_holds(placement: Placement) -> Q:
    """The condition of a grant whose scope holds a placement's student at its site."""
    cohort, site = placement.enrolment.cohort, placement.site
    holding = [
        cohort.scope_id,
        cohort.programme.scope_id,
        site.scope_id,
        site.organisation.scope_id,
    ]
    return (
        Q(scope__in=holding)
        | Q(scope__kind=Scope.Kind.NETWORK)
        | Q(scope__kind=Scope.Kind.REGION, scope__name=site.network_region)
    )


def granted(placement: Placement, roles: Iterable[str]) -> QuerySet[RoleGrant]:
    """Who holds one of some roles on a scope that holds a placement, and can sign in."""
    return (
        grants()
        .filter(scope_holds(placement), here("person__"), role__in=list(roles))
        .select_related("person__user", "scope")
        .order_by("person__name", "pk")
    )


def here(prefix: str = "") -> Q:
    """The condition of a person who has not left and has an account that is open."""
    today = clock.today()
    gone = Q(**{f"{prefix}left_on": None}) | Q(**{f"{prefix}left_on__gte": today})
    return gone & Q(**{f"{prefix}user__is_active": True})


def supervising(placement: Placement) -> list[Person]:
    """Those who supervise a placement today and can sign in; its site's lead when nobody does."""
    rows = (
        Supervision.objects.standing()
        .filter(lasting(), here("person__"), placement=placement)
        .select_related("person__user")
        .order_by("pk")
    )
    people = {row.person_id: row.person for row in rows}
    if not people:
        leads = granted(placement, [SITE_LEAD.key]).filter(scope=placement.site.scope_id)
        people = {row.person_id: row.person for row in leads}
    return list(people.values())


def tutors(placement: Placement) -> list[Person]:
    """The university tutors of a placement's student."""
    rows = granted(placement, [UNIVERSITY_TUTOR.key])
    return list({row.person_id: row.person for row in rows}.values())


def lasting() -> Q:
    """The condition of a fact that holds today or later."""
    return Q(entry__about_to=None) | Q(entry__about_to__gte=clock.today())


def supervisions(me: Iterable[int]) -> QuerySet[Supervision]:
    """The supervisions by which an identity is at a placement's site, or was until a fortnight ago."""
    since = clock.today() - SIGNS_AFTER
    return policies.supervisions(list(me)).filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=since)
    )


def begun(me: Iterable[int]) -> QuerySet[Supervision]:
    """Those of them that have begun: they sign, and have their part in what is written."""
    return supervisions(me).filter(entry__about_from__lte=clock.today())


def signs_at_site(me: Iterable[int]) -> Q:
    """The condition of a meeting that an identity signs because it supervises, or did on its day."""
    then = Q(
        entry__about_from__lte=OuterRef("entry__about_from"),
        entry__about_to__gte=OuterRef("entry__about_from"),
    )
    rows = begun(me).filter(lasting() | then, placement=OuterRef("placement"))
    return Q(Exists(rows))


def supervised(me: Iterable[int]) -> Q:
    """The condition of a placement that an identity supervises today or will."""
    return Q(Exists(supervisions(me).filter(lasting(), placement=OuterRef("pk"))))
