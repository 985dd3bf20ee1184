"""The calendar by week and site: who is there, how many places are free, and which mobile units come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from placements.calendar_queries import WEEK, Asked, Cell, Group, Row, short_name, short_span
from placements.listed_students import reach
from placements.models import Placement, PlaceOffer
from placements.places_queries import audits_until
from placements.units_queries import ScannerOn, scanners, short_date, stays
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Site

State = Placement.State

NAMES = 6  # in a cell; the others are counted
MANY = 30  # students at a site in all of the weeks; beyond them its cells say only how many
COLUMNS = ("Site", "Region", "Week of", "Students", "Places free", "Places offered", "Mobile units", "Scanner and audit")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Week:
    """A site in a week: whom the viewer may know to be there, places free of how many, and mobile units."""

    names: tuple[str, ...] = ()
    free: int = 0
    places: int = 0
    units: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """ "1 of 2 free"; nothing for a week in which no place is offered."""
        return f"{self.free} of {self.places} free" if self.places else ""


@dataclass(frozen=True, slots=True)
class SiteWeeks:
    """A site with its weeks, and what stands beside its name."""

    site: Site
    weeks: tuple[Week, ...]
    note: str


def sites_by_week(
    viewer: Viewer, asked: Asked, sites: Sequence[Site], *, whole: bool = False
) -> list[SiteWeeks]:
    """The sites that have a scanner, places or students in these weeks; `whole` leaves out no name."""
    keys = [site.pk for site in sites]
    taken = _taken(viewer, asked, keys)
    offered = _offered(asked, keys)
    units = stays(keys, asked.first, asked.last)
    kinds = scanners(keys, asked.first, asked.last)
    audits = audits_until(sites)
    free = free_places(asked, offered, ((row.site, row.starts, row.ends, row.all) for row in taken))
    people = _people(viewer, asked, taken, whole)
    there = {row.site for row in taken} | {row[0] for row in offered} | set(units) | set(kinds)
    today, none = clock.today(), [(0, 0)] * asked.weeks
    return [
        SiteWeeks(
            site,
            tuple(
                Week(
                    tuple(people.get((site.pk, number), ())),
                    *free.get(site.pk, none)[number],
                    tuple(
                        stay.between(monday, monday + WEEK - days.DAY)
                        for stay in units.get(site.pk, ())
                        if stay.touches(monday, monday + WEEK - days.DAY)
                    ),
                )
                for number, monday in enumerate(asked.mondays)
            ),
            _beside(kinds.get(site.pk, []), audits.get(site.pk), today),
        )
        for site in sites
        if site.pk in there or site.slug == asked.site
    ]


class Taken(NamedTuple):
    """Placements at a site with the same days: how many there are, and how many the viewer may know."""

    site: int
    starts: date
    ends: date
    all: int
    seen: int


def _taken(viewer: Viewer, asked: Asked, sites: Sequence[int]) -> list[Taken]:
    rows = _of_year(asked, Placement.objects.filter(asked.touching(), site__in=sites))
    seen = _seen(viewer, asked)
    found = (
        rows.exclude(state=State.WITHDRAWN)
        .order_by()
        .values("site", "starts", "ends")
        .annotate(all=Count("pk"), seen=Count("pk", filter=seen) if seen else Count("pk"))
    )
    return [Taken(*row) for row in found.values_list(*Taken._fields)]


def _offered(asked: Asked, sites: Sequence[int]) -> list[tuple[int, date, date, int]]:
    rows = _of_year(asked, PlaceOffer.objects.filter(asked.touching(), site__in=sites))
    found = rows.order_by().values("site", "starts", "ends").annotate(number=Sum("places"))
    return list(found.values_list("site", "starts", "ends", "number"))


def _of_year(asked: Asked, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(stage__year=asked.year) if asked.year else rows


def _seen(viewer: Viewer, asked: Asked) -> Q:
    """The condition of placements whose students the viewer may know and asked for."""
    seen = reach(viewer)
    return seen & Q(enrolment__cohort__name=asked.cohort) if asked.cohort else seen


def _people(
    viewer: Viewer, asked: Asked, taken: Sequence[Taken], whole: bool
) -> dict[tuple[int, int], list[str]]:
    """Who is at a site in a week, by site and week: names, and where there are very many, how many."""
    number: dict[int, int] = {}
    for row in taken:
        number[row.site] = number.get(row.site, 0) + row.seen
    few = [site for site, count in number.items() if whole or 0 < count <= MANY]
    found: dict[tuple[int, int], list[str]] = {}
    rows = _of_year(asked, Placement.objects.filter(asked.touching(), site__in=few))
    named = rows.filter(_seen(viewer, asked)).exclude(state=State.WITHDRAWN)
    for site, starts, ends, state, name in named.order_by("starts", "pk").values_list(
        "site", "starts", "ends", "state", "enrolment__person__name"
    ):
        said = short_name(name) + (" (planned)" if state == State.PLANNED else "")
        for week in asked.weeks_between(starts, ends):
            found.setdefault((site, week), []).append(said)
    if not whole:
        for key, names in found.items():
            if len(names) > NAMES:
                found[key] = [*names[:NAMES], f"and {len(names) - NAMES} more"]
    counts: dict[tuple[int, int], int] = {}
    for row in taken:
        if number[row.site] > MANY and not whole and row.seen:
            for week in asked.weeks_between(row.starts, row.ends):
                counts[row.site, week] = counts.get((row.site, week), 0) + row.seen
    for key, count in counts.items():
        found[key] = [f"{count} {'student' if count == 1 else 'students'}"]
    return found


def free_places(
    asked: Asked,
    offered: Iterable[tuple[int, date, date, int]],
    taken: Iterable[tuple[int, date, date, int]],
) -> dict[int, list[tuple[int, int]]]:
    """By site and week, the places that are free on every day on which some are offered, and how many are."""
    length = asked.weeks * 7
    changes: dict[int, tuple[list[int], list[int]]] = {}
    for kind, rows in enumerate((offered, taken)):
        for site, first, last, number in rows:
            if site not in changes:
                changes[site] = ([0] * (length + 1), [0] * (length + 1))
            change = changes[site][kind]
            change[max(0, (first - asked.first).days)] += number
            change[min(length, (last - asked.first).days + 1)] -= number
    found = {}
    for site, (more, fewer) in changes.items():
        by_day = list(zip(accumulate(more), accumulate(fewer), strict=True))
        weeks = []
        for start in range(0, length, 7):
            open_days = [(there, used) for there, used in by_day[start : start + 7] if there]
            free = min((there - used for there, used in open_days), default=0)
            weeks.append((max(0, free), max((there for there, _ in open_days), default=0)))
        found[site] = weeks
    return found


def _beside(kinds: Sequence[ScannerOn], audited: date | None, today: date) -> str:
    said = [kind.words(today) for kind in kinds]
    if audited is None or audited < today:
        said.append("no audit holds")
    return ", ".join(words for words in said if words)


def week_rows(asked: Asked, found: Sequence[SiteWeeks]) -> list[Group]:
    """The lines of the view by site: weeks in a row that say the same are one cell."""
    rows = []
    for line in found:
        cells, number = [], 0
        for week, same in groupby(line.weeks):
            length = len(list(same))
            first = asked.first + number * WEEK
            when = f"Week of {short_date(first)}" if length == 1 else short_span(first, first + length * WEEK - days.DAY)  # fmt: skip
            said = (*week.names, *week.units)
            cells.append(Cell(length, when, said, week.said) if said or week.said else Cell(length))
            number += length
        rows.append(Row(line.site.name, line.site.uuid, line.note, tuple(cells)))
    return [Group("", rows)] if rows else []


def week_cells(asked: Asked, found: Iterable[SiteWeeks]) -> Iterator[Sequence[Any]]:
    """A line for each site and week."""
    for line in found:
        for monday, week in zip(asked.mondays, line.weeks, strict=True):
            yield (line.site.name, line.site.network_region, monday, ", ".join(week.names), week.free, week.places, ", ".join(week.units), line.note)  # fmt: skip
