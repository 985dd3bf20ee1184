"""Who can begin where: the rounds that may be run, and a matching of candidates to the starts in them.

Whether an exam has a timetable is decided here, exactly.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import add, ge, le
from typing import TypeVar

from logbooks.osces.timetable.exam import Candidate, Circuit, Exam, Kind, Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ring:
    """A circuit of a session for the search: begins are each candidate's starts as bits, none if it is not theirs.

    until is its end; if it may overrun, one so late that everybody is served in `enough` rounds.
    """

    session: Session
    circuit: Circuit
    begins: tuple[int, ...]
    until: datetime
    enough: int


@dataclass(frozen=True, slots=True)
class Run:
    """A round that may be run: ring, start and extra time."""

    ring: int
    start: datetime
    extra: int


Runs = tuple[Run, ...]


class Seats:
    """Candidates, numbered, and the starts that are open to them; sets of either are the bits of a number."""

    def __init__(self, exam: Exam) -> None:
        """Take in an ordered exam."""
        self.candidates = exam.candidates
        self.width = max(len(circuit.positions) for _, circuit in exam.circuits())
        latest = [one.earliest for one in exam.candidates if one.earliest]
        self.rings = []
        for session, circuit in exam.circuits():
            begins = tuple(_begins(exam, session, circuit, one) for one in exam.candidates)
            shapes = Counter(one for one in begins if one)
            enough = sum(-(-times // shape.bit_count()) for shape, times in shapes.items())
            until = session.end
            if session.may_overrun:
                most = max((one.extra for one in exam.candidates), default=0)
                each = circuit.round(most) + timedelta(minutes=circuit.pause)
                until = max([session.first(circuit), *latest]) + enough * each
            self.rings.append(Ring(session, circuit, begins, until, enough))
        self._able: dict[Run, int] = {}
        self._open: dict[tuple[int, int], int] = {}

    def able(self, run: Run) -> int:
        """Who may be in a round, its place aside."""
        if run not in self._able:
            self._able[run] = sum(
                1 << number
                for number, one in enumerate(self.candidates)
                if self.rings[run.ring].begins[number]
                and one.extra <= run.extra
                and (one.earliest is None or one.earliest <= run.start)
            )
        return self._able[run]

    def found(self) -> list[Runs] | None:
        """Rounds of each ring in which everybody has a place, or None when there are none.

        Where a choice does not seat everybody, a set of candidates with fewer starts than they are (Hall) is kept:
        no choice that gives them too few is tried again.
        """
        layouts = [self._layouts(number) for number in range(len(self.rings))]
        short: list[int] = []
        while (chosen := self._choice(layouts, short)) is not None:
            seated = self.seated([run for runs in chosen for run in runs])
            if isinstance(seated, dict):
                return chosen
            short.append(seated)
        return None

    def _choice(self, layouts: list[list[Runs]], short: list[int]) -> list[Runs] | None:
        """A layout of each ring with as many starts for each set of candidates as they are."""
        needs = [who.bit_count() for who in short]
        offers = [
            _best({self._offer(runs, short): runs for runs in reversed(ring)}) for ring in layouts
        ]
        most = [tuple(max(column) for column in zip(*own, strict=True)) for own in offers]
        sums: dict[tuple[int, ...], list[Runs]] = {tuple(0 for _ in short): []}
        for ring, own in enumerate(offers):
            later = zip(needs, *most[ring + 1 :], strict=True)
            rest = [need - sum(others) for need, *others in later]
            more: dict[tuple[int, ...], list[Runs]] = {}
            for had, chosen in sums.items():
                for offer, runs in own.items():
                    total = tuple(map(min, needs, map(add, had, offer)))
                    if all(map(ge, total, rest)):
                        more.setdefault(total, [*chosen, runs])
            sums = _best(more)
        return next(iter(sums.values()), None)

    def _offer(self, runs: Runs, short: list[int]) -> tuple[int, ...]:
        """How many starts rounds have for each set of candidates."""
        return tuple(
            sum(self._starts(run.ring, who & self.able(run)) for run in runs) for who in short
        )

    def _starts(self, ring: int, who: int) -> int:
        """How many starts of a ring are open to any of these candidates."""
        if (ring, who) not in self._open:
            begins = 0
            for number in _bits(who):
                begins |= self.rings[ring].begins[number]
            self._open[ring, who] = begins.bit_count()
        return self._open[ring, who]

    def _layouts(self, ring: int) -> list[Runs]:
        """Every choice of rounds that may be needed, each round as late as possible, most rounds first.

        A later round is open to no fewer candidates, so no other choice gives anybody more.
        """
        one = self.rings[ring]
        first, pause = one.session.first(one.circuit), timedelta(minutes=one.circuit.pause)
        extras = sorted(
            {c.extra for c, begins in zip(self.candidates, one.begins, strict=True) if begins}
        )
        if one.session.may_overrun:
            return [self.late(ring, extras[-1:] * one.enough)]
        whole: dict[tuple[int, ...], Runs] = {}
        states: dict[tuple[tuple[int, ...], datetime], Runs] = {((), one.until): ()}
        while states:
            longer: dict[tuple[tuple[int, ...], datetime], Runs] = {}
            for (kinds, until), runs in states.items():
                fits = False
                for extra in extras:
                    run = Run(ring, until - one.circuit.round(extra), extra)
                    if run.start >= first and (able := self.able(run)):
                        fits = True
                        key = tuple(sorted((*kinds, able), key=_size)), run.start - pause
                        longer.setdefault(key, (run, *runs))
                if not fits:
                    whole.setdefault(kinds, runs)
            states = longer
        best: list[tuple[int, ...]] = []
        for kinds in sorted(whole, key=lambda kinds: (-len(kinds), *map(_size, kinds))):
            if not any(_within(kinds, other) for other in best):
                best.append(kinds)
        return [whole[kinds] for kinds in best]

    def late(self, ring: int, extras: Sequence[int]) -> Runs:
        """Rounds of these extra times, in this order and as late as possible."""
        one, runs = self.rings[ring], []
        until = one.until
        for extra in reversed(extras):
            runs.append(Run(ring, until - one.circuit.round(extra), extra))
            until = runs[-1].start - timedelta(minutes=one.circuit.pause)
        return tuple(reversed(runs))

    def seated(self, runs: Sequence[Run]) -> dict[int, tuple[int, int]] | int:
        """Each candidate's (number of the run, start); else candidates with fewer starts than they are.

        A matching by augmenting paths, those with the fewest starts first.
        """
        open_ = [0] * len(self.candidates)
        for place, run in enumerate(runs):
            for number in _bits(self.able(run)):
                open_[number] |= self.rings[run.ring].begins[number] << place * self.width
        holder: dict[int, int] = {}
        held: dict[int, int] = {}
        taken = 0
        for number in sorted(range(len(open_)), key=lambda one: open_[one].bit_count()):
            seen, queue = 0, [number]
            wanted: dict[int, int] = {}
            for one in queue:
                if free := open_[one] & ~taken:
                    slot = (free & -free).bit_length() - 1
                    wanted[slot] = one
                    break
                fresh = open_[one] & ~seen
                seen |= fresh
                for slot in _bits(fresh):
                    wanted[slot] = one
                    queue.append(holder[slot])
            else:
                return sum(1 << one for one in queue)
            taken |= 1 << slot
            while True:
                one = wanted[slot]
                left = held.get(one)
                holder[slot], held[one] = one, slot
                if left is None:
                    break
                slot = left
        return {number: divmod(slot, self.width) for number, slot in held.items()}


def _begins(exam: Exam, session: Session, circuit: Circuit, one: Candidate) -> int:
    """The positions of a circuit at which a candidate may begin, as bits."""
    examiners = {examiner for place in circuit.positions for examiner in place.examiners}
    rests = sum(place.kind is Kind.REST for place in circuit.positions)
    if (
        not one.can_come(session)
        or rests < one.rests
        or any((examiner, one.key) in exam.conflicts for examiner in examiners)
    ):
        return 0
    return sum(
        1 << start
        for start in circuit.beginnings()
        if not one.in_a_row or _row(circuit, start) <= one.in_a_row
    )


def _row(circuit: Circuit, start: int) -> int:
    """The most marked stations with no rest between, going round from a start."""
    most = row = 0
    for place in (*circuit.positions[start:], *circuit.positions[:start]):
        row = 0 if place.kind is Kind.REST else row + (place.kind is Kind.MARKED)
        most = max(most, row)
    return most


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def _size(kind: int) -> tuple[int, int]:
    return -kind.bit_count(), kind


def _within(kinds: Sequence[int], other: Sequence[int]) -> bool:
    """Whether each round is open to no one but those of another choice's round."""
    return len(kinds) <= len(other) and not any(
        one & ~wide for one, wide in zip(kinds, other, strict=False)
    )


def _best(offers: dict[tuple[int, ...], T]) -> dict[tuple[int, ...], T]:
    """The offers to which no other is as good throughout, the best in sum first."""
    best: dict[tuple[int, ...], T] = {}
    for offer in sorted(offers, key=lambda one: (-sum(one), one)):
        if not any(all(map(le, offer, other)) for other in best):
            best[offer] = offers[offer]
    return best
