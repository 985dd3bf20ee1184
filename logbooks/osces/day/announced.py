"""The timetable of an exam as it was announced: what was given, what came of it, and who is where when.

Candidates and examiners are known by the UUIDs of their rows as text; a marked station is called as `station_name`
says, a preparation or a rest by its kind.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from logbooks.osces.timetable.changes import (
    Absent,
    Change,
    Delayed,
    ExaminerLost,
    Late,
    RoomLost,
)
from logbooks.osces.timetable.exam import (
    Candidate,
    Circuit,
    Exam,
    Examiner,
    Kind,
    Position,
    Round,
    Session,
    Timetable,
    Visit,
)


@dataclass(frozen=True, slots=True)
class Announced:
    """An exam as it was given, without names of people, its timetable, and what happened on the day and still holds."""

    exam: Exam
    timetable: Timetable
    changes: tuple[Change, ...] = ()

    def examiners_at(self, visit: Visit) -> tuple[str, ...]:
        """Who examines at the place of a visit."""
        return self.circuits()[visit.session, visit.circuit].positions[visit.position].examiners

    def circuits(self) -> dict[tuple[str, str], Circuit]:
        """Every circuit by its session and name."""
        return {(session.name, ring.name): ring for session, ring in self.exam.circuits()}

    def site_of(self, session: str) -> str:
        """Where a session is held."""
        return next(one.site for one in self.exam.sessions if one.name == session)

    def examined_by(self, examiner: UUID) -> list[Visit]:
        """The visits to marked stations at which somebody examines, in order of time."""
        key, circuits = str(examiner), self.circuits()
        return [
            visit
            for visit in self.timetable.visits
            if key in circuits[visit.session, visit.circuit].positions[visit.position].examiners
        ]

    def first(self, candidate: UUID) -> Visit | None:
        """Where and when a candidate begins."""
        key = str(candidate)
        return next((one for one in self.timetable.visits if one.candidate == key), None)

    def visit(self, candidate: UUID, station: str) -> Visit | None:
        """When a candidate is at a marked station."""
        key = str(candidate)
        own = (one for one in self.timetable.visits if one.candidate == key)
        return next((one for one in own if one.station == station), None)


def station_name(order: int, title: str) -> str:
    """What a marked station is called in a timetable: its number among the marked ones from 1, and its title."""
    return f"S{order} {title}"


def from_canonical(text: str) -> Announced:
    """What `sealing.canonical` wrote."""
    data: Mapping[str, Any] = json.loads(text)
    exam, timetable = data["exam"], data["timetable"]
    moved = [tuple(_visit(one) if one else None for one in pair) for pair in timetable["moved"]]
    return Announced(
        Exam(
            sessions=tuple(_session(one) for one in exam["sessions"]),
            candidates=tuple(_candidate(one) for one in exam["candidates"]),
            examiners=tuple(Examiner(**one) for one in exam["examiners"]),
            conflicts=frozenset(_pair(one) for one in exam["conflicts"]),
            anywhere=frozenset(exam["anywhere"]),
        ),
        Timetable(
            rounds=tuple(
                Round(**{**one, "starts": _at(one["starts"])}) for one in timetable["rounds"]
            ),
            visits=tuple(_visit(one) for one in timetable["visits"]),
            moved=tuple(moved),  # type: ignore[arg-type]
        ),
        tuple(_change(one) for one in data.get("changes", ())),
    )


def _session(data: Mapping[str, Any]) -> Session:
    circuits = tuple(
        Circuit(**{**one, "positions": tuple(_position(place) for place in one["positions"])})
        for one in data["circuits"]
    )
    times = {"start": _at(data["start"]), "end": _at(data["end"])}
    return Session(**{**data, **times, "circuits": circuits})


def _position(data: Mapping[str, Any]) -> Position:
    return Position(**{**data, "kind": Kind(data["kind"]), "examiners": tuple(data["examiners"])})


def _candidate(data: Mapping[str, Any]) -> Candidate:
    earliest = _at(data["earliest"]) if data["earliest"] else None
    return Candidate(**{**data, "sessions": tuple(data["sessions"]), "earliest": earliest})


def _visit(data: Mapping[str, Any]) -> Visit:
    return Visit(**{**data, "starts": _at(data["starts"]), "ends": _at(data["ends"])})


def _change(data: Mapping[str, Any]) -> Change:
    """A change, told from the others by what only it has."""
    times = {name: _at(data[name]) for name in ("arrives", "since", "reopens") if data.get(name)}
    said = {**data, **times}
    if "arrives" in said:
        return Late(**said)
    if "position" in said:
        return RoomLost(**said)
    if "examiner" in said:
        return ExaminerLost(**said)
    return Delayed(**said) if "minutes" in said else Absent(**said)


def _pair(pair: Sequence[str]) -> tuple[str, str]:
    examiner, candidate = pair
    return examiner, candidate


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
