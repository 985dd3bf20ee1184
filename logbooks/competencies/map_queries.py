"""A student's map: every competency with where it stands, by group and year, and what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from logbooks.competencies import queries
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    FrameworkVersion,
    LogEntry,
    SignOff,
    SignOffRequest,
)
from placements.models import Enrolment, Placement
from school.core import clock
from school.core.compiled import compiled
from school.core.models import PrivateText

State = CurrentCompetency.State

WAITING = "waiting"
# How many of what can be asked for are named on the map.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: its word, the class of its cell, its shape, and its key among the states of all pages."""

    word: str
    cell: str
    shape: str
    key: str


LOOKS: Mapping[str, Look] = {
    State.ACHIEVED: Look("achieved", "c-done", "check", "achieved"),
    WAITING: Look("waiting for an assessor", "c-wait", "clock", "awaiting"),
    State.RETURNED: Look("not yet, with a next step", "c-retry", "diamond", "query"),
    State.REVOKED: Look("revoked", "c-retry", "cross", "rejected"),
    State.NOT_APPLICABLE: Look("not applicable", "c-na", "dash", "cancelled"),
    State.OPEN: Look("not yet", "c-not", "ring", "not_started"),
}
# What is told before a request that waits beside it.
BESIDE: Mapping[str, Look] = {
    State.ACHIEVED: replace(
        LOOKS[State.ACHIEVED], word="achieved; changed evidence waits for the assessor"
    ),
    State.REVOKED: replace(LOOKS[State.REVOKED], word="revoked; a request waits for an assessor"),
}


def told(state: str, *, waits: bool) -> str:
    """The state that is shown: a request that waits is told before what is open or came back as not yet."""
    return WAITING if waits and state in (State.OPEN, State.RETURNED) else state


@dataclass(slots=True)
class Cell:
    """A competency and where it stands for the student."""

    competency: Competency
    row: CurrentCompetency | None = None
    # How many standing log entries touch it.
    entries: int = 0
    # Its state as it is shown.
    state: str = field(init=False)

    def __post_init__(self) -> None:
        self.state = State.OPEN
        if self.row is not None:
            self.state = told(self.row.state, waits=self.request is not None)

    @property
    def request(self) -> SignOffRequest | None:
        """The request that waits for an answer."""
        if self.row is None or self.row.state == State.NOT_APPLICABLE:
            return None
        return self.row.request

    @property
    def sign_off(self) -> SignOff | None:
        """The newest sign-off, which a map has read only for what came back."""
        return self.row.sign_off if self.row else None

    @property
    def look(self) -> Look:
        """How it is shown."""
        return LOOKS[self.state]

    @property
    def said(self) -> str:
        """Its state in words."""
        looks = BESIDE if self.request and self.state in BESIDE else LOOKS
        return looks[self.state].word


@dataclass(slots=True)
class Year:
    """The competencies of a group in one year."""

    year: int | None
    cells: list[Cell] = field(default_factory=list)

    @property
    def achieved(self) -> int:
        """How many are achieved."""
        return sum(cell.state == State.ACHIEVED for cell in self.cells)

    @property
    def asked(self) -> int:
        """How many are asked of the student."""
        return sum(cell.state != State.NOT_APPLICABLE for cell in self.cells)


@dataclass(slots=True)
class Group:
    """A group of the framework with its competencies by year."""

    title: str
    years: list[Year]


@dataclass(slots=True)
class Map:
    """A student's whole map."""

    version: FrameworkVersion
    years: list[int | None]
    groups: list[Group]
    cells: list[Cell]
    # The year of the student's newest placement that has begun.
    now: int | None
    next_steps: dict[int, str] = field(default_factory=dict)

    def of(self, *states: str) -> list[Cell]:
        """The cells in some states, in the framework's order."""
        return [cell for cell in self.cells if cell.state in states]

    @property
    def achieved(self) -> int:
        """How many are achieved."""
        return len(self.of(State.ACHIEVED))

    @property
    def asked(self) -> int:
        """How many are asked of the student: all but what does not apply."""
        return len(self.cells) - len(self.of(State.NOT_APPLICABLE))

    @property
    def waiting(self) -> list[Cell]:
        """What waits for an assessor, whatever the state beside it."""
        return [cell for cell in self.cells if cell.request]

    @property
    def back(self) -> list[Cell]:
        """What came back and waits for the student: returned or revoked."""
        return self.of(State.RETURNED, State.REVOKED)

    @property
    def can_ask(self) -> list[Cell]:
        """What has examinations logged and was not asked for yet: this year's and earlier ones first."""
        found = [cell for cell in self.of(State.OPEN) if cell.entries]
        return sorted(found, key=lambda cell: (_later(cell, self.now), -cell.entries))[:SHOWN]

    def next_step(self, cell: Cell) -> str:
        """What the assessor said to do next."""
        return self.next_steps.get(cell.sign_off.pk, "") if cell.sign_off else ""


def _later(cell: Cell, now: int | None) -> bool:
    year = cell.competency.year
    return year is not None and now is not None and year > now


def cells_of(enrolment: Enrolment, version: FrameworkVersion) -> list[Cell]:
    """The competencies of a version with where each stands for a student, and with the requests that wait; two queries."""
    rows = {row.competency_id: row for row in _current(enrolment=enrolment.pk)}
    asked = [row.request_id for row in rows.values() if row.request_id]
    requests = {row.pk: row for row in _waiting(requests=asked)}
    for row in rows.values():
        row.request = requests.get(row.request_id)
    return [Cell(one, rows.get(one.pk)) for one in queries.kept_competencies(version)]


@compiled
def _current(enrolment: Any) -> QuerySet[CurrentCompetency]:
    return CurrentCompetency.objects.filter(enrolment=enrolment)


@compiled
def _waiting(requests: Any) -> QuerySet[SignOffRequest]:
    """Requests with what a map says of them."""
    rows = SignOffRequest.objects.filter(pk__in=requests).select_related("entry", "assessor")
    return rows.only("because", "entry__uuid", "entry__known_from", "assessor__name")


def map_of(enrolment: Enrolment) -> Map | None:
    """The map of a student, in at most seven queries; None while the programme has no framework."""
    version = queries.version_of(enrolment)
    if version is None:
        return None
    cells = cells_of(enrolment, version)
    touched = touched_by(enrolment)
    for cell in cells:
        cell.entries = touched.get(cell.competency.code, 0)
    years = sorted({cell.competency.year for cell in cells}, key=lambda year: (year is None, year))
    begun = _begun(enrolment=enrolment.pk, day=clock.today())
    found = Map(
        version=version,
        years=years,
        groups=_groups(cells, years),
        cells=cells,
        now=next(iter(begun), None),
    )
    _read_answers(found)
    return found


@compiled
def _begun(enrolment: Any, day: Any) -> QuerySet[Placement, int]:
    """The year of a student's newest placement that has begun."""
    rows = Placement.objects.filter(enrolment=enrolment, starts__lte=day)
    return rows.order_by("-starts").values_list("stage__year", flat=True)[:1]


def _read_answers(found: Map) -> None:
    """Brings what was signed of the cells that came back, each with its next step."""
    rows = [cell.row for cell in found.back if cell.row]
    if not rows:
        return
    steps = PrivateText.objects.filter(entry=OuterRef("pk"), name="next_step").values("text")
    signs = (
        SignOff.objects.select_related("entry", "person")
        .annotate(step=Subquery(steps))
        .in_bulk([row.sign_off_id for row in rows])
    )
    for row in rows:
        row.sign_off = signs[row.sign_off_id]
        found.next_steps[row.sign_off.pk] = row.sign_off.step or ""  # type: ignore[union-attr]


def touched_by(enrolment: Enrolment) -> dict[str, int]:
    """How many standing log entries touch each competency, by its code."""
    found: dict[str, int] = {}
    for codes in _touched(enrolment=enrolment.pk):
        for code in codes.splitlines():
            found[code] = found.get(code, 0) + 1
    return found


@compiled
def _touched(enrolment: Any) -> QuerySet[LogEntry, str]:
    rows = LogEntry.objects.standing().filter(enrolment=enrolment, withdrawn=False)
    return rows.values_list("touched", flat=True)


def _groups(cells: Iterable[Cell], years: Iterable[int | None]) -> list[Group]:
    order = list(years)
    found: dict[int, Group] = {}
    for cell in cells:
        group = cell.competency.group
        if group.pk not in found:
            found[group.pk] = Group(f"{group.code}. {group.title}", [Year(year) for year in order])
        found[group.pk].years[order.index(cell.competency.year)].cells.append(cell)
    return list(found.values())
