"""The competencies of a whole cohort: students by competencies with counts, in a number of queries that does not grow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from logbooks.competencies import map_queries, queries, stage_queries
from logbooks.competencies.map_queries import BESIDE, WAITING
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    FrameworkVersion,
    SignOff,
)
from logbooks.competencies.pace import Pace
from placements import policies as placing
from placements import reference
from placements.models import Cohort, Enrolment, StageTally
from placements.turnaround import WITHIN
from school.core import clock
from school.core.compiled import compiled
from school.core.workingdays import working_days_between
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import Permission

State = CurrentCompetency.State
LATELY = timedelta(days=90)
# As plain words: a matrix compares thousands.
OPEN, NOT_APPLICABLE = State.OPEN.value, State.NOT_APPLICABLE.value

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
SORTS = {"name": "Name", "achieved": "Fewest achieved first", "behind": "Behind first"}


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
    # The newest year in which hours of theirs count; none before the first.
    pace: Pace | None = None

    @property
    def behind(self) -> bool:
        """Whether the competencies lag behind the hours."""
        return self.pace is not None and self.pace.behind

    def count(self, *states: str) -> int:
        """How many competencies are in some states."""
        return sum(self.states.count(state) for state in states)

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


class Worked(NamedTuple):
    """A year of a student, the minutes that count in it and how many it needs."""

    year: int
    minutes: int
    needed: int


@dataclass(frozen=True, slots=True)
class Told:
    """What was read of some students, by the keys of their enrolments: versions, what those ask, how states are told, hours.

    Competencies are known by the numbers of their identifiers.
    """

    versions: Mapping[int, FrameworkVersion]
    asked: Mapping[int, Mapping[int, Competency]]
    states: Mapping[int, Mapping[int, str]]
    worked: Mapping[int, Worked]
    turnaround: Turnaround


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

    @property
    def behind(self) -> int:
        """How many students are behind."""
        return sum(line.behind for line in self.lines)


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
    """The students of a cohort whom the viewer follows by the competencies of their versions; five queries."""
    rows = list(
        followed(viewer)
        .filter(cohort=cohort)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    keys = [row.pk for row in rows]
    versions = queries.frameworks_of(rows)
    asked = asked_of(versions)
    places = {one.pk: key for found in asked.values() for key, one in found.items()}
    theirs = {key: asked[version.pk] for key, version in versions.items()}
    states: dict[int, dict[int, str]] = {key: {} for key in keys}
    settled: dict[int, set[int]] = {key: set() for key in keys}
    waiting: list[date] = []
    for enrolment, competency, state, since in _current(enrolments=keys):
        place = places.get(competency)
        if place is not None:
            states[enrolment][place] = TELLS[state, since is not None]
            asked_of_them = place in theirs.get(enrolment, ())
            if since is not None and state != NOT_APPLICABLE and asked_of_them:
                waiting.append(since)
        if state in stage_queries.SETTLED:
            settled[enrolment].add(competency)
    tallies = stage_queries.tallies(keys)
    every = {key: list(own.values()) for key, own in theirs.items()}
    stages = stage_queries.current_of(tallies, every, settled)
    lines = {}
    for row in rows:
        line = Line(row.uuid, row.person, row.person.name, row.student_number)
        line.stage = stages[row.pk].short if row.pk in stages else ""
        lines[row.pk] = line
    found = Told(versions, asked, states, worked_of(tallies), turnaround_of(keys, waiting))
    return laid_out(lines, found, sort)


@compiled
def _current(enrolments: Any) -> QuerySet[CurrentCompetency, tuple[int, int, str, date | None]]:
    """Where the competencies of some students stand, each with the day since when it is asked for."""
    rows = CurrentCompetency.objects.filter(enrolment__in=enrolments)
    return rows.values_list("enrolment", "competency", "state", "request__entry__known_from")


def asked_of(versions: Mapping[int, FrameworkVersion]) -> dict[int, dict[int, Competency]]:
    """What the versions of some students ask, by version and by the number of the identifier, the newest version first.

    A number, since a matrix looks up thousands: a UUID takes several times as long.
    """
    newest = sorted(set(versions.values()), key=lambda version: -version.number)
    return {
        version.pk: {one.identifier.int: one for one in queries.kept_competencies(version)}
        for version in newest
    }


def told(state: str, waits: bool) -> str:
    """How a state is told, with a request that waits beside it or without; none waits for what does not apply."""
    return WAITS.get(state, WAITING) if waits and state != State.NOT_APPLICABLE else state


# The same, ready to be looked up.
TELLS = {(state, waits): told(state, waits) for state in State.values for waits in (False, True)}


def worked_of(tallies: Iterable[StageTally]) -> dict[int, Worked]:
    """The newest year in which hours of each of some students count, by the enrolment's key."""
    found: dict[int, Worked] = {}
    for row in tallies:
        stage, minutes = reference.stage(row.stage_id), stage_queries.counted(row)
        before = found.get(row.enrolment_id)
        if minutes > 0 and (before is None or before.year < stage.year):
            found[row.enrolment_id] = Worked(stage.year, minutes, stage.minimum_minutes)
    return found


def laid_out(lines: Mapping[int, Line], found: Told, sort: str) -> Matrix:
    """The matrix of some students, given by the keys of their enrolments, with what was read of them."""
    columns: dict[int, Column] = {}
    for own in found.asked.values():
        for key, one in own.items():
            columns.setdefault(key, Column(one))
    order = list(columns)
    for pk, line in lines.items():
        states = found.states.get(pk, {})
        theirs = found.asked[found.versions[pk].pk] if pk in found.versions else {}
        line.states = [states.get(key, OPEN) if key in theirs else "" for key in order]
        if pk in found.worked:
            line.pace = _pace(found.worked[pk], theirs, states)
    rows = list(lines.values())
    for column, shown in zip(
        columns.values(), zip(*(line.states for line in rows), strict=True), strict=False
    ):
        column.achieved = shown.count(State.ACHIEVED) + shown.count(ACHIEVED_WAITS)
        column.asked = len(shown) - shown.count("") - shown.count(State.NOT_APPLICABLE)
    if sort == "achieved":
        rows.sort(key=lambda line: (line.achieved, line.name))
    if sort == "behind":
        rows.sort(key=lambda line: (not line.behind, line.achieved, line.name))
    return Matrix(list(columns.values()), rows, found.turnaround)


def _pace(worked: Worked, asked: Mapping[int, Competency], states: Mapping[int, str]) -> Pace:
    found = [states.get(key, OPEN) for key, one in asked.items() if one.year == worked.year]
    return Pace(
        worked.year,
        found.count(State.ACHIEVED) + found.count(ACHIEVED_WAITS),
        len(found) - found.count(State.NOT_APPLICABLE),
        worked.minutes,
        worked.needed,
    )


def turnaround_of(enrolments: Sequence[int], waiting: Sequence[date]) -> Turnaround:
    """How many requests of some students were answered within 5 working days, of those answered lately; one query.

    `waiting` are the days since when requests wait.
    """
    # Grouped by the days: thousands of answers fall on a few.
    waited = [
        (working_days_between(asked, answered), number)
        for asked, answered, number in _answered(
            enrolments=enrolments, since=clock.today() - LATELY
        )
    ]
    within = sum(number for took, number in waited if took <= WITHIN)
    answered = sum(number for _, number in waited)
    return Turnaround(answered, within, len(waiting), min(waiting, default=None))


@compiled
def _answered(enrolments: Any, since: Any) -> QuerySet[SignOff, tuple[date, date, int]]:
    """When what was answered lately was asked and answered, and how often so."""
    signed = SignOff.objects.filter(
        enrolment__in=enrolments, request__isnull=False, entry__known_from__gte=since
    )
    found = signed.values_list("request__entry__known_from", "entry__known_from")
    return found.order_by().annotate(number=Count("pk"))


def heads(matrix: Matrix) -> list[str]:
    """The columns of the matrix as a file."""
    fixed = ["Student", "Student number", "Stage", "Achieved", "Asked", "Waiting", "Not yet or revoked", "Year", "Achieved in the year", "Asked in the year", "Hours that count", "Hours needed", "Behind"]  # fmt: skip
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
            *_paced(line.pace),
            *words,
        ]


def _paced(pace: Pace | None) -> Sequence[Any]:
    if pace is None:
        return [None] * 6
    behind = "yes" if pace.behind else "no"
    return [
        pace.year,
        pace.achieved,
        pace.asked,
        round(pace.minutes / 60, 2),
        round(pace.needed / 60, 2),
        behind,
    ]
