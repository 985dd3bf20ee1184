"""What sites ask before the first day, what students have shown, who may record it, and who still lacks something."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

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
        | Q(never_began=False, site__in=policies.sites_run(viewer).values("pk"))
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


def readiness(rows: QuerySet[Placement]) -> list[Readiness]:
    """How placements stand, in their order and in two queries: each comes once for every check that its site asks for."""
    asking = rows.annotate(
        inducted=Exists(Induction.objects.filter(placement=OuterRef("pk"))),
        asks=F("site__checks__kind"),
        months=F("site__checks__months"),
    )
    found: dict[int, Placement] = {}
    asked: dict[int, list[Asked]] = {}
    for row in asking:
        found.setdefault(row.pk, row)
        if row.asks:
            asked.setdefault(row.pk, []).append(Asked(row.asks, row.months))
    held = held_by({found[key].enrolment_id for key in asked}) if asked else {}
    return [_ready(row, asked.get(row.pk, []), held) for row in found.values()]


def _ready(row: Any, asked: list[Asked], held: Mapping[int, Sequence[Held]]) -> Readiness:
    order = CheckKind.values
    found = answers(
        sorted(asked, key=lambda one: order.index(one.kind)),
        held.get(row.enrolment_id, ()),
        site=row.site_id,
        first=max(row.starts, min(clock.today(), row.ends)),
        last=row.ends,
    )
    return Readiness(row, tuple(found), row.inducted)


def held_by(enrolments: Collection[int]) -> dict[int, list[Held]]:
    """The checks that students have shown and that stand, by enrolment."""
    rows = Check.objects.standing().filter(enrolment__in=enrolments, withdrawn=False)
    found: dict[int, list[Held]] = {}
    for enrolment, kind, since, until, site in rows.values_list(
        "enrolment", "check_kind", "entry__about_from", "entry__about_to", "site"
    ):
        found.setdefault(enrolment, []).append(Held(kind, since, until, site))
    return found


def to_come(person: Person) -> list[Readiness]:
    """How a student's placements that go on or are to come stand, the first one first; two queries."""
    merged = merges().filter(kept=person).values("merged")
    rows = Placement.objects.filter(
        Q(enrolment__person=person) | Q(enrolment__person__in=merged),
        state__in=Placement.ACTIVE,
        ends__gte=clock.today(),
    )
    return readiness(rows.select_related("site").order_by("starts", "pk"))


def not_ready(viewer: Viewer) -> list[Readiness]:
    """Everybody in reach who begins within a fortnight, or has begun, and lacks something; two queries."""
    return lacking(reach(viewer, permission=Permission.RUN_SITE))


def lacking(within: Q) -> list[Readiness]:
    """The placements, of those that a condition holds, that begin soon or have begun and lack something."""
    today = clock.today()
    rows = Placement.objects.filter(
        within, state__in=Placement.ACTIVE, starts__lte=today + AHEAD, ends__gte=today
    )
    # Without this, everybody under way at a site that asks for nothing would be read as well.
    asking = SiteCheck.objects.filter(site=OuterRef("site"))
    none = ~Exists(Induction.objects.filter(placement=OuterRef("pk")))
    rows = rows.filter(Exists(asking) | Q(none, starts__lt=today))
    rows = rows.select_related("site", "enrolment__person")
    found = readiness(rows.order_by("starts", "enrolment__person__name", "pk"))
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
