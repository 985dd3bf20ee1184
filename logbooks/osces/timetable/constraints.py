"""What an exam asks for, as named things that can be taken away one by one, and which of them cannot hold together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import combinations
from typing import Any

from logbooks.osces.timetable.changes import Change, sentence
from logbooks.osces.timetable.exam import Candidate, Circuit, Exam, Session, moment


@dataclass(frozen=True, slots=True)
class Case:
    """An exam, and what happened on the day."""

    exam: Exam
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that must hold, in a sentence; without gives the case in which it need not."""

    words: str
    without: Callable[[Case], Case] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Impossible:
    """Constraints that cannot hold together: without any one of them, the others can.

    So no smaller part of them is to blame; another such set may exist. note says how far the search went.
    """

    constraints: tuple[Constraint, ...]
    note: str


def irreducible(case: Case, possible: Callable[[Case], bool]) -> tuple[Constraint, ...]:
    """The constraints left of an impossible case when each that it stays impossible without was taken away.

    Passes are repeated until one takes nothing away, so that it holds for any `possible`, exact or not.
    """
    kept, before = list(constraints(case)), -1
    while len(kept) != before:
        before = len(kept)
        for one in list(kept):
            less = one.without(case)
            if not possible(less):
                case = less
                kept.remove(one)
    return tuple(kept)


def constraints(case: Case) -> Iterator[Constraint]:
    """Everything that can be taken away, those that speak of one candidate first."""
    exam, examiners = case.exam, {one.key: one.name for one in case.exam.examiners}
    names = {one.key: one.name for one in exam.candidates}
    for one in exam.candidates:
        for words, needs in _needs(one):
            yield Constraint(
                f"Candidate {one.name} {words}.", partial(_candidate, key=one.key, needs=needs)
            )
    for pair in sorted(exam.conflicts):
        examiner, candidate = pair
        yield Constraint(
            f"Candidate {names[candidate]} cannot meet examiner {examiners[examiner]}.",
            partial(_conflict, pair=pair),
        )
    for examiner, words in doubles(exam):
        yield Constraint(words, partial(_anywhere, examiner=examiner))
    for session in exam.sessions:
        if not session.may_overrun:
            words = _over(session, len(exam.candidates))
            yield Constraint(words, partial(_overrun, name=session.name))
    for change in case.changes:
        yield Constraint(sentence(exam, change), partial(_change, change=change))


def _needs(one: Candidate) -> Iterator[tuple[str, dict[str, Any]]]:
    if one.sessions:
        yield f"can come to {' or '.join(sorted(one.sessions))} only", {"sessions": ()}
    if one.extra:
        yield f"has {one.extra} % extra time", {"extra": 0}
    if one.rests:
        yield f"needs {one.rests} {'rest' if one.rests == 1 else 'rests'}", {"rests": 0}
    if one.in_a_row:
        stations = "station" if one.in_a_row == 1 else "stations"
        yield f"needs a rest after {one.in_a_row} {stations}", {"in_a_row": 0}
    if one.earliest:
        yield f"cannot begin before {moment(one.earliest)}", {"earliest": None}


def _over(session: Session, candidates: int) -> str:
    parts, seats = [], 0
    for circuit in session.circuits:
        rounds = _most_rounds(session, circuit)
        seats += rounds * len(circuit.beginnings())
        parts.append(
            f"circuit {circuit.name} has {len(circuit.positions)} positions, {len(circuit.beginnings())} to begin at, so it holds at most {rounds} {'round' if rounds == 1 else 'rounds'}"
        )
    return f"{session.name} is over by {moment(session.end)}: {'; '.join(parts)}. They have at most {seats} places, for {candidates} candidates."


def _most_rounds(session: Session, circuit: Circuit) -> int:
    pause = timedelta(minutes=circuit.pause)
    free = session.end - session.first(circuit)
    return max(0, (free + pause) // (circuit.round(0) + pause))


def doubles(exam: Exam) -> Iterator[tuple[str, str]]:
    """Examiners who are allocated to two places at one time, with a sentence that names the places.

    A circuit claims its examiners from when it may first start to the end of its session.
    """
    for examiner in exam.examiners:
        if examiner.key in exam.anywhere:
            continue
        places = [
            (session.first(circuit), session.end, f"{one.name} in circuit {circuit.name} of {session.name}")
            for session, circuit in exam.circuits()
            for one in circuit.positions
            if examiner.key in one.examiners
        ]  # fmt: skip
        together = {
            place
            for one, other in combinations(places, 2)
            if one[0] < other[1] and other[0] < one[1]
            for place in (one[2], other[2])
        }
        if together:
            where = " and ".join(place for *_, place in places if place in together)
            yield (
                examiner.key,
                f"Examiner {examiner.name} can be in one place at a time, not at {where}.",
            )


def _candidate(case: Case, key: str, needs: dict[str, Any]) -> Case:
    candidates = (replace(c, **needs) if c.key == key else c for c in case.exam.candidates)
    return replace(case, exam=replace(case.exam, candidates=tuple(candidates)))


def _conflict(case: Case, pair: tuple[str, str]) -> Case:
    return replace(case, exam=replace(case.exam, conflicts=case.exam.conflicts - {pair}))


def _anywhere(case: Case, examiner: str) -> Case:
    return replace(case, exam=replace(case.exam, anywhere=case.exam.anywhere | {examiner}))


def _overrun(case: Case, name: str) -> Case:
    sessions = (replace(s, may_overrun=True) if s.name == name else s for s in case.exam.sessions)
    return replace(case, exam=replace(case.exam, sessions=tuple(sessions)))


def _change(case: Case, change: Change) -> Case:
    return replace(case, changes=tuple(one for one in case.changes if one != change))
