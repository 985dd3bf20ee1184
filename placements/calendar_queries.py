"""The calendar of who is where: the weeks that are asked for, and the students by site and by cohort.

Every view reads a fixed number of times, and weeks that say the same are one wide cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements import policies
from placements.listed_students import reach, state_in_words
from placements.models import Enrolment, Placement
from placements.units_queries import short_date
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Person, Scope
from school.people.queries import scopes_with
from school.people.roles import Permission

State = Placement.State

WEEKS, SITES, COHORT = "weeks", "sites", "cohort"
VIEWS = {WEEKS: "Sites", SITES: "Students by site", COHORT: "Students by cohort"}
WEEK = timedelta(weeks=1)


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

    def touching(self) -> Q:
        """The condition of what has a day in these weeks."""
        return Q(starts__lte=self.last, ends__gte=self.first)

    def weeks_between(self, starts: date, ends: date) -> range:
        """Which of the weeks, from 0 on, a stay has a day in."""
        first = max(0, (starts - self.first).days // 7)
        return range(first, min(self.weeks - 1, (ends - self.first).days // 7) + 1)


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


def short_name(name: str) -> str:
    """A name for a narrow cell: "Amara Exampleton" is "A. Exampleton"."""
    first, _, last = name.partition(" ")
    return f"{first[:1]}. {last}" if last else name


def short_span(first: date, last: date) -> str:
    """Two days for a narrow cell: "16 Nov to 3 Jan"."""
    return f"{short_date(first)} to {short_date(last)}"


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


def students_of(viewer: Viewer, asked: Asked) -> QuerySet[Person]:
    """Everybody whose placements the calendar shows in full, for the access log."""
    return Person.objects.filter(
        pk__in=placements(viewer, asked).order_by().values("enrolment__person")
    )


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
            if scope.kind == Scope.Kind.NETWORK:
                allowed = Q()
                break
            if scope.kind in (Scope.Kind.PROGRAMME, Scope.Kind.COHORT):
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


COLUMNS = ("Site", "Region", "Student", "Student number", "Cohort", "Year", "First day", "Last day", "State")  # fmt: skip


def stay_cells(found: Iterable[Stay]) -> Iterator[Sequence[Any]]:
    """A line for each placement."""
    today = clock.today()
    for stay in found:
        state = state_in_words(stay.state, stay.starts, stay.ends, today)
        yield (stay.site, stay.region, stay.name, stay.number, stay.cohort, stay.year, stay.starts, stay.ends, state)  # fmt: skip
