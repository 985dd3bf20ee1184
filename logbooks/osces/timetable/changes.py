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
    """A change in words. Raises LookupError when it is of something that is not in the exam."""
    candidates = {one.key: one.name for one in exam.candidates}
    match change:
        case Late(key, arrives):
            return f"Candidate {candidates[key]} arrives at {moment(arrives)}."
        case Absent(key):
            return f"Candidate {candidates[key]} does not come."
        case ExaminerLost(key, since):
            names = {one.key: one.name for one in exam.examiners}
            return f"Examiner {names[key]} is not there from {moment(since)}."
    circuits = {(session.name, circuit.name): circuit for session, circuit in exam.circuits()}
    circuit = circuits[change.session, change.circuit]
    where = f"circuit {circuit.name} of {change.session}"
    if isinstance(change, Delayed):
        return f"C{where[1:]} is delayed by {change.minutes} minutes."
    until = f" to {moment(change.reopens)}" if change.reopens else ""
    place = circuit.positions[change.position].name
    return f"{place} in {where} has no room from {moment(change.since)}{until}."
