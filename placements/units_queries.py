"""Scanners and mobile units: which kind a site has when, which unit stands where, and the days on which none does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from placements.listed_students import reach
from placements.models import Placement
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import ScannerTerm, Site, UnitStay

MOBILE = ScannerTerm.Kind.MOBILE


def short_date(day: date) -> str:
    """A day for a narrow cell: "3 Dec"."""
    return days.short_day(day).partition(" ")[2]


@dataclass(frozen=True, slots=True)
class ScannerOn:
    """A kind of scanner that a site has from a day, to another or for good."""

    kind: str
    starts: date
    ends: date | None

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def in_full(self) -> str:
        """ "Mobile from 3 May 2019 until 3 January 2027"."""
        said = f"{self.kind.capitalize()} from {days.long_date(self.starts)}"
        return f"{said} until {days.long_date(self.ends)}" if self.ends else said

    def words(self, today: date) -> str:
        """ "mobile until 3 January 2027", "static from 4 January 2027"; nothing for one that is static for good."""
        said = str(self.kind)
        if self.starts > today:
            said += f" from {days.long_date(self.starts)}"
        if self.ends is not None:
            said += f" until {days.long_date(self.ends)}"
        return "" if said == ScannerTerm.Kind.STATIC else said


def scanners(
    sites: Sequence[int], first: date, last: date | None = None
) -> dict[int, list[ScannerOn]]:
    """The scanners of each site over some days, or from a day on."""
    rows = ScannerTerm.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=first), site__in=sites
    )
    if last is not None:
        rows = rows.filter(entry__about_from__lte=last)
    found: dict[int, list[ScannerOn]] = {}
    for site, *term in rows.order_by("entry__about_from").values_list(
        "site", "scanner_kind", "entry__about_from", "entry__about_to"
    ):
        found.setdefault(site, []).append(ScannerOn(*term))
    return found


@dataclass(frozen=True, slots=True)
class StayOn:
    """A mobile unit at a site."""

    uuid: UUID
    unit: str
    starts: date
    ends: date

    def touches(self, first: date, last: date) -> bool:
        return self.starts <= last and self.ends >= first

    def between(self, first: date, last: date) -> str:
        """What a narrow cell says of it: "PET-3, 3 Dec", "PET-3, 3 to 4 Dec"."""
        starts, ends = max(first, self.starts), min(last, self.ends)
        until = short_date(ends)
        if starts == ends:
            return f"{self.unit}, {until}"
        since = str(starts.day) if starts.month == ends.month else short_date(starts)
        return f"{self.unit}, {since} to {until}"

    @property
    def words(self) -> str:
        """The days in words: "3 December 2026", "3 and 4 December 2026", "3 to 6 December 2026"."""
        until = days.long_date(self.ends)
        length = (self.ends - self.starts).days
        if length == 0:
            return until
        if self.starts.month != self.ends.month or length > 30:
            return f"{days.long_date(self.starts)} to {until}"
        return f"{self.starts.day} {'and' if length == 1 else 'to'} {until}"


def stays(sites: Sequence[int], first: date, last: date | None = None) -> dict[int, list[StayOn]]:
    """The mobile units at each site over some days, or from a day on."""
    rows = UnitStay.objects.filter(site__in=sites, ends__gte=first)
    if last is not None:
        rows = rows.filter(starts__lte=last)
    found: dict[int, list[StayOn]] = {}
    for site, uuid, unit, starts, ends in rows.order_by("starts", "pk").values_list(
        "site", "uuid", "unit__name", "starts", "ends"
    ):
        found.setdefault(site, []).append(StayOn(uuid, unit, starts, ends))
    return found


def days_without_unit(site: Site, planned: Iterable[date]) -> list[date]:
    """Of some planned days, those on which the site's scanner is mobile and no unit stands there."""
    asked = sorted(set(planned))
    if not asked:
        return []
    kinds = scanners([site.pk], asked[0], asked[-1]).get(site.pk, [])
    if all(kind.kind != MOBILE for kind in kinds):
        return []
    there = stays([site.pk], asked[0], asked[-1]).get(site.pk, [])
    return [
        day
        for day in asked
        if any(kind.kind == MOBILE and kind.covers(day) for kind in kinds)
        and not any(stay.touches(day, day) for stay in there)
    ]


def said_without_unit(site: Site, planned: Iterable[date]) -> str:
    """What a page says of planned days without a scanner; empty when there are none."""
    all_days = sorted(set(planned))
    missing = days_without_unit(site, all_days)
    if not missing:
        return ""
    named = ", ".join(days.short_day(day) for day in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    return (
        f"The scanner of {site.name} is mobile, and no unit stands there on {len(missing)} of the "
        f"{len(all_days)} planned days: {named}{more}."
    )


@dataclass(frozen=True, slots=True)
class Affected:
    """What becoming static changes: stays that go or end sooner, and who is placed there from then on."""

    going: list[StayOn]
    ending: list[StayOn]
    students: list[str]
    others: int


def affected(viewer: Viewer, site: Site, day: date) -> Affected:
    """What stands against or beside a static scanner from a day on, as far as the viewer may know it."""
    to_come = stays([site.pk], day).get(site.pk, [])
    rows = Placement.objects.filter(site=site, ends__gte=day, state__in=Placement.ACTIVE)
    known = list(
        rows.filter(reach(viewer))
        .order_by("starts", "enrolment__person__name", "pk")
        .values_list("enrolment__person__name", "starts", "ends")
    )
    return Affected(
        going=[stay for stay in to_come if stay.starts >= day],
        ending=[stay for stay in to_come if stay.starts < day],
        students=[
            f"{name}, {days.long_date(starts)} to {days.long_date(ends)}"
            for name, starts, ends in known
        ],
        others=rows.count() - len(known),
    )


def stays_to_come(site: Site) -> list[StayOn]:
    """The mobile units that stand at a site today or later."""
    return stays([site.pk], clock.today()).get(site.pk, [])
