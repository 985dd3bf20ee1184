"""Planning again on the day: what began stays, what can stay stays, the rest is placed and every promise kept."""

from datetime import datetime, timedelta
from functools import reduce
from time import perf_counter

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from logbooks.osces.timetable.changes import (
    Absent,
    Change,
    Delayed,
    ExaminerLost,
    Late,
    RoomLost,
)
from logbooks.osces.timetable.constraints import Case, Impossible, constraints
from logbooks.osces.timetable.exam import Exam, Timetable, Visit
from logbooks.osces.timetable.planned import planned
from logbooks.osces.timetable.problems import problems
from logbooks.osces.timetable.replanned import replanned
from tests.logbooks.osces.timetable.exams import at, big, candidate, circuit, exam, exams, session


def plan(given: Exam) -> Timetable:
    """The timetable of an exam that has one."""
    found = planned(given)
    assert isinstance(found, Timetable)
    return found


def again(given: Exam, now: datetime, *changes: Change) -> Timetable:
    """The timetable after changes that can be met, checked."""
    before = plan(given)
    found = replanned(given, before, now, changes)
    assert isinstance(found, Timetable), [one.words for one in found.constraints]
    absent = {one.candidate for one in changes if isinstance(one, Absent)}
    assert problems(given, found, absent) == []
    began = [one for one in before.visits if one.starts <= now]
    ids = {id(one) for one in found.visits}
    assert all(id(one) in ids for one in began), "the very same objects"
    gone = [one for one, _ in found.moved if one]
    new = [one for _, one in found.moved if one]
    assert not set(gone) & set(began)
    assert sorted([*(v for v in before.visits if v not in gone), *new], key=str) == sorted(found.visits, key=str)  # fmt: skip
    assert all(obeyed(given, one, change) for one in found.visits if one.starts > now for change in changes)  # fmt: skip
    return found


def obeyed(given: Exam, visit: Visit, change: Change) -> bool:
    """Whether a visit is possible after a change."""
    match change:
        case Late(key, arrives):
            return visit.candidate != key or visit.starts >= arrives
        case Absent(key):
            return visit.candidate != key
        case RoomLost(own, name, position, since, reopens):
            elsewhere = (visit.session, visit.circuit, visit.position) != (own, name, position)
            return elsewhere or visit.ends <= since or (reopens is not None and visit.starts >= reopens)  # fmt: skip
        case ExaminerLost(key, since):
            (ring,) = (c for s, c in given.circuits() if (s.name, c.name) == (visit.session, visit.circuit))  # fmt: skip
            return ring.positions[visit.position].examiners != (key,) or visit.ends <= since
    return True


TWO = session("Session 1", 0, 120, circuit("A", "MMR"), circuit("B", "MMR"))


def test_nothing_happened_and_nothing_moves() -> None:
    found = again(exam(TWO, candidates=5), at(5))
    assert found.moved == ()


def test_late_candidate_meets_at_the_end_what_they_missed() -> None:
    found = again(exam(TWO, candidates=6), at(-5), Late("k1", at(5)))
    ((before, after),) = found.moved
    assert before
    assert after
    assert (before.station, before.starts) == (after.station, at(0))
    assert (after.starts, after.round) == (at(27), 0), (
        "one minute after the round, at the change-over"
    )


def test_absent_candidate_is_taken_out() -> None:
    found = again(exam(TWO, candidates=6), at(9), Absent("k1"))
    assert {after for _, after in found.moved} == {None}
    assert [one.starts for one in found.visits if one.candidate == "k1"] == [at(0), at(9)]


def test_lost_room_sends_candidates_to_the_other_circuit() -> None:
    found = again(exam(TWO, candidates=4), at(1), RoomLost("Session 1", "A", 1, at(1)))
    assert {after.circuit for _, after in found.moved if after} == {"B"}
    assert {before.station for before, _ in found.moved if before} == {"Station 2"}


def test_spare_room_takes_them_when_it_opens() -> None:
    one = session("Session 1", 0, 120, circuit("A", "MMR"))
    found = again(exam(one, candidates=3), at(0), RoomLost("Session 1", "A", 1, at(5), at(20)))
    assert min(after.starts for _, after in found.moved if after) >= at(20)


def test_lost_examiner_with_no_other_is_named() -> None:
    one = exam(session("Session 1", 0, 120, circuit("A", "MMR")), candidates=3)
    found = replanned(one, plan(one), at(1), [ExaminerLost("A1", at(5)), Absent("k1")])
    assert isinstance(found, Impossible)
    assert [one.words for one in found.constraints] == ["Examiner Dr A1 is not there from 09:05 on 5 June."]  # fmt: skip
    assert "Other orders were not tried" in found.note


def test_delay_moves_what_has_not_begun() -> None:
    found = again(exam(TWO, candidates=6), at(9), Delayed("Session 1", "A", 10))
    assert {after.starts - before.starts for before, after in found.moved if before and after} == {timedelta(minutes=10)}  # fmt: skip
    assert {after.circuit for _, after in found.moved if after} == {"A"}


def test_delay_past_the_end_is_named() -> None:
    short = exam(session("Session 1", 0, 30, circuit("A", "MMR")), candidates=3)
    found = replanned(short, plan(short), at(0), [Delayed("Session 1", "A", 10)])
    assert isinstance(found, Impossible)
    assert [one.words.split(":")[0] for one in found.constraints] == [
        "Session 1 is over by 09",
        "Circuit A of Session 1 is delayed by 10 minutes.",
    ]


def test_preparation_moves_with_its_station() -> None:
    one = session("Session 1", 0, 180, circuit("A", "MPMR"), circuit("B", "MPMR"))
    found = again(exam(one, candidates=6), at(9), RoomLost("Session 1", "A", 2, at(9)))
    stations = {(before.station if before else None, after.station if after else None) for before, after in found.moved}  # fmt: skip
    assert stations == {(None, "Preparation 2"), ("Preparation 2",) * 2, ("Station 2",) * 2}


def test_rest_that_was_missed_is_owed() -> None:
    one = exam(
        session("Session 1", 0, 120, circuit("A", "RMM")), candidates=[candidate(1, rests=1)]
    )
    begin = plan(one).visits[0]
    assert begin.station == "Rest 1"
    found = again(one, at(-1), Late("k1", at(5)))
    assert [one.starts for one in found.visits] == [at(9), at(26)], (
        "a rest, and no signal before the end"
    )


def test_change_of_something_unknown_is_refused() -> None:
    for change in (Late("X", at(0)), Delayed("Session 1", "X", 5), RoomLost("Session 1", "A", 9, at(0))):  # fmt: skip
        with pytest.raises(LookupError):
            replanned(exam(TWO), plan(exam(TWO)), at(0), [change])


@st.composite
def days(draw: st.DrawFn) -> tuple[Exam, Timetable, datetime, list[Change]]:
    """A planned exam, without what made it impossible, a moment and what happened by then."""
    given = draw(exams())
    while isinstance(before := planned(given), Impossible):
        needless = [one for one in before.constraints if " is over by " not in one.words]
        assume(needless)
        given = needless[0].without(Case(given)).exam
    times = st.integers(0, 120).map(at)
    own, ring = draw(st.sampled_from(given.circuits()))
    key = draw(st.sampled_from(given.candidates)).key
    place = draw(st.integers(0, len(ring.positions) - 1))
    since = draw(times)
    room = st.one_of(
        st.none(), st.integers(1, 30).map(lambda more: since + timedelta(minutes=more))
    )
    change = st.one_of(
        st.builds(Late, st.just(key), times),
        st.just(Absent(key)),
        st.builds(lambda spare: RoomLost(own.name, ring.name, place, since, spare), room),
        st.builds(ExaminerLost, st.sampled_from([one.key for one in given.examiners]), times),
        st.builds(Delayed, st.just(own.name), st.just(ring.name), st.integers(1, 20)),
    )
    return given, before, draw(times), draw(st.lists(change, min_size=1, max_size=2))


@settings(max_examples=100)
@given(days())
def test_any_day_keeps_every_promise_or_says_why_not(
    day: tuple[Exam, Timetable, datetime, list[Change]],
) -> None:
    given, before, now, changes = day
    found = replanned(given, before, now, changes)
    event(type(found).__name__)
    if isinstance(found, Timetable):
        again(given, now, *changes)
        return
    words = [one.words for one in found.constraints]
    for left_out in (None, *words):
        case = reduce(
            lambda case, one: case if one.words in words and one.words != left_out else one.without(case),
            constraints(Case(given, tuple(changes))),
            Case(given, tuple(changes)),
        )  # fmt: skip
        other = replanned(case.exam, before, now, case.changes)
        assert isinstance(other, Impossible if left_out is None else Timetable)


def test_day_of_120_candidates_is_planned_again_in_seconds() -> None:
    given = big(600)
    before = plan(given)
    began = perf_counter()
    changes = [
        Late("k3", at(30)),
        RoomLost("Session 1", "A", 4, at(20), at(60)),
        ExaminerLost("B2", at(40)),
        Delayed("Session 1", "C", 7),
    ]
    found = replanned(given, before, at(15), changes)
    assert perf_counter() - began < 10
    assert isinstance(found, Timetable)
    assert problems(given, found) == []
