"""The marks file: what a university is told of a cohort's hours in a stage, as of one day and as known on another.

Hours are added up from the record books themselves, and whom the file holds, under which number and by
which version of the programme, is read from the history of the enrolments: the same question gets the
same answer.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from placements import as_known, books, interruptions, meetings, policies, totals
from placements.books import Book, Entry
from placements.models import (
    Cohort,
    Enrolment,
    Induction,
    Interruption,
    Meeting,
    Placement,
    Stage,
)
from placements.totals import Totals
from school.core import days
from school.core.models import Fact
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import Permission

Kind = Meeting.Kind
KINDS = (Kind.INITIAL, Kind.MIDWAY, Kind.FINAL)
NEEDED: tuple[type[Fact], ...] = (*books.HOURS, *books.MEETINGS, Interruption)


def cohorts(viewer: Viewer) -> QuerySet[Cohort]:
    """The cohorts that students whom the viewer follows are in, or were, newest first."""
    theirs = policies.enrolments_with(viewer, Permission.FOLLOW_STUDENTS).values("pk")
    been = Enrolment.history.filter(cohort=OuterRef("pk"), id__in=theirs)
    return Cohort.objects.filter(Exists(been)).order_by("-starts", "name")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment as it was known on a day, with the book that says what was known."""

    pk: int
    uuid: UUID
    person: Person
    number: str
    version: int
    starts: date
    book: Book


def enrolled(
    viewer: Viewer, cohort: Cohort, known_on: date, facts: Collection[type[Fact]] = NEEDED
) -> list[Enrolled]:
    """Those known to be in a cohort on a day whom the viewer follows, by student number, in two queries.

    An enrolment is known from the day it was written, or an entry of its book was known: what an
    import brought is older than its row, which then says what it said first. Their books hold `facts`.
    """
    theirs = policies.enrolments_with(viewer, Permission.FOLLOW_STUDENTS).values("pk")
    been = Enrolment.history.filter(cohort=cohort, id__in=theirs).values("id")
    lines = Enrolment.history.filter(id__in=been).select_related("person")
    over = days.end_of_day(known_on)
    first: dict[int, Any] = {}
    known: dict[int, Any] = {}
    for line in lines.order_by("history_date", "history_id"):
        first.setdefault(line.id, line)
        if line.history_date < over:
            known[line.id] = line
    found = books.read([line.book_id for line in first.values()], facts, known_on)
    rows = []
    for pk, brought in first.items():
        book = found[brought.book_id]
        line = known.get(pk, brought if book.entries else None)
        if line is not None and line.cohort_id == cohort.pk:
            number, version = line.student_number, line.version_id
            rows.append(Enrolled(pk, line.uuid, line.person, number, version, line.starts, book))
    return sorted(rows, key=lambda row: row.number)


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting that was held: its day, and whether everybody has signed its record."""

    day: date
    signed: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One student's line."""

    enrolment: UUID
    person: Person
    number: str
    stage: Stage
    totals: Totals
    inducted: bool
    met: dict[str, Met]
    visits: int
    interrupted: bool

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def reached(self) -> bool:
        """Whether the counted minutes reach the stage's minimum."""
        return totals.to_go(self.totals.counted, self.stage.minimum_minutes) == 0


def marks(viewer: Viewer, cohort: Cohort, year: int, as_of: date, known_on: date) -> list[Mark]:
    """A line for every student of a cohort, in four queries."""
    rows = enrolled(viewer, cohort, known_on)
    stages = {stage.version_id: stage for stage in Stage.objects.filter(year=year)}
    of_placement = stage_of_placements(row.uuid for row in rows)
    return [
        _mark(row, stages[row.version], of_placement, as_of)
        for row in rows
        if row.version in stages
    ]


def stage_of_placements(enrolments: Iterable[UUID]) -> dict[str, str]:
    """The stage of every placement of some enrolments, all by UUID; a placement never changes it."""
    pairs = Placement.objects.filter(enrolment__uuid__in=list(enrolments)).order_by()
    return {
        str(placement): str(stage) for placement, stage in pairs.values_list("uuid", "stage__uuid")
    }


def _mark(row: Enrolled, stage: Stage, of_placement: dict[str, str], as_of: date) -> Mark:
    book, key = row.book, str(stage.uuid)
    here = {placement for placement, of_stage in of_placement.items() if of_stage == key}

    def held(fact: type[Induction | Meeting]) -> list[Entry]:
        entries = (
            [book.in_force(one) for one in book.standing(fact)]
            if fact is Meeting
            else book.all(fact)
        )
        return [
            one
            for one in entries
            if one.value["placement__uuid"] in here and one.about_from <= as_of
        ]

    met = {one.value["meeting_kind"]: _met(one, book) for one in held(Meeting)}
    visits = [one for one in held(Meeting) if one.value["meeting_kind"] not in KINDS]
    return Mark(
        row.uuid,
        row.person,
        row.number,
        stage,
        as_known.totals(book, as_of, of_placement).get(key, Totals()),
        bool(held(Induction)),
        {kind: met[kind] for kind in KINDS if kind in met},
        len(visits),
        interruptions.covering(spans(book), as_of) is not None,
    )


def spans(book: Book) -> list[interruptions.Span]:
    """The interruptions that a book holds, those taken back left out."""
    return [
        interruptions.Span(one.about_from, one.about_to)
        for one in book.standing(Interruption)
        if not one.value["cancelled"]
    ]


def _met(meeting: Entry, book: Book) -> Met:
    capacities = [one.value["capacity"] for one in book.signatures(meeting)]
    return Met(meeting.about_from, not meetings.unsigned(meeting.value["meeting_kind"], capacities))


COLUMNS = (
    "Student number", "Student", "Stage", "Needed, hours", "Band to, hours", "Confirmed, hours",
    "Brought forward, hours", "Adjusted, hours", "Counted, hours", "Minimum reached", "Simulated, hours",
    "Awaiting, hours", "Queried, hours", "Absent, hours", "Cancelled by the site, hours", "Made up, hours",
    "Site induction", "Initial meeting", "Initial signed by both", "Midway meeting", "Midway signed by both",
    "Final meeting", "Final signed by both", "Visits and three-way meetings", "Studies interrupted",
)  # fmt: skip


def cells(found: Sequence[Mark]) -> Iterator[Sequence[Any]]:
    """The rows of the file; hours to two decimals, each from its own whole minutes."""
    for mark in found:
        sums, stage = mark.totals, mark.stage
        met: list[Any] = []
        for kind in KINDS:
            one = mark.met.get(kind)
            met += [one.day, _yes(one.signed)] if one else [None, None]
        yield (
            mark.number, mark.name, str(stage), *map(_hours, (
                stage.minimum_minutes, stage.maximum_minutes, sums.clinical.confirmed,
                sums.brought_forward, sums.adjusted, sums.counted,
            )),
            _yes(mark.reached),
            *map(_hours, (
                sums.simulated_counted, sums.clinical.awaiting, sums.clinical.queried, sums.absent,
                sums.site_cancelled, sums.made_up,
            )),
            _yes(mark.inducted), *met, mark.visits, _yes(mark.interrupted),
        )  # fmt: skip


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
