"""What is wrong with a timetable: a check that shares nothing with the planning but the words of the exam."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from logbooks.osces.timetable.exam import (
    Candidate,
    Circuit,
    Exam,
    Kind,
    Position,
    Session,
    Timetable,
    Visit,
    moment,
)

Places = Mapping[tuple[str, str], tuple[Session, Circuit]]


def problems(exam: Exam, timetable: Timetable, absent: Collection[str] = ()) -> list[str]:
    """What is wrong, in sentences; none: every promise of a timetable is kept.

    absent are keys of candidates who did not come or went home: they need not meet every station. A rest is a
    visit to a rest position, or as long a time without a visit between two visits.
    """
    circuits = {(s.name, c.name): (s, c) for s in exam.sessions for c in s.circuits}
    candidates = {one.key: one for one in exam.candidates}
    unknown = [
        f"A visit at {moment(one.starts)} is of nobody or nowhere in the exam."
        for one in timetable.visits
        if one.candidate not in candidates
        or (one.session, one.circuit) not in circuits
        or not 0 <= one.position < len(circuits[one.session, one.circuit][1].positions)
        or circuits[one.session, one.circuit][1].positions[one.position].name != one.station
    ]
    if unknown:
        return unknown
    own: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(timetable.visits, key=lambda one: one.starts):
        own[visit.candidate].append(visit)
    found = list(_overlaps(exam, timetable, circuits))
    for visit in timetable.visits:
        found += _at(exam, visit, candidates[visit.candidate], circuits)
    for one in exam.candidates:
        if one.key not in absent:
            found += _stations(one, own[one.key], circuits)
            found += _rests(one, own[one.key], circuits)
        found += _prepared(one, own[one.key], circuits)
    return found


def _position(visit: Visit, circuits: Places) -> Position:
    return circuits[visit.session, visit.circuit][1].positions[visit.position]


def _overlaps(exam: Exam, timetable: Timetable, circuits: Places) -> Iterator[str]:
    """Candidates and examiners in two places at once, and places with two candidates at once."""
    names = {one.key: one.name for one in exam.examiners}
    people = {one.key: one.name for one in exam.candidates}
    lines: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(timetable.visits, key=lambda one: one.starts):
        lines[f"Candidate {people[visit.candidate]}"].append(visit)
        lines[f"{visit.station} in circuit {visit.circuit} of {visit.session}"].append(visit)
        for key in _position(visit, circuits).examiners:
            if key not in exam.anywhere:
                lines[f"Examiner {names[key]}"].append(visit)
    for name, visits in lines.items():
        for one, other in pairwise(visits):
            if other.starts < one.ends:
                yield f"{name} has two visits at {moment(other.starts)}."


def _at(exam: Exam, visit: Visit, one: Candidate, circuits: Places) -> Iterator[str]:
    """What is wrong with one visit by itself."""
    session, circuit = circuits[visit.session, visit.circuit]
    position = _position(visit, circuits)
    where = f"Candidate {one.name} at {visit.station} at {moment(visit.starts)}"
    for examiner in exam.examiners:
        if examiner.key in position.examiners and (examiner.key, one.key) in exam.conflicts:
            yield f"{where} meets examiner {examiner.name}."
    if (visit.ends - visit.starts) / timedelta(minutes=1) * 100 < position.minutes * (
        100 + one.extra
    ):
        yield f"{where} has too little time."
    if visit.starts < session.start + timedelta(minutes=circuit.after):
        yield f"{where} is before the circuit starts."
    if visit.ends > session.end and not session.may_overrun:
        yield f"{where} is not over when {session.name} is."
    if one.earliest and visit.starts < one.earliest:
        yield f"{where} begins before they can."
    if one.sessions and session.name not in one.sessions:
        yield f"{where} is in a session to which they cannot come."


def _stations(one: Candidate, visits: list[Visit], circuits: Places) -> Iterator[str]:
    """Marked stations that a candidate does not meet exactly once."""
    marked = {p.name for _, c in circuits.values() for p in c.positions if p.kind is Kind.MARKED}
    times = Counter(v.station for v in visits if _position(v, circuits).kind is Kind.MARKED)
    for station in sorted(marked):
        if times[station] != 1:
            yield f"Candidate {one.name} meets {station} {times[station]} times."


def _prepared(one: Candidate, visits: list[Visit], circuits: Places) -> Iterator[str]:
    """Stations of a candidate without their preparation station directly before."""
    before: Visit | None = None
    for visit in visits:
        ring = circuits[visit.session, visit.circuit][1].positions
        place = (visit.position - 1) % len(ring)
        if ring[place].kind is Kind.PREPARATION:
            needed = visit.session, visit.circuit, place
            if before is None or (before.session, before.circuit, before.position) != needed:
                yield f"Candidate {one.name} has not prepared directly before {visit.station}."
        before = visit


def _rests(one: Candidate, visits: list[Visit], circuits: Places) -> Iterator[str]:
    """Rests that a candidate needs and has not."""
    rests = row = most = 0
    before: Visit | None = None
    for visit in visits:
        ring = circuits[visit.session, visit.circuit][1].positions
        rest = max(p.minutes for p in ring) * (100 + one.extra)
        if before and (visit.starts - before.ends) / timedelta(minutes=1) * 100 >= rest:
            rests, row = rests + 1, 0
        kind = ring[visit.position].kind
        rests += kind is Kind.REST
        row = 0 if kind is Kind.REST else row + (kind is Kind.MARKED)
        most, before = max(most, row), visit
    if rests < one.rests:
        yield f"Candidate {one.name} has {rests} of {one.rests} rests."
    if one.in_a_row and most > one.in_a_row:
        yield f"Candidate {one.name} has {most} stations with no rest between, {one.in_a_row} at most."
