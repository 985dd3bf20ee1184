"""The sessions of an exam with their circuits and examiners as they are written before the timetable, and what stops them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from logbooks.osces.timetable import exam as given
from logbooks.osces.timetable.exam import Position

LONGEST = {"session": 60, "site": 200, "circuit": 60}
MINUTES = range(241)
MOST_EXAMINERS = 2


@dataclass(frozen=True, slots=True)
class Circuit:
    """A ring of all places: minutes of pause between rounds, minutes after the session at which it starts, and who examines.

    `examiners` are the people at each marked station, in the order of the stations.
    """

    name: str
    pause: int
    after: int
    examiners: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, slots=True)
class Session:
    """Circuits that run at the same time at a site; `may_overrun` takes its end away."""

    name: str
    site: str
    start: datetime
    end: datetime
    circuits: tuple[Circuit, ...]
    may_overrun: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Every session of an exam."""

    sessions: tuple[Session, ...] = ()

    @property
    def examiners(self) -> list[UUID]:
        """Everybody who examines, each once."""
        found = (
            one
            for session in self.sessions
            for circuit in session.circuits
            for own in circuit.examiners
            for one in own
        )
        return list(dict.fromkeys(found))


def problems(plan: Plan, stations: Sequence[str], day: date) -> list[str]:
    """Why no timetable can be worked out, each in a sentence; `stations` are the names of the marked ones in order."""
    if not plan.sessions:
        return ["There is no session yet."]
    found = [
        f"There are {times} sessions called “{name}”. Give each a name of its own."
        for name, times in Counter(one.name for one in plan.sessions).items()
        if times > 1
    ]
    for session in plan.sessions:
        found += _of_session(session, day)
        for circuit in session.circuits:
            found += _of_circuit(session, circuit, stations)
    return found


def _of_session(session: Session, day: date) -> Iterator[str]:
    if session.end <= session.start:
        yield f"“{session.name}” is over before it starts."
    if {session.start.date(), session.end.date()} != {day}:
        yield f"“{session.name}” is not on the day of the exam. Save it again."
    if not session.circuits:
        yield f"“{session.name}” has no circuit."
    for name, times in Counter(one.name for one in session.circuits).items():
        if times > 1:
            yield f"“{session.name}” has {times} circuits called “{name}”."


def _of_circuit(session: Session, circuit: Circuit, stations: Sequence[str]) -> Iterator[str]:
    where = f"circuit {circuit.name} of {session.name}"
    for minutes in (circuit.pause, circuit.after):
        if minutes not in MINUTES:
            yield f"C{where[1:]} has {minutes} minutes; there can be 0 to {MINUTES[-1]}."
    for number, station in enumerate(stations):
        own = circuit.examiners[number] if number < len(circuit.examiners) else ()
        if not own:
            yield f"Nobody examines at {station} in {where}."
        elif len(own) > MOST_EXAMINERS:
            yield f"{len(own)} people examine at {station} in {where}; one or two can."
        elif len(set(own)) < len(own):
            yield f"One person is named twice at {station} in {where}."


def sessions(plan: Plan, places: Sequence[Position], change: int) -> tuple[given.Session, ...]:
    """The sessions as the timetable takes them; `places` are the positions of every circuit, `change` its minutes to change over."""
    return tuple(
        given.Session(
            one.name,
            one.site,
            one.start,
            one.end,
            tuple(_ring(circuit, places, change) for circuit in one.circuits),
            one.may_overrun,
        )
        for one in plan.sessions
    )


def _ring(circuit: Circuit, places: Sequence[Position], change: int) -> given.Circuit:
    own = iter(circuit.examiners)
    positions = tuple(
        given.Position(one.name, one.kind, one.minutes, tuple(map(str, next(own))))
        if one.kind is given.Kind.MARKED
        else one
        for one in places
    )
    return given.Circuit(circuit.name, positions, change, circuit.pause, circuit.after)


def from_canonical(text: str) -> Plan:
    """What `sealing.canonical` wrote; an empty text is a plan without sessions."""
    data: Mapping[str, Any] = json.loads(text) if text else {"sessions": []}
    return Plan(tuple(_session(one) for one in data["sessions"]))


def _session(data: Mapping[str, Any]) -> Session:
    circuits = tuple(
        Circuit(**{**one, "examiners": tuple(tuple(map(UUID, own)) for own in one["examiners"])})
        for one in data["circuits"]
    )
    times = {name: datetime.fromisoformat(data[name]) for name in ("start", "end")}
    return Session(**{**data, **times, "circuits": circuits})
