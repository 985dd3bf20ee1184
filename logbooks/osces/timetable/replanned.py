"""Planning again on the day of an exam, for what has not begun."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from logbooks.osces.timetable.changes import (
    Absent,
    Change,
    Delayed,
    ExaminerLost,
    Late,
    RoomLost,
    sentence,
)
from logbooks.osces.timetable.constraints import Case, Impossible, irreducible
from logbooks.osces.timetable.exam import (
    Candidate,
    Circuit,
    Exam,
    Kind,
    Position,
    Session,
    Timetable,
    Visit,
    lengthened,
)

GREEDY = (
    "Visits were placed one after another, each at its earliest time. Other orders were not tried."
)
Unit = tuple[Visit, ...]  # a visit, or a preparation station and the station that it prepares for


def replanned(
    exam: Exam, timetable: Timetable, now: datetime, changes: Iterable[Change]
) -> Timetable | Impossible:
    """The timetable from now on, or what could not be held together.

    A visit that began at or before now stays as it is, and counts as met. One that can be kept, stays, later if
    its circuit is delayed. Others go, in order of time, to the earliest free time at the same station: in their
    session or else in another that the candidate can come to, at a signal of a running round or outside of rounds.
    A preparation station moves with its station and is met again. A rest that is lost is free time, and owed.
    A change that still holds is to be handed in at each re-planning, a delay once.
    Not exact: see the note of Impossible. Raises LookupError for a change of something that is not in the exam.
    """
    case = Case(exam.ordered(), tuple(sorted(changes, key=lambda one: sentence(exam, one))))
    found = _Day(case, timetable, now).planned()
    if found is None:
        blamed = irreducible(case, lambda less: _Day(less, timetable, now).planned() is not None)
        return Impossible(blamed, GREEDY)
    return found


class _Day:
    """What is known now, and the visits that stand so far, by everybody and every place that they keep busy."""

    def __init__(self, case: Case, timetable: Timetable, now: datetime) -> None:
        """Take in what happened."""
        self.exam, self.timetable, self.now = case.exam, timetable, now
        self.circuits = {(s.name, c.name): (s, c) for s, c in self.exam.circuits()}
        self.candidates = {one.key: one for one in self.exam.candidates}
        self.absent = {one.candidate for one in case.changes if isinstance(one, Absent)}
        self.arrives = {one.key: [one.earliest or now] for one in self.exam.candidates}
        self.delays: dict[tuple[str, str], timedelta] = defaultdict(timedelta)
        self.rooms = [one for one in case.changes if isinstance(one, RoomLost)]
        self.lost: dict[str, datetime] = {}
        for change in case.changes:
            match change:
                case Late(key, arrives):
                    self.arrives[key].append(arrives)
                case Delayed(session, circuit, minutes):
                    self.delays[session, circuit] += timedelta(minutes=minutes)
                case ExaminerLost(key, since):
                    self.lost[key] = min(since, self.lost.get(key, since))
        self.busy: dict[object, list[Visit]] = defaultdict(list)
        self.signals: dict[tuple[str, str, int], list[Visit]] = defaultdict(list)

    def planned(self) -> Timetable | None:
        """The rest of the day, or None when a visit finds no time."""
        became: dict[Visit, Visit | None] = {}
        waiting: list[tuple[Unit, Unit]] = []
        for visit in self.timetable.visits:
            if visit.round:
                place = visit.session, visit.circuit, visit.round
                self.signals[place].append(self._delayed(visit))
            if visit.starts <= self.now:
                self._take((visit,))
        for unit in self._units():
            later = tuple(self._delayed(visit) for visit in unit)
            became.update(dict.fromkeys(unit))
            if unit[0].candidate in self.absent:
                continue
            if self._stands(later):
                became.update(zip(unit, later, strict=True))
                self._take(later)
            elif self._position(unit[-1]).kind is Kind.MARKED:
                waiting.append((unit, later))
        waiting += self._given_up(became, Counter(unit[0].candidate for unit, _ in waiting))
        waiting.sort(key=lambda pair: pair[1][0].starts)
        moved: list[tuple[Visit | None, Visit | None]] = []
        for number, (unit, _) in enumerate(waiting):
            key = unit[0].candidate
            left = sum(other[0].candidate == key for other, _ in waiting[number + 1 :])
            placed = self._placed(unit[-1], self.candidates[key], left)
            if placed is None:
                return None
            self._take(placed)
            became.update(zip(reversed(unit), reversed(placed), strict=False))
            moved += [(None, visit) for visit in placed[: -len(unit)]]
        moved += [(before, after) for before, after in became.items() if before != after]
        past = [visit for visit in self.timetable.visits if visit.starts <= self.now]
        fresh = [visit for _, visit in moved if visit]
        kept = [visit for visit, after in became.items() if visit == after]
        return Timetable(
            tuple(
                replace(one, starts=one.starts + self.delays[one.session, one.circuit])
                if one.starts > self.now and (one.session, one.circuit) in self.delays
                else one
                for one in self.timetable.rounds
            ),
            tuple(sorted([*past, *kept, *fresh], key=lambda visit: visit.starts)),
            tuple(sorted(moved, key=lambda pair: [one.starts for one in pair if one])),
        )

    def _delayed(self, visit: Visit) -> Visit:
        delay = self.delays.get((visit.session, visit.circuit))
        if not delay or visit.starts <= self.now:
            return visit
        return replace(visit, starts=visit.starts + delay, ends=visit.ends + delay)

    def _position(self, visit: Visit) -> Position:
        return self.circuits[visit.session, visit.circuit][1].positions[visit.position]

    def _prepares(self, visit: Visit, after: Visit) -> bool:
        """Whether a visit is to the preparation station of another."""
        _, circuit = self.circuits[after.session, after.circuit]
        place = visit.session, visit.circuit, visit.position
        return place == (after.session, after.circuit, circuit.preparation(after.position))

    def _units(self) -> list[Unit]:
        """What has not begun, in order of time."""
        units: list[Unit] = []
        last: dict[str, int] = {}
        for visit in self.timetable.visits:
            if visit.starts > self.now:
                place = last.get(visit.candidate)
                if place is not None and self._prepares(units[place][-1], visit):
                    units[place] += (visit,)
                else:
                    last[visit.candidate] = len(units)
                    units.append((visit,))
        return units

    def _given_up(
        self, became: dict[Visit, Visit | None], waiting: Counter[str]
    ) -> Iterator[tuple[Unit, Unit]]:
        """The last stations of candidates who are owed more rests than they have stations to place."""
        for unit in reversed(self._units()):
            one = self.candidates[unit[0].candidate]
            later = tuple(visit for old in unit if (visit := became[old]))
            if (
                later
                and self._position(unit[-1]).kind is Kind.MARKED
                and self._rests(one, self.busy[one.key])[0] + waiting[one.key] < one.rests
            ):
                for visit in later:
                    for line in self._lines(visit):
                        self.busy[line].remove(visit)
                became.update(dict.fromkeys(unit))
                waiting[one.key] += 1
                yield unit, later

    def _lines(self, visit: Visit) -> list[object]:
        """Whatever can be in one visit at a time: the candidate, the place and the examiners."""
        examiners = [("examiner", one) for one in self._position(visit).examiners if one not in self.exam.anywhere]  # fmt: skip
        return [visit.candidate, (visit.session, visit.circuit, visit.position), *examiners]

    def _take(self, unit: Unit) -> None:
        for visit in unit:
            for line in self._lines(visit):
                self.busy[line].append(visit)

    def _stands(self, unit: Unit, change: timedelta = timedelta(0)) -> bool:
        """Whether everybody and the places are there and free, with so much time between visits."""
        one = self.candidates[unit[0].candidate]
        session, _ = self.circuits[unit[0].session, unit[0].circuit]
        return (
            unit[0].starts >= max(self.arrives[one.key])
            and (session.may_overrun or unit[-1].ends <= session.end)
            and all(self._open(visit) for visit in unit)
            and not any(
                visit.starts < other.ends + change and other.starts < visit.ends + change
                for visit in unit
                for line in self._lines(visit)
                for other in self.busy[line]
            )
            and self._in_order(one, [*self.busy[one.key], *unit])
        )

    def _open(self, visit: Visit) -> bool:
        """Whether the place of a visit has a room and an examiner throughout."""
        examiners = self._position(visit).examiners
        place = visit.session, visit.circuit, visit.position
        return (
            not examiners
            or any(who not in self.lost or visit.ends <= self.lost[who] for who in examiners)
        ) and not any(
            (one.session, one.circuit, one.position) == place
            and visit.ends > one.since
            and (one.reopens is None or visit.starts < one.reopens)
            for one in self.rooms
        )

    def _in_order(self, one: Candidate, visits: list[Visit]) -> bool:
        """Whether stations come directly after their preparation, and no more in a row than may."""
        before: Visit | None = None
        for visit in sorted(visits, key=lambda visit: visit.starts):
            _, circuit = self.circuits[visit.session, visit.circuit]
            if circuit.preparation(visit.position) is not None and not (
                before and self._prepares(before, visit)
            ):
                return False
            before = visit
        return not one.in_a_row or self._rests(one, visits)[1] <= one.in_a_row

    def _rests(self, one: Candidate, visits: Iterable[Visit]) -> tuple[int, int]:
        """How many rests a candidate has, and the most marked stations with none between."""
        rests = row = most = 0
        ended: datetime | None = None
        for visit in sorted(visits, key=lambda visit: visit.starts):
            kind = self._position(visit).kind
            _, circuit = self.circuits[visit.session, visit.circuit]
            if ended and visit.starts - ended >= timedelta(minutes=circuit.minutes(one.extra)):
                rests, row = rests + 1, 0
            rests += kind is Kind.REST
            row = 0 if kind is Kind.REST else row + (kind is Kind.MARKED)
            most, ended = max(most, row), visit.ends
        return rests, most

    def _placed(self, lost: Visit, one: Candidate, left: int) -> Unit | None:
        """The earliest visit to the station of one that was lost; left are those still to place after it."""
        open_ = [place for place in self.circuits.values() if one.can_come(place[0])]
        for own in (True, False):
            found = [
                unit
                for session, circuit in open_
                if (session.name == lost.session) is own
                and (unit := self._first(session, circuit, lost.station, one, left))
            ]
            if found:
                return min(found, key=lambda unit: unit[0].starts)
        return None

    def _first(
        self, session: Session, circuit: Circuit, station: str, one: Candidate, left: int
    ) -> Unit | None:
        """The earliest visit to a station in a circuit."""
        position = circuit.position_of(station)
        if any((who, one.key) in self.exam.conflicts for who in circuit.positions[position].examiners):  # fmt: skip
            return None
        prepared = circuit.preparation(position)
        change = timedelta(minutes=circuit.change)
        places = [position] if prepared is None else [prepared, position]

        def unit(starts: datetime) -> Unit:
            visits = []
            for place in places:
                own = circuit.positions[place]
                ends = starts + timedelta(minutes=lengthened(own.minutes, one.extra))
                visits.append(Visit(one.key, session.name, circuit.name, 0, place, own.name, starts, ends))  # fmt: skip
                starts = ends + change
            return tuple(visits)

        for starts in self._times(session, circuit, unit(self.now), change):
            visits = unit(starts)
            if self._stands(visits, change):
                rests, _ = self._rests(one, [*self.busy[one.key], *visits])
                if rests + left >= one.rests:
                    return visits
        return None

    def _times(
        self, session: Session, circuit: Circuit, unit: Unit, change: timedelta
    ) -> list[datetime]:
        """Every time at which a unit may begin that could be its earliest, in order."""
        one = self.candidates[unit[0].candidate]
        place = session.name, circuit.name
        next_ = self.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        soonest = max(
            next_,
            session.first(circuit),
            self.now + self.delays.get(place, timedelta(0)),
            *self.arrives[one.key],
        )
        rounds = [
            ({visit.starts for visit in visits}, max(visit.ends for visit in visits))
            for key, visits in self.signals.items()
            if key[:2] == place
        ]
        times = {soonest}.union(*(signals | {ends} for signals, ends in rounds))
        times |= {room.reopens for room in self.rooms if room.reopens}
        for visit in unit:
            times |= {
                other.ends + change for line in self._lines(visit) for other in self.busy[line]
            }
        rest = timedelta(minutes=circuit.minutes(one.extra))
        times |= {visit.ends + rest for visit in self.busy[one.key]}
        times |= {when - (unit[-1].starts - unit[0].starts) for when in times}
        return sorted(
            when
            for when in times
            if when >= soonest
            and all(when in signals or not min(signals) < when < ends for signals, ends in rounds)
        )
