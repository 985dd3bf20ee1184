"""The competencies of a whole cohort: students by competencies with counts, in a number of queries that does not grow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from logbooks.competencies import map_queries, queries, stage_queries
from logbooks.competencies.map_queries import BESIDE, WAITING
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    SignOff,
    SignOffRequest,
)
from placements import policies as placing
from placements.models import Cohort, Enrolment
from placements.turnaround import WITHIN
from school.core import clock
from school.core.workingdays import working_days_between
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import Permission

State = CurrentCompetency.State
LATELY = timedelta(days=90)
SETTLED = (State.ACHIEVED, State.NOT_APPLICABLE)

# What is told with a request that waits beside it.
ACHIEVED_WAITS, REVOKED_WAITS = "achieved_waits", "revoked_waits"
WAITS: dict[str, str] = {State.ACHIEVED: ACHIEVED_WAITS, State.REVOKED: REVOKED_WAITS}
LOOKS = {**map_queries.LOOKS, **{WAITS[state]: look for state, look in BESIDE.items()}}

# How a state is told in one cell of the matrix.
LETTERS = {
    State.ACHIEVED: "A",
    ACHIEVED_WAITS: "A, W",
    WAITING: "W",
    State.RETURNED: "N",
    State.REVOKED: "R",
    REVOKED_WAITS: "R, W",
    State.NOT_APPLICABLE: "–",
    State.OPEN: "",
}
SORTS = {"name": "Name", "achieved": "Fewest achieved first"}


@dataclass(slots=True)
class Column:
    """A competency, the same in every version, and how many of those of whom it is asked have achieved it."""

    competency: Competency
    achieved: int = 0
    asked: int = 0


@dataclass(slots=True)
class Line:
    """A student with a state for each column; empty where their version does not have the competency."""

    enrolment: UUID
    person: Person
    name: str
    number: str
    states: list[str] = field(default_factory=list)
    # The stage that they are in and where it stands as a whole; empty before the first.
    stage: str = ""

    def count(self, *states: str) -> int:
        """How many competencies are in some states."""
        return sum(state in states for state in self.states)

    @property
    def achieved(self) -> int:
        """How many are achieved."""
        return self.count(State.ACHIEVED, ACHIEVED_WAITS)

    @property
    def asked(self) -> int:
        """How many are asked of the student."""
        return len(self.states) - self.count("", State.NOT_APPLICABLE)

    @property
    def waiting(self) -> int:
        """How many wait for an assessor, whatever the state beside it."""
        return self.count(WAITING, *WAITS.values())

    @property
    def back(self) -> int:
        """How many came back: returned or revoked."""
        return self.count(State.RETURNED, State.REVOKED, REVOKED_WAITS)


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How requests for sign-off were answered in the last 90 days, and what waits."""

    answered: int
    within: int
    waiting: int
    oldest: date | None


@dataclass(slots=True)
class Matrix:
    """A cohort's matrix."""

    columns: list[Column]
    lines: list[Line]
    turnaround: Turnaround

    @property
    def achieved(self) -> int:
        """How many are achieved by all together."""
        return sum(line.achieved for line in self.lines)

    @property
    def asked(self) -> int:
        """How many are asked of all together."""
        return sum(line.asked for line in self.lines)


def followed(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments of the students whom the viewer follows."""
    return placing.enrolments_with(viewer, Permission.FOLLOW_STUDENTS)


def cohorts(viewer: Viewer) -> QuerySet[Cohort]:
    """The cohorts with students whom the viewer follows, the newest first, each with their `number`."""
    theirs = followed(viewer).values("pk")
    return (
        Cohort.objects.filter(enrolments__in=theirs)
        .annotate(number=Count("enrolments", filter=Q(enrolments__in=theirs)))
        .select_related("programme")
        .order_by("-starts", "name")
    )


def matrix_of(viewer: Viewer, cohort: Cohort, sort: str = "name") -> Matrix:
    """The students of a cohort whom the viewer follows by the competencies of their versions; seven queries."""
    rows = list(
        followed(viewer)
        .filter(cohort=cohort)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    versions = queries.versions_of(rows)
    found = (
        Competency.objects.filter(version__in=set(versions.values()))
        .select_related("group")
        .order_by("-version__number", "position")
    )
    columns: dict[UUID, Column] = {}
    # The column of each competency, by its key: the newest version gives the words.
    places: dict[int, UUID] = {}
    of_version: dict[int, list[Competency]] = {}
    for one in found:
        columns.setdefault(one.identifier, Column(one))
        places[one.pk] = one.identifier
        of_version.setdefault(one.version_id, []).append(one)
    states: dict[int, dict[UUID, str]] = {}
    requests: dict[int, dict[UUID, int]] = {}
    settled: dict[int, set[int]] = {}
    current = CurrentCompetency.objects.filter(enrolment__in=rows).values_list(
        "enrolment", "competency", "state", "request"
    )
    for enrolment, competency, state, request in current.iterator():
        if competency in places:
            key, waits = places[competency], request is not None and state != State.NOT_APPLICABLE
            if waits:
                requests.setdefault(enrolment, {})[key] = request
            states.setdefault(enrolment, {})[key] = WAITS.get(state, WAITING) if waits else state
        if state in SETTLED:
            settled.setdefault(enrolment, set()).add(competency)
    every = {key: of_version.get(version, []) for key, version in versions.items()}
    stages = stage_queries.current_of(rows, every, settled)
    order = list(columns)
    lines = []
    waiting: list[int] = []
    for row in rows:
        own = states.get(row.pk, {})
        asked = {one.identifier for one in every.get(row.pk, ())}
        line = Line(row.uuid, row.person, row.person.name, row.student_number)
        line.stage = stages[row.pk].short if row.pk in stages else ""
        line.states = [own.get(key, State.OPEN.value) if key in asked else "" for key in order]
        lines.append(line)
        waiting += [pk for key, pk in requests.get(row.pk, {}).items() if key in asked]
        for key, state in zip(order, line.states, strict=True):
            column = columns[key]
            column.achieved += state in (State.ACHIEVED, ACHIEVED_WAITS)
            column.asked += state not in ("", State.NOT_APPLICABLE)
    if sort == "achieved":
        lines.sort(key=lambda line: (line.achieved, line.name))
    return Matrix(list(columns.values()), lines, turnaround_of(rows, waiting))


def turnaround_of(enrolments: Sequence[Enrolment], waiting: Sequence[int]) -> Turnaround:
    """How many requests of some students were answered within 5 working days, of those answered lately; two queries.

    `waiting` are the keys of the requests that wait.
    """
    signed = SignOff.objects.filter(
        enrolment__in=enrolments,
        request__isnull=False,
        entry__known_from__gte=clock.today() - LATELY,
    ).values_list("request__entry__known_from", "entry__known_from")
    waited = [working_days_between(asked, answered) for asked, answered in signed]
    found = SignOffRequest.objects.filter(pk__in=waiting)
    oldest = found.aggregate(oldest=Min("entry__known_from"))["oldest"]
    within = sum(days <= WITHIN for days in waited)
    return Turnaround(len(waited), within, len(waiting), oldest)


def heads(matrix: Matrix) -> list[str]:
    """The columns of the matrix as a file."""
    fixed = ["Student", "Student number", "Stage", "Achieved", "Asked", "Waiting", "Not yet or revoked"]  # fmt: skip
    return [*fixed, *(str(column.competency) for column in matrix.columns)]


def cells(matrix: Matrix) -> Iterator[Sequence[Any]]:
    """The rows of the matrix as a file: a state in words for each competency."""
    for line in matrix.lines:
        words = [LOOKS[state].word if state else None for state in line.states]
        yield [
            line.name,
            line.number,
            line.stage,
            line.achieved,
            line.asked,
            line.waiting,
            line.back,
            *words,
        ]
