"""The sessions of a day as a document: what stops them, and what the timetable is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from logbooks.osces import sealing
from logbooks.osces.day.plan import Circuit, Plan, Session, from_canonical, problems, sessions
from logbooks.osces.timetable.exam import Kind, Position

DAY = date(2027, 3, 4)
NINE = datetime(2027, 3, 4, 9, tzinfo=UTC)
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
RING = Circuit("A", 5, 10, ((ONE,), (TWO, THREE)))
MORNING = Session("Morning", "Elm Hospital", NINE, NINE + timedelta(hours=2), (RING,))
STATIONS = ["S1", "S2"]


def with_ring(**changed: object) -> Plan:
    return Plan((replace(MORNING, circuits=(replace(RING, **changed),)),))  # type: ignore[arg-type]


def test_whole_plan_has_no_problem_and_is_read_as_it_was_written() -> None:
    plan = Plan((MORNING, replace(MORNING, name="Afternoon", may_overrun=True)))
    assert problems(plan, STATIONS, DAY) == []
    assert from_canonical(sealing.canonical(plan)) == plan
    assert from_canonical("") == Plan()
    assert plan.examiners == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(), "There is no session yet."),
        (Plan((MORNING, MORNING)), "2 sessions called “Morning”"),
        (Plan((replace(MORNING, end=NINE),)), "over before it starts"),
        (Plan((replace(MORNING, start=NINE - timedelta(days=1)),)), "not on the day of the exam"),
        (Plan((replace(MORNING, circuits=()),)), "“Morning” has no circuit."),
        (Plan((replace(MORNING, circuits=(RING, RING)),)), "2 circuits called “A”"),
        (with_ring(pause=-1), "Circuit A of Morning has -1 minutes"),
        (with_ring(examiners=((ONE,), ())), "Nobody examines at S2 in circuit A of Morning."),
        (with_ring(examiners=((ONE,),)), "Nobody examines at S2"),
        (with_ring(examiners=((ONE,), (ONE, TWO, THREE))), "3 people examine at S2"),
        (with_ring(examiners=((ONE,), (TWO, TWO))), "One person is named twice at S2"),
    ],
)
def test_what_stops_a_plan_is_said(plan: Plan, words: str) -> None:
    [found] = problems(plan, STATIONS, DAY)
    assert words in found


def test_every_circuit_has_all_places_with_its_own_examiners() -> None:
    rest = Position("Rest", Kind.REST, 5)
    places = [Position("S1", Kind.MARKED, 8), rest, Position("S2", Kind.MARKED, 7)]
    [session] = sessions(Plan((MORNING,)), places, 1)
    [ring] = session.circuits
    assert ring.positions == (
        Position("S1", Kind.MARKED, 8, (str(ONE),)),
        rest,
        Position("S2", Kind.MARKED, 7, (str(TWO), str(THREE))),
    )
    assert (ring.change, ring.pause, ring.after, session.site) == (1, 5, 10, "Elm Hospital")
