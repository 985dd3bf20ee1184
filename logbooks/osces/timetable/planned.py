"""Planning an exam: which rounds each circuit runs, at what pace, and who begins where in them.

A round of a circuit is everybody in it moving together once round the ring, at the pace of the largest extra time
among them. Rounds of a circuit do not overlap and keep its pause.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from logbooks.osces.timetable.constraints import Case, Impossible, doubles, irreducible
from logbooks.osces.timetable.exam import (
    Candidate,
    Exam,
    Round,
    Timetable,
    Visit,
    mistakes,
)
from logbooks.osces.timetable.seats import Run, Runs, Seats

EXACT = "Every choice of rounds was decided: no timetable keeps these together."


def planned(exam: Exam) -> Timetable | Impossible:
    """A timetable of the exam, or what cannot hold together; the same for any order of the input.

    Exact: whether there is a timetable at all; when there is none, that is proved. Examiners are claimed for
    the whole time of their circuit. Not always the least: rounds are left out, the latest first, then made
    quicker, then earlier, one by one as long as everybody keeps a place. Another choice may need fewer.
    Raises ValueError, in sentences, for an exam that means nothing.
    """
    if wrong := list(mistakes(exam)):
        raise ValueError("\n".join(wrong))
    exam = exam.ordered()
    found = _plan(exam)
    if found is None:
        blamed = irreducible(Case(exam), lambda case: _plan(case.exam) is not None)
        return Impossible(blamed, EXACT)
    seats, runs = found
    return _written(exam, seats, _tightened(seats, runs))


def _plan(exam: Exam) -> tuple[Seats, list[Runs]] | None:
    """Rounds in which everybody has a place, or None when there are none."""
    if any(doubles(exam)):
        return None
    seats = Seats(exam)
    runs = seats.found()
    return None if runs is None else (seats, runs)


def _tightened(seats: Seats, found: Sequence[Runs]) -> list[Run]:
    """Rounds left out, made quicker and made earlier, one at a time, as long as everybody has a place."""
    extras = [tuple(run.extra for run in runs) for runs in found]

    def tried(ring: int, own: tuple[int, ...]) -> bool:
        other = [*extras[:ring], own, *extras[ring + 1 :]]
        runs = [run for number, paces in enumerate(other) for run in seats.late(number, paces)]
        if isinstance(seats.seated(runs), dict):
            extras[ring] = own
            return True
        return False

    places = sorted((number, ring) for ring, own in enumerate(extras) for number in range(len(own)))
    for number, ring in reversed(places):
        tried(ring, extras[ring][:number] + extras[ring][number + 1 :])
    places = [(number, ring) for number, ring in places if number < len(extras[ring])]
    paces = sorted({one.extra for one in seats.candidates})
    for number, ring in places:
        own = extras[ring]
        any(tried(ring, (*own[:number], pace, *own[number + 1 :])) for pace in paces if pace < own[number])  # fmt: skip
    return _early(seats, {(n, ring): seats.late(ring, extras[ring])[n] for n, ring in places})


def _early(seats: Seats, runs: dict[tuple[int, int], Run]) -> list[Run]:
    """The same rounds, each as early as the pause and those in it allow."""
    moments = sorted({one.earliest for one in seats.candidates if one.earliest})
    for (number, ring), run in runs.items():
        circuit = seats.rings[ring].circuit
        soonest = seats.rings[ring].session.first(circuit)
        if number:
            before = runs[number - 1, ring]
            soonest = before.start + circuit.round(before.extra) + timedelta(minutes=circuit.pause)
        for start in (soonest, *(when for when in moments if soonest < when < run.start)):
            sooner = {**runs, (number, ring): Run(ring, start, run.extra)}
            if isinstance(seats.seated(list(sooner.values())), dict):
                runs = sooner
                break
    return sorted(runs.values(), key=lambda run: (run.start, run.ring))


def _written(exam: Exam, seats: Seats, runs: list[Run]) -> Timetable:
    """The rounds and visits of a choice of rounds that has a place for everybody."""
    seated = seats.seated(runs)
    assert isinstance(seated, dict)
    members: dict[int, list[tuple[Candidate, int]]] = defaultdict(list)
    for who, (place, start) in sorted(seated.items()):
        members[place].append((exam.candidates[who], start))
    rounds, visits, numbers = [], [], Counter[int]()
    for place, run in enumerate(runs):
        if not members[place]:
            continue
        ring = seats.rings[run.ring]
        session, circuit, positions = ring.session, ring.circuit, ring.circuit.positions
        numbers[run.ring] += 1
        extra = max(one.extra for one, _ in members[place])
        number, slot = numbers[run.ring], circuit.slot(extra)
        rounds.append(Round(session.name, circuit.name, number, run.start, slot // timedelta(minutes=1), extra))  # fmt: skip
        for one, start in members[place]:
            for step in range(len(positions)):
                at, begins = (start + step) % len(positions), run.start + step * slot
                ends = begins + timedelta(minutes=circuit.minutes(extra))
                visits.append(Visit(one.key, session.name, circuit.name, number, at, positions[at].name, begins, ends))  # fmt: skip
    visits.sort(key=lambda one: one.starts)
    return Timetable(tuple(rounds), tuple(visits))
