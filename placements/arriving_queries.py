"""What sites ask before the first day, what students have shown, who may record it, and who still lacks something."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements import policies
from placements.listed_students import reach
from placements.models import (
    Check,
    CheckKind,
    Enrolment,
    Induction,
    Placement,
    PlannedShift,
    SiteCheck,
    SiteGuide,
    Supervision,
)
from placements.readiness import Answer, Asked, Held, State, answers
from school.core import clock, days, ledger
from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.models import Person, Site
from school.people.queries import identity, merges
from school.people.roles import Permission

# How long before the first day everybody is told what is still missing.
AHEAD = timedelta(days=14)
INDUCTION = "Site induction"


# Who ---------------------------------------------------------------------------------------------


def checked_placements(viewer: Viewer) -> QuerySet[Placement]:
    """The placements whose checks the viewer may record: as coordinator, for the site, as practice educator; never their own."""
    if viewer.person is None:
        return Placement.objects.none()
    me = identity(viewer.person)
    educates = policies.supervisions(me).filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=clock.today()),
        capacity=Supervision.Capacity.PRACTICE_EDUCATOR,
        placement=OuterRef("pk"),
    )
    return Placement.objects.filter(
        Q(enrolment__in=policies.managed_enrolments(viewer).values("pk"))
        | Q(site__in=policies.sites_run(viewer).values("pk"))
        | Q(Exists(educates))
    ).exclude(enrolment__person__in=me)


def may_see_who_is_not_ready(viewer: Viewer) -> Decision:
    """Whether the viewer runs a site or places students, and so sees who lacks something."""
    if viewer.person is not None and viewer.may(Permission.RUN_SITE):
        return ALLOWED
    return refused("This list is for site leads and placement coordinators.")


# What a site asks --------------------------------------------------------------------------------


def asked_at(site: Site) -> list[SiteCheck]:
    """The checks that a site asks for, in the order of their kinds."""
    rows = {row.kind: row for row in SiteCheck.objects.filter(site=site)}
    return [rows[kind] for kind in CheckKind.values if kind in rows]


def guide_of(site: Site) -> SiteGuide:
    """A site's guide; an empty one when nobody has written it yet."""
    return SiteGuide.objects.filter(site=site).first() or SiteGuide(site=site)


def induction_list(guide: SiteGuide | None) -> list[str]:
    """The things that a site's induction goes through, each once."""
    lines = guide.induction.splitlines() if guide else []
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


# Readiness ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a placement stands before, or after, its first day."""

    placement: Placement
    answers: tuple[Answer, ...]
    inducted: bool

    @property
    def started(self) -> bool:
        return self.placement.starts <= clock.today()

    @property
    def induction_late(self) -> bool:
        """Whether the first day has gone by without an induction."""
        return not self.inducted and self.placement.starts < clock.today()

    @property
    def missing(self) -> list[str]:
        """What is lacking, in words."""
        found = [label(one) for one in self.answers if one.state is State.MISSING]
        return [*found, INDUCTION] if self.induction_late else found

    @property
    def running_out(self) -> list[str]:
        """What ends before the placement does, in words."""
        return [
            f"{label(one)} until {days.long_date(one.until)}"
            for one in self.answers
            if one.state is State.EXPIRES and one.until
        ]


def label(answer: Answer) -> str:
    """What a check is called."""
    return str(CheckKind(answer.kind).label)


def readiness(placements: Sequence[Placement]) -> list[Readiness]:
    """How placements stand, in two queries; they are annotated by `with_induction`."""
    asked: dict[int, list[Asked]] = {}
    order = CheckKind.values
    rows = SiteCheck.objects.filter(site__in={row.site_id for row in placements})
    for site, kind, months in sorted(
        rows.values_list("site", "kind", "months"), key=lambda row: order.index(row[1])
    ):
        asked.setdefault(site, []).append(Asked(kind, months))
    wanting = {row.enrolment_id for row in placements if row.site_id in asked}
    held = held_by(wanting) if wanting else {}
    today = clock.today()
    return [
        Readiness(
            row,
            tuple(
                answers(
                    asked.get(row.site_id, ()),
                    held.get(row.enrolment_id, ()),
                    site=row.site_id,
                    first=max(row.starts, min(today, row.ends)),
                    last=row.ends,
                )
            ),
            row.inducted,  # type: ignore[attr-defined]
        )
        for row in placements
    ]


def held_by(enrolments: Collection[int]) -> dict[int, list[Held]]:
    """The checks that students have shown and that stand, by enrolment."""
    rows = Check.objects.standing().filter(enrolment__in=enrolments, withdrawn=False)
    found: dict[int, list[Held]] = {}
    for enrolment, kind, since, until, site in rows.values_list(
        "enrolment", "check_kind", "entry__about_from", "entry__about_to", "site"
    ):
        found.setdefault(enrolment, []).append(Held(kind, since, until, site))
    return found


def with_induction(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """Placements with whether their induction is recorded."""
    return rows.annotate(inducted=Exists(Induction.objects.filter(placement=OuterRef("pk"))))


def to_come(person: Person) -> list[Readiness]:
    """How a student's placements that go on or are to come stand, the first one first; three queries."""
    merged = merges().filter(kept=person).values("merged")
    rows = Placement.objects.filter(
        Q(enrolment__person=person) | Q(enrolment__person__in=merged),
        state__in=Placement.ACTIVE,
        ends__gte=clock.today(),
    )
    found = list(with_induction(rows).select_related("site").order_by("starts", "pk"))
    return readiness(found) if found else []


def not_ready(viewer: Viewer) -> list[Readiness]:
    """Everybody in reach who begins within a fortnight, or has begun, and lacks something; three queries."""
    return lacking(reach(viewer, permission=Permission.RUN_SITE))


def lacking(within: Q) -> list[Readiness]:
    """The placements, of those that a condition holds, that begin soon or have begun and lack something."""
    today = clock.today()
    rows = with_induction(
        Placement.objects.filter(
            within, state__in=Placement.ACTIVE, starts__lte=today + AHEAD, ends__gte=today
        )
    ).select_related("site", "enrolment__person")
    asking = SiteCheck.objects.filter(site=OuterRef("site"))
    rows = rows.filter(Exists(asking) | Q(inducted=False, starts__lt=today))
    found = readiness(list(rows.order_by("starts", "enrolment__person__name", "pk")))
    return [row for row in found if row.missing]


# What was shown ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A check as it stands: what, from when to when, who saw it, and its private reference."""

    fact: Check
    reference: str

    @property
    def what(self) -> str:
        """Its kind, and the site where it counts when that is one."""
        kind = self.fact.get_check_kind_display()
        return f"{kind}, {self.fact.site.name}" if self.fact.site else kind


def shown_by(enrolments: Collection[Enrolment] | Collection[int], **narrowed: Any) -> list[Shown]:
    """The checks that stand, the newest first, with their references."""
    rows = Check.objects.standing().filter(enrolment__in=enrolments, withdrawn=False, **narrowed)
    facts = list(rows.select_related("site", "person").order_by("-entry"))
    texts = ledger.private_texts(facts, "reference")
    return [Shown(fact, texts.get(fact.pk, "")) for fact in facts]


def counted_at(shown: Iterable[Shown], site: Site) -> list[Shown]:
    """Those of some checks that count at a site."""
    return [one for one in shown if one.fact.site_id in (None, site.pk)]


# The joining pack --------------------------------------------------------------------------------


def first_week(placement: Placement) -> list[PlannedShift]:
    """The planned shifts of the first seven days."""
    return list(
        PlannedShift.objects.filter(
            placement=placement,
            start__gte=days.start_of_day(placement.starts),
            start__lt=days.end_of_day(placement.starts + timedelta(days=6)),
        ).order_by("start")
    )


def supervisors(placement: Placement) -> list[Supervision]:
    """Who supervises a placement on its first day or today, whichever is later."""
    day = max(placement.starts, min(clock.today(), placement.ends))
    return list(_supervising(placement, day))


def _supervising(placement: Placement, day: date) -> QuerySet[Supervision]:
    rows: QuerySet[Supervision] = (
        Supervision.objects.standing()
        .filter(
            Q(entry__about_to=None) | Q(entry__about_to__gte=day),
            placement=placement,
            entry__about_from__lte=day,
        )
        .select_related("person")
        .order_by("pk")
    )
    return rows
