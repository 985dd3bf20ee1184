"""An exam as it is to be timetabled, and the timetable: sessions, circuits, positions, candidates, rounds and visits.

Sessions and stations are known by their names, circuits by theirs within a session, positions by their place in the
ring from 0, candidates and examiners by keys. Spans are whole minutes; every datetime is aware.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from logbooks.osces.analysis.marks import counted


class Kind(StrEnum):
    """What a position is for."""

    MARKED = "marked"
    PREPARATION = "preparation"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Position:
    """A place of a ring; a marked one has one or two examiners, others none."""

    name: str
    kind: Kind
    minutes: int
    examiners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circuit:
    """A ring of positions with the minutes of change-over in each slot and of the pause between rounds.

    after is how many minutes later than its session it may first start.
    """

    name: str
    positions: tuple[Position, ...]
    change: int = 0
    pause: int = 0
    after: int = 0

    def minutes(self, extra: int) -> int:
        """The time at a place in a round whose largest extra time is so many per cent."""
        return lengthened(max(one.minutes for one in self.positions), extra)

    def slot(self, extra: int) -> timedelta:
        """From one signal to the next, in a round of this extra time."""
        return timedelta(minutes=self.minutes(extra) + self.change)

    def round(self, extra: int) -> timedelta:
        """From the first signal of a round to its last change-over."""
        return len(self.positions) * self.slot(extra)

    def preparation(self, position: int) -> int | None:
        """The preparation station of a position, if it has one."""
        before = (position - 1) % len(self.positions)
        return before if self.positions[before].kind is Kind.PREPARATION else None

    def beginnings(self) -> list[int]:
        """The positions at which a candidate may begin: those without a preparation station."""
        places = range(len(self.positions))
        return [place for place in places if self.preparation(place) is None]

    def position_of(self, station: str) -> int:
        """Where a marked station stands. Raises ValueError when it does not."""
        return [(one.name, one.kind) for one in self.positions].index((station, Kind.MARKED))


@dataclass(frozen=True, slots=True)
class Session:
    """Circuits that run in parallel at a site; may_overrun takes its end away."""

    name: str
    site: str
    start: datetime
    end: datetime
    circuits: tuple[Circuit, ...]
    may_overrun: bool = False

    def first(self, circuit: Circuit) -> datetime:
        """When a circuit may first start."""
        return self.start + timedelta(minutes=circuit.after)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to be examined, with the sessions they can come to (none: any) and their needs.

    extra is in per cent; rests is the least number of rests; in_a_row the most marked stations with no rest
    between, 0 for any number; earliest the first moment at which they can begin.
    """

    key: str
    name: str
    sessions: tuple[str, ...] = ()
    extra: int = 0
    rests: int = 0
    in_a_row: int = 0
    earliest: datetime | None = None

    def can_come(self, session: Session) -> bool:
        """Whether they can come to a session."""
        return not self.sessions or session.name in self.sessions


@dataclass(frozen=True, slots=True)
class Examiner:
    """Somebody who examines."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Exam:
    """Everything that is given; conflicts are (examiner, candidate) who must not meet.

    anywhere are the examiners who may be allocated to several places at one time.
    """

    sessions: tuple[Session, ...]
    candidates: tuple[Candidate, ...]
    examiners: tuple[Examiner, ...] = ()
    conflicts: frozenset[tuple[str, str]] = frozenset()
    anywhere: frozenset[str] = frozenset()

    def circuits(self) -> list[tuple[Session, Circuit]]:
        """Every circuit with its session."""
        return [(session, circuit) for session in self.sessions for circuit in session.circuits]

    def ordered(self) -> "Exam":
        """The same exam, the same whatever the order in which it was given; positions keep theirs."""
        sessions = (
            replace(one, circuits=tuple(sorted(one.circuits, key=lambda c: counted(c.name))))
            for one in self.sessions
        )
        return replace(
            self,
            sessions=tuple(sorted(sessions, key=lambda s: (s.start, counted(s.name)))),
            candidates=tuple(sorted(self.candidates, key=lambda c: counted(c.key))),
            examiners=tuple(sorted(self.examiners, key=lambda e: counted(e.key))),
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """A candidate at a place; round counts from 1, and is 0 for a visit that was placed on the day."""

    candidate: str
    session: str
    circuit: str
    round: int
    position: int
    station: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a circuit as it was planned; slot is in minutes, extra in per cent."""

    session: str
    circuit: str
    number: int
    starts: datetime
    slot: int
    extra: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """Rounds and visits in order of time; moved is what re-planning changed, as (before, after).

    None before: it was not there; None after: it was taken out.
    """

    rounds: tuple[Round, ...]
    visits: tuple[Visit, ...]
    moved: tuple[tuple[Visit | None, Visit | None], ...] = ()


def lengthened(minutes: int, extra: int) -> int:
    """Minutes with so many per cent more, rounded up."""
    return -(-minutes * (100 + extra) // 100)


def moment(when: datetime) -> str:
    """A moment in words: 13:00 on 5 June."""
    return f"{when:%H:%M} on {when.day} {when:%B}"


def mistakes(exam: Exam) -> Iterator[str]:
    """What makes an exam meaningless, in sentences: it cannot be timetabled before this is put right."""
    circuits = exam.circuits()
    if not circuits:
        yield "There is no circuit."
    for what, names in (
        ("Session", [one.name for one in exam.sessions]),
        ("Candidate", [one.key for one in exam.candidates]),
        ("Examiner", [one.key for one in exam.examiners]),
        *((f"{s.name}: circuit", [one.name for one in s.circuits]) for s in exam.sessions),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{what} {name} is given {times} times."
    sessions = {one.name for one in exam.sessions}
    keys = {one.key for one in exam.candidates}
    examiners = {one.key for one in exam.examiners}
    for session in exam.sessions:
        if not session.start.tzinfo or not session.end.tzinfo:
            yield f"{session.name} has no time zone."
        elif session.end <= session.start:
            yield f"{session.name} is over before it starts."
    marked = {one.name for _, c in circuits for one in c.positions if one.kind is Kind.MARKED}
    for session, circuit in circuits:
        where = f"Circuit {circuit.name} of {session.name}"
        own = [one.name for one in circuit.positions if one.kind is Kind.MARKED]
        if sorted(own) != sorted(marked) or not own:
            yield f"{where} must have each marked station of the exam once."
        if min(circuit.change, circuit.pause, circuit.after) < 0:
            yield f"{where} has minutes below 0."
        for place, one in enumerate(circuit.positions):
            at = f"{one.name} in circuit {circuit.name} of {session.name}"
            if one.minutes < 1:
                yield f"{at} must last a minute or more."
            if len(set(one.examiners)) not in ((1, 2) if one.kind is Kind.MARKED else (0,)):
                yield f"{at} has {len(one.examiners)} examiners: a marked station has one or two, other positions none."
            if not examiners.issuperset(one.examiners):
                yield f"{at} has an examiner who is not in the exam."
            after = circuit.positions[(place + 1) % len(circuit.positions)]
            if one.kind is Kind.PREPARATION and after.kind is not Kind.MARKED:
                yield f"{at} is not directly before a marked station."
    for who in exam.candidates:
        if not sessions.issuperset(who.sessions):
            yield f"Candidate {who.name} can come to a session that is not in the exam."
        if min(who.extra, who.rests, who.in_a_row) < 0:
            yield f"Candidate {who.name} has needs below 0."
        if who.earliest and not who.earliest.tzinfo:
            yield f"Candidate {who.name} can begin at a time without a zone."
    for examiner, candidate in sorted(exam.conflicts):
        if examiner not in examiners or candidate not in keys:
            yield f"The conflict of {examiner} and {candidate} names somebody who is not in the exam."
