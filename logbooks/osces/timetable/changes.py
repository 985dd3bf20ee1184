"""What can happen on the day of an exam, each with its sentence."""

from dataclasses import dataclass
from datetime import datetime

from logbooks.osces.timetable.exam import Exam, moment


@dataclass(frozen=True, slots=True)
class Late:
    """A candidate arrives at a moment, and can begin then."""

    candidate: str
    arrives: datetime


@dataclass(frozen=True, slots=True)
class Absent:
    """A candidate does not come, or goes home."""

    candidate: str


@dataclass(frozen=True, slots=True)
class RoomLost:
    """A position has no room from a moment, until a spare room opens for it, if one does."""

    session: str
    circuit: str
    position: int
    since: datetime
    reopens: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExaminerLost:
    """An examiner cannot go on from a moment; a station with a second examiner goes on."""

    examiner: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Delayed:
    """Everything in a circuit that has not begun is so many minutes later."""

    session: str
    circuit: str
    minutes: int


Change = Late | Absent | RoomLost | ExaminerLost | Delayed


def sentence(exam: Exam, change: Change) -> str:
    """A change in words."""
    match change:
        case Late(key, arrives):
            return f"Candidate {_candidate(exam, key)} arrives at {moment(arrives)}."
        case Absent(key):
            return f"Candidate {_candidate(exam, key)} does not come."
        case RoomLost(session, circuit, position, since, reopens):
            until = f" to {moment(reopens)}" if reopens else ""
            ring = next(c for s, c in exam.circuits() if (s.name, c.name) == (session, circuit))
            place = ring.positions[position].name
            return f"{place} in circuit {circuit} of {session} has no room from {moment(since)}{until}."
        case ExaminerLost(key, since):
            name = next(one.name for one in exam.examiners if one.key == key)
            return f"Examiner {name} is not there from {moment(since)}."
        case Delayed(session, circuit, minutes):
            return f"Circuit {circuit} of {session} is delayed by {minutes} minutes."


def _candidate(exam: Exam, key: str) -> str:
    return next(one.name for one in exam.candidates if one.key == key)
