"""Who is where, week by week: by site with its free places, by each site's students, and by cohort.

Every view reads a fixed number of times, and weeks that say the same are one wide cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from placements import policies
from placements.listed_students import reach, state_in_words
from placements.models import Enrolment, Placement, PlaceOffer
from placements.places_queries import audits_until
from placements.units_queries import ScannerOn, scanners, short_date, stays
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Scope, Site
from school.people.queries import scopes_with
from school.people.roles import Permission

State = Placement.State

WEEKS, SITES, COHORT = "weeks", "sites", "cohort"
VIEWS = {WEEKS: "Sites", SITES: "Students by site", COHORT: "Students by cohort"}
WEEK = timedelta(weeks=1)
NAMES = 6  # in a cell; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The weeks and what they are narrowed to."""

    view: str = WEEKS
    first: date
    weeks: int = 12
    region: str = ""
    site: str = ""
    cohort: str = ""
    year: int | None = None

    @property
    def last(self) -> date:
        """The Sunday that ends the last week."""
        return self.first + self.weeks * WEEK - days.DAY

    @property
    def mondays(self) -> list[date]:
        """The Monday of each week."""
        return [self.first + number * WEEK for number in range(self.weeks)]

    def touching(self, prefix: str = "") -> Q:
        """The condition of what has a day in these weeks."""
        return Q(**{f"{prefix}starts__lte": self.last, f"{prefix}ends__gte": self.first})


@dataclass(frozen=True, slots=True)
class Cell:
    """Some weeks that say the same: how many, when, the lines in it, and the placement that it is of."""

    weeks: int
    when: str = ""
    lines: tuple[str, ...] = ()
    note: str = ""
    placement: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the calendar: what it is of, a note beside it, and its cells."""

    title: str
    key: UUID
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; a heading may be empty."""

    title: str
    rows: list[Row] = field(default_factory=list)


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


def short_name(name: str) -> str:
    """A name for a narrow cell: "Amara Exampleton" is "A. Exampleton"."""
    first, _, last = name.partition(" ")
    return f"{first[:1]}. {last}" if last else name


def short_span(first: date, last: date) -> str:
    """Two days for a narrow cell: "16 Nov to 3 Jan"."""
    return f"{short_date(first)} to {short_date(last)}"


# By week and site -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteWeeks:
    """A site with its weeks, and what stands beside its name."""

    site: Site
    weeks: tuple[Week, ...]
    note: str


def sites_by_week(viewer: Viewer, asked: Asked, sites: Sequence[Site]) -> list[SiteWeeks]:
    """The sites that have a scanner, places or students in these weeks."""
    keys = [site.pk for site in sites]
    placed = _placed(viewer, asked, keys)
    offers = PlaceOffer.objects.filter(asked.touching(), site__in=keys)
    if asked.year:
        offers = offers.filter(stage__year=asked.year)
    offered = list(offers.values_list("site", "starts", "ends", "places"))
    units = stays(keys, asked.first, asked.last)
    kinds = scanners(keys, asked.first, asked.last)
    audits = audits_until(sites)
    free = free_places(asked, offered, ((row[0], row[2], row[3], 1) for row in placed))
    names = _names(asked, placed)
    there = {row[0] for row in placed} | {row[0] for row in offered} | set(units) | set(kinds)
    today, none = clock.today(), [(0, 0)] * asked.weeks
    return [
        SiteWeeks(
            site,
            tuple(
                Week(
                    tuple(names.get((site.pk, number), ())),
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


def _placed(viewer: Viewer, asked: Asked, sites: Sequence[int]) -> list[tuple[Any, ...]]:
    """Everybody's placements at the sites; of those that the viewer may not know, only the dates are used."""
    seen = reach(viewer)
    if asked.cohort:
        seen &= Q(enrolment__cohort__name=asked.cohort)
    shown = Case(When(seen, then=Value(True)), default=Value(False)) if seen else Value(True)
    rows = Placement.objects.filter(asked.touching(), site__in=sites).exclude(state=State.WITHDRAWN)
    if asked.year:
        rows = rows.filter(stage__year=asked.year)
    return list(
        rows.annotate(shown=shown)
        .order_by("starts", "pk")
        .values_list("site", "shown", "starts", "ends", "state", "enrolment__person__name")
    )


def _names(asked: Asked, placed: Iterable[tuple[Any, ...]]) -> dict[tuple[int, int], list[str]]:
    """The names in each cell, by site and week; beyond the first few, how many more."""
    found: dict[tuple[int, int], list[str]] = {}
    for site, shown, starts, ends, state, name in placed:
        if not shown:
            continue
        said = short_name(name) + (" (planned)" if state == State.PLANNED else "")
        first = max(0, (starts - asked.first).days // 7)
        last = min(asked.weeks - 1, (ends - asked.first).days // 7)
        for week in range(first, last + 1):
            found.setdefault((site, week), []).append(said)
    for key, names in found.items():
        if len(names) > NAMES:
            found[key] = [*names[:NAMES], f"and {len(names) - NAMES} more"]
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


# By site and by cohort --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement in the weeks, with its student."""

    placement: UUID
    enrolment: int
    person: UUID
    name: str
    number: str
    cohort: str
    year: int
    site: str
    region: str
    starts: date
    ends: date
    state: str

    @property
    def dates(self) -> str:
        return short_span(self.starts, self.ends) + (
            " (planned)" if self.state == State.PLANNED else ""
        )


_STAY = ("uuid", "enrolment", "enrolment__person__uuid", "enrolment__person__name", "enrolment__student_number", "enrolment__cohort__name", "stage__year", "site__name", "site__network_region", "starts", "ends", "state")  # fmt: skip


def placements(viewer: Viewer, asked: Asked) -> QuerySet[Placement]:
    """The placements in these weeks that the viewer watches, by site."""
    rows = Placement.objects.filter(asked.touching(), reach(viewer)).exclude(state=State.WITHDRAWN)
    narrowed = {
        "stage__year": asked.year,
        "site__slug": asked.site,
        "site__network_region": asked.region,
        "enrolment__cohort__name": asked.cohort,
    }
    wanted = {name: value for name, value in narrowed.items() if value}
    return rows.filter(**wanted).order_by("site__name", "starts", "pk")


def read(rows: QuerySet[Placement]) -> list[Stay]:
    """What the calendar says of placements."""
    return [Stay(*row) for row in rows.values_list(*_STAY)]


def site_rows(asked: Asked, found: Iterable[Stay]) -> list[Group]:
    """A line for each placement, under its site."""
    return [
        Group(
            site,
            [
                Row(
                    stay.name,
                    stay.person,
                    f"Year {stay.year}, {stay.cohort}",
                    _around(asked, [stay], (stay.dates,)),
                )
                for stay in stays_there
            ],
        )
        for site, stays_there in groupby(found, key=lambda stay: stay.site)
    ]


def enrolments(viewer: Viewer, asked: Asked) -> QuerySet[Enrolment]:
    """The students of the cohorts in scope, placed or not; of a site, those who are there in these weeks."""
    there = placements(viewer, asked).filter(enrolment=OuterRef("pk")).order_by()
    allowed = Q(Exists(there))
    if not (asked.region or asked.site or asked.year):
        for scope in scopes_with(viewer.hats, Permission.SEE_PLACEMENT_RECORDS):
            if scope.kind in (Scope.Kind.NETWORK, Scope.Kind.PROGRAMME, Scope.Kind.COHORT):
                allowed |= policies.in_scope(scope)
    rows = Enrolment.objects.filter(asked.touching(), allowed)
    if asked.cohort:
        rows = rows.filter(cohort__name=asked.cohort)
    return rows.select_related("person", "cohort").order_by("-cohort__starts", "cohort__name", "person__name", "pk")  # fmt: skip


def cohort_rows(viewer: Viewer, asked: Asked, found: Sequence[Enrolment]) -> list[Group]:
    """A line for each student, under the cohort: the sites where they are."""
    by_enrolment: dict[int, list[Stay]] = {}
    for stay in read(placements(viewer, asked).filter(enrolment__in=found).order_by("starts")):
        by_enrolment.setdefault(stay.enrolment, []).append(stay)
    groups = []
    for cohort, students in groupby(found, key=lambda row: row.cohort.name):
        rows = [
            Row(
                student.person.name,
                student.person.uuid,
                student.student_number,
                _around(asked, by_enrolment[student.pk])
                if student.pk in by_enrolment
                else (Cell(asked.weeks, note="Not placed in these weeks"),),
            )
            for student in students
        ]
        groups.append(Group(cohort, rows))
    return groups


def _around(asked: Asked, stays: Sequence[Stay], lines: tuple[str, ...] = ()) -> tuple[Cell, ...]:
    """The cells of a student: each placement over its weeks, and what lies between them left empty.

    A week in which one placement ends and the next begins is the first one's.
    """
    cells: list[Cell] = []
    number = 0
    for stay in stays:
        said = lines or (stay.site, stay.dates)
        first = max(number, (stay.starts - asked.first).days // 7)
        last = min(asked.weeks - 1, (stay.ends - asked.first).days // 7)
        if first > last:
            before = cells[-1]
            cells[-1] = Cell(before.weeks, lines=(*before.lines, *said), placement=before.placement)
            continue
        if first > number:
            cells.append(Cell(first - number))
        cells.append(Cell(last - first + 1, lines=said, placement=stay.placement))
        number = last + 1
    if number < asked.weeks:
        cells.append(Cell(asked.weeks - number))
    return tuple(cells)


# As a file --------------------------------------------------------------------------------------

WEEK_COLUMNS = ("Site", "Region", "Week of", "Students", "Places free", "Places offered", "Mobile units", "Scanner and audit")  # fmt: skip
STAY_COLUMNS = ("Site", "Region", "Student", "Student number", "Cohort", "Year", "First day", "Last day", "State")  # fmt: skip


def week_cells(asked: Asked, found: Iterable[SiteWeeks]) -> Iterator[Sequence[Any]]:
    """A line for each site and week."""
    for line in found:
        for monday, week in zip(asked.mondays, line.weeks, strict=True):
            yield (line.site.name, line.site.network_region, monday, ", ".join(week.names), week.free, week.places, ", ".join(week.units), line.note)  # fmt: skip


def stay_cells(found: Iterable[Stay]) -> Iterator[Sequence[Any]]:
    """A line for each placement."""
    today = clock.today()
    for stay in found:
        state = state_in_words(stay.state, stay.starts, stay.ends, today)
        yield (stay.site, stay.region, stay.name, stay.number, stay.cohort, stay.year, stay.starts, stay.ends, state)  # fmt: skip
