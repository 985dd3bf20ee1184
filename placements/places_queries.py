"""Places by site and week, who is where, what a site offers, and what speaks against a placement before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, Sum, Window
from django.db.models.functions import RowNumber

from placements.interruptions import covering, spans_of
from placements.listed_students import reach
from placements.models import Placement, PlaceOffer, SiteAudit
from school.core import charts, clock, days
from school.people.middleware import Viewer
from school.people.models import Site

WEEKS = 6
LANES = 8  # of a site's stays, how many the timeline draws
BOXES = 6  # up to this many places are drawn as boxes; more are written as numbers
State = Placement.State


@dataclass(frozen=True, slots=True)
class Week:
    """Places of a site in a week: taken by somebody, and offered."""

    used: int
    offered: int

    @property
    def free(self) -> int:
        return max(0, self.offered - self.used)

    @property
    def drawn(self) -> bool:
        """Whether boxes can show it."""
        return max(self.used, self.offered) <= BOXES

    @property
    def boxes(self) -> int:
        return max(self.used, self.offered)


@dataclass(frozen=True, slots=True)
class SiteWeeks:
    """A site's places week by week, and until when its audit holds."""

    site: Site
    weeks: tuple[Week, ...]
    audited_until: date | None

    @property
    def free(self) -> int:
        return sum(week.free for week in self.weeks)


def mondays() -> list[date]:
    """The Mondays of the weeks that the pages show, this week's first."""
    first = days.monday(clock.today())
    return [first + timedelta(weeks=week) for week in range(WEEKS)]


def weeks_of_sites(sites: Sequence[Site], year: int | None = None) -> list[SiteWeeks]:
    """Places used and offered at some sites, in three queries however many students there are."""
    weeks = mondays()
    spans = {f"week_{n}": _touches(monday) for n, monday in enumerate(weeks)}
    whole = Q(starts__lte=weeks[-1] + timedelta(days=6), ends__gte=weeks[0], site__in=sites)
    if year:
        whole &= Q(stage__year=year)
    taken = Placement.objects.filter(whole).exclude(state=State.WITHDRAWN)
    used: dict[int, Any] = {
        row["site"]: row
        for row in taken.order_by()
        .values("site")
        .annotate(**{name: Count("pk", filter=span) for name, span in spans.items()})
    }
    offered: dict[int, Any] = {
        row["site"]: row
        for row in PlaceOffer.objects.filter(whole)
        .order_by()
        .values("site")
        .annotate(**{name: Sum("places", filter=span, default=0) for name, span in spans.items()})
    }
    audits = audits_until(sites)
    nothing: Any = dict.fromkeys(spans, 0)
    return [
        SiteWeeks(
            site,
            tuple(
                Week(used.get(site.pk, nothing)[name], offered.get(site.pk, nothing)[name])
                for name in spans
            ),
            audits.get(site.pk),
        )
        for site in sites
    ]


def _touches(monday: date) -> Q:
    return Q(starts__lte=monday + timedelta(days=6), ends__gte=monday)


def audits_until(sites: Sequence[Site]) -> dict[int, date]:
    """Until when the newest audit of each site holds."""
    rows = SiteAudit.objects.filter(site__in=sites).order_by().values("site")
    return dict(rows.annotate(until=Max("entry__about_to")).values_list("site", "until"))


def who_is_where(
    viewer: Viewer, sites: Sequence[Site], year: int | None = None
) -> tuple[charts.Timeline, dict[int, int]]:
    """The timeline of the next six weeks at some sites, and how many stays a site has beyond those drawn."""
    weeks, today = mondays(), clock.today()
    rows = Placement.objects.filter(
        reach(viewer),
        site__in=sites,
        starts__lte=weeks[-1] + timedelta(days=6),
        ends__gte=weeks[0],
        enrolment__tallies__stage=F("stage"),
    ).exclude(state=State.WITHDRAWN)
    if year:
        rows = rows.filter(stage__year=year)
    order = (F("starts").asc(), F("pk").asc())
    numbered = rows.order_by("starts", "pk").annotate(
        place=Window(RowNumber(), partition_by="site", order_by=order),
        among=Window(Count("pk"), partition_by="site"),
        late=F("enrolment__tallies__behind_on"),
        interrupted=F("enrolment__tallies__interrupted"),
    )
    stays: dict[int, list[charts.Stay]] = {}
    beyond: dict[int, int] = {}
    for site, name, student_year, starts, ends, state, late, interrupted, among in numbered.filter(
        place__lte=LANES
    ).values_list(
        "site", "enrolment__person__name", "stage__year", "starts", "ends", "state", "late", "interrupted", "among"
    ):  # fmt: skip
        short = short_name(name)
        stay = charts.Stay(
            f"{short}, Y{student_year}",
            short,
            starts,
            ends,
            _drawn_as(state, starts, today),
            behind=late is not None
            and late <= today
            and starts <= today <= ends
            and covering(spans_of(interrupted), today) is None,
        )
        stays.setdefault(site, []).append(stay)
        beyond[site] = max(0, among - LANES)
    drawn = charts.timeline(
        first_monday=weeks[0],
        weeks=WEEKS,
        today=today,
        rows=[
            charts.TimelineRow(
                site.name,
                f"and {beyond[site.pk]} more" if beyond.get(site.pk) else "",
                stays.get(site.pk, []),
            )
            for site in sites
        ],
    )
    return drawn, beyond


def _drawn_as(state: str, starts: date, today: date) -> str:
    if state == State.PLANNED:
        return "unconfirmed"
    return "under-way" if starts <= today else "confirmed"


def short_name(name: str) -> str:
    """A name for a narrow bar: "Amara Exampleton" is "A. Exampleton"."""
    first, _, last = name.partition(" ")
    return f"{first[:1]}. {last}" if last else name


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a site offers and has taken of a stage over some days: the fullest day, and every day's least."""

    offered: int
    used: int


def capacity(site: Site, stage_id: int, starts: date, ends: date) -> list[tuple[date, Capacity]]:
    """Places of a stage at a site, from each day on which the number changes."""
    span = {"site": site, "stage": stage_id, "starts__lte": ends, "ends__gte": starts}
    offers = list(PlaceOffer.objects.filter(**span))
    taken = list(Placement.objects.filter(**span).exclude(state=State.WITHDRAWN))
    turns = {starts}
    for first, last in [
        *((row.starts, row.ends) for row in offers),
        *((row.starts, row.ends) for row in taken),
    ]:
        turns |= {first, last + days.DAY}
    return [
        (
            day,
            Capacity(
                sum(row.places for row in offers if row.starts <= day <= row.ends),
                sum(row.starts <= day <= row.ends for row in taken),
            ),
        )
        for day in sorted(turn for turn in turns if starts <= turn <= ends)
    ]
