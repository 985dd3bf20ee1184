"""Who is protected from radiation by whom: declarations in confidence, dose readings, and their only readers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from placements.models import DoseReading, Enrolment, Placement, PregnancyDeclaration
from school.core import clock, ledger
from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.models import Person, RoleGrant, Site
from school.people.queries import grants, scopes_with, sites_in
from school.people.roles import ROLES, Permission

# A badge is read when its period is over, often weeks after the student has left.
AFTER_PLACEMENT = timedelta(days=120)

KEEPERS = frozenset(
    role.key for role in ROLES.values() if Permission.PROTECT_FROM_RADIATION in role.permissions
)


# Who ---------------------------------------------------------------------------------------------


def protected_sites(viewer: Viewer) -> list[int]:
    """The keys of the sites where the viewer is radiation protection supervisor."""
    return sorted(
        {
            pk
            for scope in scopes_with(viewer.hats, Permission.PROTECT_FROM_RADIATION)
            for pk in sites_in(scope).values_list("pk", flat=True)
        }
    )


def may_protect(viewer: Viewer) -> Decision:
    """Whether the viewer is radiation protection supervisor anywhere; the pages look at which students."""
    if viewer.person is not None and viewer.may(Permission.PROTECT_FROM_RADIATION):
        return ALLOWED
    return refused("This page is for the radiation protection supervisors of sites.")


def to_come(enrolment: Any, sites: Collection[int] | None = None) -> Q:
    """The condition of a placement of an enrolment that goes on or is still to come."""
    found = Q(enrolment=enrolment, state__in=Placement.ACTIVE, ends__gte=clock.today())
    return found if sites is None else found & Q(site__in=sites)


def supervisors(site: Site) -> list[Person]:
    """The radiation protection supervisors of a site who have an account."""
    rows: QuerySet[RoleGrant] = grants().filter(role__in=KEEPERS, person__user__is_active=True)
    people = {
        grant.person_id: grant.person
        for grant in rows.select_related("person__user", "scope")
        if sites_in(grant.scope).filter(pk=site.pk).exists()
    }
    return [people[key] for key in sorted(people)]


@dataclass(frozen=True, slots=True)
class Reader:
    """A site where a student is or will be placed, and the names of its radiation protection supervisors."""

    site: str
    names: str


def readers(enrolment: Enrolment) -> list[Reader]:
    """Exactly who reads what a student declares, by the sites of the placements to come."""
    placed = Placement.objects.filter(to_come(enrolment)).select_related("site")
    sites = {row.site_id: row.site for row in placed.order_by("starts")}
    return [
        Reader(site.name, ", ".join(person.name for person in supervisors(site)))
        for site in sites.values()
    ]


# Declarations ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as it stands, with its words."""

    fact: PregnancyDeclaration
    words: str


def declarations(*enrolments: Enrolment) -> dict[int, Declared]:
    """What a student declared last on each of their enrolments, or took back; for the student and their readers alone."""
    facts = list(PregnancyDeclaration.objects.standing().filter(enrolment__in=enrolments))
    words = ledger.private_texts(facts, "words")
    return {fact.enrolment_id: Declared(fact, words.get(fact.pk, "")) for fact in facts}


def declared_to(sites: Collection[int]) -> list[tuple[Declared, list[Placement]]]:
    """The declarations that the supervisors of some sites may read, each with the placements that make it so."""
    placed = Placement.objects.filter(to_come(OuterRef("enrolment"), sites))
    facts = list(
        PregnancyDeclaration.objects.standing()
        .filter(Exists(placed))
        .select_related("enrolment__person")
        .order_by("-entry")
    )
    if not facts:
        return []
    words = ledger.private_texts(facts, "words")
    where: dict[int, list[Placement]] = {}
    rows = Placement.objects.filter(
        enrolment__in=[fact.enrolment_id for fact in facts],
        site__in=sites,
        state__in=Placement.ACTIVE,
        ends__gte=clock.today(),
    )
    for row in rows.select_related("site").order_by("starts"):
        where.setdefault(row.enrolment_id, []).append(row)
    return [(Declared(fact, words.get(fact.pk, "")), where[fact.enrolment_id]) for fact in facts]


def to_tell() -> Iterable[PregnancyDeclaration]:
    """Every declaration as it stands, taken back or not, of a student who has a placement to come."""
    placed = Placement.objects.filter(to_come(OuterRef("enrolment")))
    return PregnancyDeclaration.objects.standing().filter(Exists(placed))


# Doses -------------------------------------------------------------------------------------------


def in_millisieverts(microsieverts: int) -> str:
    """1234 as "1.234", what a table and a sentence say before "mSv"."""
    return f"{Decimal(microsieverts) / 1000:.3f}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A dose reading as a page shows it; `total` is the sum of this and all earlier periods."""

    uuid: UUID
    first: date
    last: date
    site: str
    dose: str
    total: str


def readings(*enrolments: Enrolment, sites: Collection[int] | None = None) -> list[Reading]:
    """The readings of a student as they stand, the newest period first; of some sites only, when given."""
    rows = DoseReading.objects.standing().filter(enrolment__in=enrolments)
    if sites is not None:
        rows = rows.filter(site__in=sites)
    found: list[Reading] = []
    total = 0
    for row in rows.select_related("site").order_by("entry__about_from", "pk"):
        total += row.microsieverts
        entry = row.entry
        found.append(
            Reading(
                entry.uuid,
                entry.about_from,
                entry.about_to,
                row.site.name,
                in_millisieverts(row.microsieverts),
                in_millisieverts(total),
            )
        )
    return found[::-1]


def badge_wearers(sites: Collection[int]) -> QuerySet[Enrolment]:
    """The enrolments whose dose the supervisors of some sites keep: placed there now, lately or soon."""
    placed = Placement.objects.filter(
        never_began=False,
        enrolment=OuterRef("pk"),
        site__in=sites,
        ends__gte=clock.today() - AFTER_PLACEMENT,
    )
    return Enrolment.objects.filter(Exists(placed)).select_related("person")


def totals(enrolments: Collection[int], sites: Collection[int]) -> dict[int, int]:
    """Microsieverts of each enrolment at some sites, in one query."""
    rows = DoseReading.objects.standing().filter(enrolment__in=enrolments, site__in=sites)
    sums = rows.select_related(None).order_by().values("enrolment")
    return dict(sums.annotate(sum=Sum("microsieverts")).values_list("enrolment", "sum"))
