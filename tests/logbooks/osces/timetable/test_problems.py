"""The check of a timetable finds each promise that is broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from logbooks.osces.timetable.exam import Exam, Timetable, Visit
from logbooks.osces.timetable.planned import planned
from logbooks.osces.timetable.problems import problems
from tests.logbooks.osces.timetable.exams import at, candidate, circuit, exam, session

DAY = session("Session 1", 0, 120, circuit("A", "MMR"), circuit("B", "MMR"))
LATER = session("Session 2", 120, 240, circuit("A", "MMR"))


def broken(given: Exam, **changes: object) -> list[str]:
    """What is wrong with the timetable of an exam when its first visit is changed so."""
    found = planned(given)
    assert isinstance(found, Timetable)
    assert problems(given, found) == []
    first, *rest = found.visits
    return problems(given, replace(found, visits=(replace(first, **changes), *rest)))  # type: ignore[arg-type]


ONE = exam(DAY, candidates=1)
TWO = exam(DAY, LATER, candidates=3)


def test_first_visit_is_where_the_tests_expect_it() -> None:
    found = planned(ONE)
    assert isinstance(found, Timetable)
    assert found.visits[0] == Visit("k1", "Session 1", "A", 1, 0, "Station 1", at(0), at(8))


@pytest.mark.parametrize(
    ("given", "changes", "words"),
    [
        (ONE, {"candidate": "X"}, "A visit at 09:00 on 5 June is of nobody or nowhere in the exam."),
        (ONE, {"position": 1, "station": "Station 2"}, "Candidate C1 meets Station 1 0 times."),
        (ONE, {"position": 1, "station": "Station 2"}, "Candidate C1 meets Station 2 2 times."),
        (ONE, {"starts": at(5), "ends": at(13)}, "Candidate C1 has two visits at 09:09 on 5 June."),
        (ONE, {"ends": at(7)}, "Candidate C1 at Station 1 at 09:00 on 5 June has too little time."),
        (ONE, {"starts": at(-1)}, "Candidate C1 at Station 1 at 08:59 on 5 June is before the circuit starts."),
        (ONE, {"starts": at(113), "ends": at(121)}, "Candidate C1 at Station 1 at 10:53 on 5 June is not over when Session 1 is."),
        (TWO, {"candidate": "k2"}, "Candidate C2 has two visits at 09:00 on 5 June."),
        (TWO, {"candidate": "k2"}, "Candidate C1 meets Station 1 0 times."),
        (TWO, {"starts": at(9), "ends": at(17)}, "Station 1 in circuit A of Session 1 has two visits at 09:09 on 5 June."),
        (TWO, {"starts": at(9), "ends": at(17)}, "Examiner Dr A1 has two visits at 09:09 on 5 June."),
    ],
)  # fmt: skip
def test_broken_promise_is_found(given: Exam, changes: dict[str, object], words: str) -> None:
    assert words in broken(given, **changes)


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ({"sessions": ("Session 2",)}, "Candidate C1 at Station 1 at 09:00 on 5 June is in a session to which they cannot come."),
        ({"earliest": at(5)}, "Candidate C1 at Station 1 at 09:00 on 5 June begins before they can."),
        ({"extra": 25}, "Candidate C1 at Station 1 at 09:00 on 5 June has too little time."),
        ({"rests": 2}, "Candidate C1 has 1 of 2 rests."),
        ({"in_a_row": 1}, "Candidate C1 has 2 stations with no rest between, 1 at most."),
    ],
)  # fmt: skip
def test_need_that_was_not_known_is_found(needs: dict[str, object], words: str) -> None:
    found = planned(ONE)
    assert isinstance(found, Timetable)
    assert words in problems(replace(ONE, candidates=(candidate(1, **needs),)), found)


def test_conflict_is_found() -> None:
    found = planned(ONE)
    assert isinstance(found, Timetable)
    given = replace(ONE, conflicts=frozenset({("A1", "k1")}))
    assert problems(given, found) == ["Candidate C1 at Station 1 at 09:00 on 5 June meets examiner Dr A1."]  # fmt: skip


def test_preparation_elsewhere_is_found() -> None:
    given = exam(session("Session 1", 0, 120, circuit("A", "MPM")), candidates=1)
    found = planned(given)
    assert isinstance(found, Timetable)
    without = tuple(one for one in found.visits if not one.station.startswith("Preparation"))
    assert problems(given, replace(found, visits=without)) == ["Candidate C1 has not prepared directly before Station 2."]  # fmt: skip


def test_absent_candidates_need_not_meet_every_station() -> None:
    found = planned(ONE)
    assert isinstance(found, Timetable)
    nobody = replace(found, visits=())
    assert len(problems(ONE, nobody)) == 2
    assert problems(ONE, nobody, {"k1"}) == []


def test_free_time_is_a_rest() -> None:
    given = exam(session("Session 1", 0, 120, circuit("A", "MM")), candidates=[candidate(1)])
    found = planned(given)
    assert isinstance(found, Timetable)
    first, second = found.visits
    for minutes, wrong in ((8, 0), (7, 1)):
        starts = first.ends + timedelta(minutes=minutes)
        late = replace(second, starts=starts, ends=starts + timedelta(minutes=8))
        needs = replace(given, candidates=(candidate(1, in_a_row=1),))
        assert len(problems(needs, replace(found, visits=(first, late)))) == wrong
