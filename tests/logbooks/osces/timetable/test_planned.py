"""Planning: what is promised holds, what is impossible is so for the reasons named, and 120 candidates are quick."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from time import perf_counter

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from logbooks.osces.timetable.constraints import Case, Impossible, constraints, doubles
from logbooks.osces.timetable.exam import Candidate, Circuit, Exam, Kind, Session, Timetable
from logbooks.osces.timetable.planned import planned
from logbooks.osces.timetable.problems import problems
from tests.games import times
from tests.logbooks.osces.timetable.exams import at, big, candidate, circuit, exam, exams, session

HOUR = session("Session 1", 0, 60, circuit("A", "MMPMR"))


def plan(given: Exam) -> Timetable:
    """The timetable of an exam that has one."""
    found = planned(given)
    assert isinstance(found, Timetable), [one.words for one in found.constraints]
    assert problems(given, found) == []
    return found


def blamed(given: Exam) -> list[str]:
    """What cannot hold together in an exam."""
    found = planned(given)
    assert isinstance(found, Impossible)
    return [one.words for one in found.constraints]


def test_everybody_goes_round_from_another_position() -> None:
    found = plan(exam(HOUR, candidates=4))
    assert [(one.starts, one.slot, one.extra) for one in found.rounds] == [(at(0), 9, 0)]
    begins = {one.position for one in found.visits if one.starts == at(0)}
    assert begins == {0, 1, 2, 4}, "position 3 has its preparation before it"
    first = [one for one in found.visits if one.candidate == found.visits[0].candidate]
    assert [one.starts for one in first] == [at(9 * step) for step in range(5)]
    assert {one.ends - one.starts for one in found.visits} == {timedelta(minutes=8)}


def test_fifth_candidate_has_no_place_in_one_round() -> None:
    assert blamed(exam(HOUR, candidates=5)) == [
        "Session 1 is over by 10:00 on 5 June: circuit A has 5 positions, 4 to begin at, so it holds at most 1 round. They have at most 4 places, for 5 candidates."
    ]


def test_extra_time_lengthens_the_round_of_those_who_need_it() -> None:
    day = session("Session 1", 0, 200, circuit("A", "MM", pause=5))
    found = plan(exam(day, candidates=[candidate(1), candidate(2), candidate(3, extra=10)]))
    assert [(one.starts, one.slot, one.extra) for one in found.rounds] == [(at(0), 9, 0), (at(23), 10, 10)]  # fmt: skip
    assert {one.round for one in found.visits if one.candidate == "k3"} == {2}


def test_round_waits_for_whoever_cannot_begin_before() -> None:
    late = candidate(1, earliest=at(30))
    assert plan(exam(HOUR, candidates=0)).rounds == ()
    assert plan(exam(session("S", 0, 100, circuit("A", "MM")), candidates=[late])).rounds[0].starts == at(30)  # fmt: skip
    assert blamed(exam(HOUR, candidates=[late]))[0] == "Candidate C1 cannot begin before 09:30 on 5 June."  # fmt: skip


def test_rest_is_met_in_time_by_beginning_elsewhere() -> None:
    ring = session("Session 1", 0, 60, circuit("A", "MMMR"))
    found = plan(exam(ring, candidates=[candidate(1, in_a_row=2, rests=1)]))
    assert found.visits[0].position in (1, 2)
    assert blamed(exam(ring, candidates=[candidate(1, in_a_row=1)])) == ["Candidate C1 needs a rest after 1 station."]  # fmt: skip
    assert blamed(exam(ring, candidates=[candidate(1, rests=2)])) == ["Candidate C1 needs 2 rests."]


def test_conflicts_with_every_circuit_are_named() -> None:
    both = session("Session 1", 0, 60, circuit("A", "MM"), circuit("B", "MM"))
    assert {one.circuit for one in plan(exam(both, candidates=2, conflicts=(("A1", "k1"), ("B2", "k2")))).visits} == {"A", "B"}  # fmt: skip
    assert blamed(exam(both, candidates=2, conflicts=(("A1", "k1"), ("B2", "k1"), ("A2", "k2")))) == [
        "Candidate C1 cannot meet examiner Dr A1.",
        "Candidate C1 cannot meet examiner Dr B2.",
    ]  # fmt: skip


def test_examiner_in_two_places_at_once_is_named() -> None:
    both = session("Session 1", 0, 60, circuit("A", "M"), circuit("B", "M", "A"))
    assert blamed(exam(both, candidates=1)) == [
        "Examiner Dr A1 can be in one place at a time, not at Station 1 in circuit A of Session 1 and Station 1 in circuit B of Session 1."
    ]
    after = session("Session 2", 60, 120, circuit("A", "M"))
    plan(exam(session("Session 1", 0, 60, circuit("A", "M")), after, candidates=1))


def test_candidates_are_shared_between_circuits_before_a_second_round() -> None:
    both = session("Session 1", 0, 300, circuit("A", "MM"), circuit("B", "MM"))
    assert [(one.circuit, one.starts) for one in plan(exam(both, candidates=4)).rounds] == [("A", at(0)), ("B", at(0))]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sessions": ()}, "There is no circuit."),
        ({"candidates": (candidate(1), candidate(1))}, "Candidate k1 is given 2 times."),
        ({"candidates": (candidate(1, extra=-1),)}, "Candidate C1 has needs below 0."),
        ({"candidates": (candidate(1, sessions=("S",)),)}, "Candidate C1 can come to a session that is not in the exam."),
        ({"candidates": (candidate(1, earliest=datetime(2026, 6, 5)),)}, "Candidate C1 can begin at a time without a zone."),  # noqa: DTZ001
        ({"conflicts": frozenset({("X", "k1")})}, "The conflict of X and k1 names somebody who is not in the exam."),
        ({"sessions": (session("S", 9, 5, circuit("A", "MMPM")),)}, "S is over before it starts."),
        ({"sessions": (replace(HOUR, start=datetime(2026, 6, 5)),)}, "Session 1 has no time zone."),  # noqa: DTZ001
        ({"sessions": (session("S", 0, 60, circuit("A", "MMM", change=-1)),)}, "Circuit A of S has minutes below 0."),
        ({"sessions": (session("S", 0, 60, circuit("A", "MMM", minutes=0)),)}, "Station 1 in circuit A of S must last a minute or more."),
        ({"sessions": (session("S", 0, 60, circuit("A", "MMPRM")),)}, "Preparation 3 in circuit A of S is not directly before a marked station."),
        ({"sessions": (session("S", 0, 60, circuit("A", "MMM"), circuit("B", "MM")),)}, "Circuit B of S must have each marked station of the exam once."),
        ({"examiners": ()}, "Station 1 in circuit A of Session 1 has an examiner who is not in the exam."),
    ],
)  # fmt: skip
def test_exam_that_means_nothing_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        planned(replace(exam(HOUR, candidates=1), **change))  # type: ignore[arg-type]


def test_marked_station_has_one_or_two_examiners() -> None:
    (own,) = HOUR.circuits
    bare = replace(own, positions=tuple(replace(one, examiners=()) for one in own.positions))
    with pytest.raises(ValueError, match="Station 1 in circuit A of Session 1 has 0 examiners"):
        planned(exam(replace(HOUR, circuits=(bare,)), candidates=1))


@settings(max_examples=times(150))
@given(exams())
def test_timetable_keeps_every_promise(given: Exam) -> None:
    found = planned(given)
    event(type(found).__name__)
    if isinstance(found, Impossible):
        return
    assert problems(given, found) == []
    extra = {one.key: one.extra for one in given.candidates}
    for one in found.rounds:
        own = [
            visit
            for visit in found.visits
            if (visit.session, visit.circuit, visit.round) == (one.session, one.circuit, one.number)
        ]
        assert one.extra == max(extra[visit.candidate] for visit in own)
        assert min(visit.starts for visit in own) == one.starts


@settings(max_examples=times(150))
@given(exams())
def test_what_is_blamed_is_irreducible(given: Exam) -> None:
    """It is impossible with these alone, and possible when any one is taken away."""
    found = planned(given)
    if isinstance(found, Timetable):
        return
    for left_out in (None, *found.constraints):
        case = alone(given, [one.words for one in found.constraints if one is not left_out])
        assert isinstance(planned(case.exam), Timetable if left_out else Impossible)


def alone(given: Exam, words: list[str]) -> Case:
    """An exam with nothing asked but these."""
    case = Case(given)
    return reduce(
        lambda case, one: case if one.words in words else one.without(case),
        constraints(case),
        case,
    )


@settings(max_examples=times(100))
@given(exams(), st.randoms(use_true_random=False))
def test_order_of_the_input_changes_nothing(given: Exam, random: st.DataObject) -> None:
    def shuffled(things: tuple) -> tuple:  # type: ignore[type-arg]
        turned = list(things)
        random.shuffle(turned)  # type: ignore[attr-defined]
        return tuple(turned)

    other = replace(
        given,
        sessions=shuffled(
            tuple(replace(one, circuits=shuffled(one.circuits)) for one in given.sessions)
        ),
        candidates=shuffled(given.candidates),
        examiners=shuffled(given.examiners),
    )
    assert planned(other) == planned(given)


@settings(max_examples=times(150))
@given(exams(most=3))
def test_possible_is_what_trying_everything_finds_possible(given: Exam) -> None:
    found = isinstance(planned(given), Timetable)
    assert found == (not any(doubles(given)) and any(everything(given)))


def everything(given: Exam) -> Iterator[bool]:
    """Every choice of circuit, round and start for each candidate that can be held, by trying them all."""
    rings = [(s, c) for s in given.sessions for c in s.circuits]
    choices = range(len(given.candidates))

    def tried(left: tuple[Candidate, ...], chosen: list[tuple[Candidate, int, int, int]]) -> Iterator[bool]:  # fmt: skip
        if not left:
            if all(in_time(ring, chosen, number) for number, ring in enumerate(rings)):
                yield True
            return
        for number, (own, ring) in enumerate(rings):
            for start in range(len(ring.positions)):
                if not welcome(given, own, ring, start, left[0]):
                    continue
                for turn in choices:
                    if (number, turn, start) not in [place[1:] for place in chosen]:
                        yield from tried(left[1:], [*chosen, (left[0], number, turn, start)])

    yield from tried(given.candidates, [])


def welcome(given: Exam, own: Session, ring: Circuit, start: int, one: Candidate) -> bool:
    """Whether a candidate may go round from a start at all."""
    order = ring.positions[start:] + ring.positions[:start]
    runs = "".join("R" if p.kind is Kind.REST else "M" * (p.kind is Kind.MARKED) for p in order)
    return (
        own.name in (one.sessions or own.name)
        and order[-1].kind is not Kind.PREPARATION
        and runs.count("R") >= one.rests
        and (not one.in_a_row or max(map(len, runs.split("R"))) <= one.in_a_row)
        and not any((who, one.key) in given.conflicts for p in order for who in p.examiners)
    )


def in_time(
    ring: tuple[Session, Circuit], chosen: list[tuple[Candidate, int, int, int]], number: int
) -> bool:
    """Whether the rounds of a circuit, each as early as it can, are over with its session."""
    own, track = ring
    when = own.first(track)
    turns = sorted({turn for _, place, turn, _ in chosen if place == number})
    for turn in turns:
        members = [one for one, place, other, _ in chosen if (place, other) == (number, turn)]
        when = max([when, *(one.earliest for one in members if one.earliest)])
        when += track.round(max(one.extra for one in members))
        if when > own.end:
            return False
        when += timedelta(minutes=track.pause)
    return True


def test_120_candidates_are_planned_in_seconds() -> None:
    began = perf_counter()
    found = plan(big())
    assert perf_counter() - began < 10
    assert len(found.rounds) == 11, "eleven begin in each round of twelve positions"
    assert Counter(one.extra > 0 for one in found.rounds)[True] <= 2
    assert max(one.ends for one in found.visits) <= at(480)


def test_120_candidates_who_have_no_room_are_told_so_in_seconds() -> None:
    began = perf_counter()
    assert [one.split(" is over")[0] for one in blamed(big(end=420))] == ["Session 1"]
    assert perf_counter() - began < 10
