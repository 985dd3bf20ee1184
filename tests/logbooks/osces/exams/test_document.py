"""The design of an exam: what stops it, how long a round takes, and that its text says all of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces import sealing
from logbooks.osces.exams import document as documents
from logbooks.osces.exams.document import MOST_PLACES, Document, Kind, Known, Place
from logbooks.osces.timetable import exam as timetable
from logbooks.osces.timetable.exam import Timetable
from logbooks.osces.timetable.planned import planned

A, B, C = (UUID(int=number) for number in range(1, 4))
# C is another version of the station of A.
KNOWN: Mapping[UUID, Known] = {
    A: Known(UUID(int=10), "Identity", 8, "a"),
    B: Known(UUID(int=11), "Dispensing", 10, "b"),
    C: Known(UUID(int=10), "Identity", 12, "c"),
}
ONE, TWO = Place(Kind.STATION, A, "a"), Place(Kind.STATION, B, "b")
REST = Place(Kind.REST, minutes=5)
READ = Place(Kind.PREPARATION, minutes=6, instructions="Read the referral.")

places = st.one_of(
    st.builds(Place, kind=st.just(Kind.STATION), version=st.uuids(), digest=st.text()),
    st.builds(
        Place, kind=st.just(Kind.PREPARATION), minutes=st.integers(1, 60), instructions=st.text()
    ),
    st.builds(Place, kind=st.just(Kind.REST), minutes=st.integers(1, 60)),
)
designs = st.builds(
    Document,
    changeover=st.integers(0, 10),
    framework=st.text(),
    places=st.lists(places, max_size=5).map(tuple),
)


@given(designs)
def test_text_says_all_of_a_design(document: Document) -> None:
    text = sealing.canonical(document)
    assert documents.from_canonical(text) == document
    assert sealing.canonical(documents.from_canonical(text)) == text


def test_slot_is_as_long_as_the_longest_place() -> None:
    document = Document(changeover=2, places=(ONE, READ, TWO, REST))
    assert documents.problems(document, KNOWN) == []
    assert documents.slot(document, KNOWN) == 10
    assert documents.round_minutes(document, KNOWN) == 4 * 12
    longer = replace(document, places=(*document.places, replace(REST, minutes=20)))
    assert (documents.slot(longer, KNOWN), documents.round_minutes(longer, KNOWN)) == (20, 110)


@pytest.mark.parametrize("places", [(ONE, TWO, REST), (ONE, READ, TWO, REST)])
def test_seats_are_those_that_the_timetable_finds(places: tuple[Place, ...]) -> None:
    kinds = {"station": timetable.Kind.MARKED, "preparation": timetable.Kind.PREPARATION}
    ring = tuple(
        timetable.Position(
            str(number),
            kinds.get(place.kind, timetable.Kind.REST),
            minutes=8,
            examiners=(str(number),) if place.version else (),
        )
        for number, place in enumerate(places)
    )
    examiners = tuple(
        timetable.Examiner(str(n), f"E{n}") for n, p in enumerate(places) if p.version
    )
    start = datetime(2026, 6, 5, 9, tzinfo=UTC)
    session = timetable.Session(
        "Morning", "Elm", start, start + timedelta(hours=8), (timetable.Circuit("A", ring),)
    )
    seats = documents.seats(Document(places=places))
    for more, rounds in ((0, 1), (1, 2)):
        people = tuple(timetable.Candidate(str(n), f"C{n}") for n in range(seats + more))
        found = planned(timetable.Exam((session,), people, examiners))
        assert isinstance(found, Timetable)
        assert len(found.rounds) == rounds


def test_nothing_takes_no_time() -> None:
    assert (documents.slot(Document(), {}), documents.round_minutes(Document(), {})) == (0, 0)


def test_preparation_at_the_end_is_before_the_first_place() -> None:
    assert documents.problems(Document(places=(ONE, TWO, READ)), KNOWN) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ((), "It has 0 marked stations; an exam has 2 or more."),
        ((ONE, REST), "It has 1 marked station; an exam has 2 or more."),
        (
            (ONE, TWO, *[REST] * (MOST_PLACES - 1)),
            "It has 21 places; a circuit has at most 20.",
        ),
        (
            (ONE, TWO, Place(Kind.STATION, C, "c")),
            "“Identity” stands at places 1 and 3; an exam has a station once.",
        ),
        (
            (ONE, Place(Kind.STATION, UUID(int=9), "x")),
            "Place 2 names a station that nobody published.",
        ),
        (
            (ONE, replace(TWO, digest="x")),
            "Place 2 holds other words of “Dispensing” than are published.",
        ),
        (
            (ONE, READ, REST, TWO),
            "The preparation at place 2 is not directly before a marked station.",
        ),
        (
            (REST, ONE, TWO, READ),
            "The preparation at place 4 is not directly before a marked station.",
        ),
        (
            (ONE, replace(READ, instructions=" "), TWO),
            "The preparation at place 2 says nothing to the candidate.",
        ),
        (
            (ONE, TWO, replace(REST, minutes=0)),
            "Place 3 lasts 0 minutes; a place lasts 1 to 60.",
        ),
    ],
)
def test_problem_is_said(changed: tuple[Place, ...], said: str) -> None:
    assert said in documents.problems(Document(places=changed), KNOWN)


def test_change_over_that_nobody_waits_for_is_a_problem() -> None:
    found = documents.problems(Document(changeover=11, places=(ONE, TWO)), KNOWN)
    assert found == ["The change-over takes 11 minutes; it takes 0 to 10."]
