"""Exams on their way: designed, read by a second person, frozen, and never changed after."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from logbooks.osces import sealing
from logbooks.osces.exams import actions, queries
from logbooks.osces.exams import document as documents
from logbooks.osces.exams.document import Kind, Place
from logbooks.osces.models import Exam, ExamFrozen, ExamPlace, StationVersion
from logbooks.osces.stations.actions import HasProblems
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import Book
from school.people.merging import merge_people
from school.people.models import Person
from school.people.roles import ADMINISTRATOR
from tests.logbooks.osces.exams.made import (
    DAY,
    design,
    drafted,
    frozen,
    next_version,
    seen,
    submitted,
    versions,
)
from tests.logbooks.osces.stations.made import educator
from tests.people.cast import with_account

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
State = Exam.State


@pytest.fixture
def writer() -> Person:
    return educator("Wanda Writer")


@pytest.fixture
def reader() -> Person:
    return educator("Rita Reader")


@pytest.fixture
def made(writer: Person, reader: Person) -> list[StationVersion]:
    return versions(writer, reader)


def test_exam_is_frozen_by_a_second_person(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    document = design(*made)
    fact = frozen(writer, reader, document)
    exam = fact.exam
    assert exam.state == State.FROZEN
    assert (fact.entry.actor, fact.written_by) == (reader.uuid, writer)
    assert (fact.entry.book, exam.book.kind) == (exam.book, Book.Kind.EVENT)
    assert (fact.entry.about_from, fact.digest) == (clock.today(), sealing.digest(document))
    assert documents.from_canonical(fact.document) == document
    assert list(exam.places.order_by("number").values_list("number", "kind", "version", "minutes")) == [
        (1, "station", made[0].pk, 8), (2, "station", made[1].pk, 8), (3, "rest", None, 5),
    ]  # fmt: skip


def test_words_of_a_preparation_are_not_in_the_payload(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    read = Place(Kind.PREPARATION, minutes=5, instructions="Read the referral.")
    document = design(*made)
    fact = frozen(writer, reader, replace(document, places=(*document.places[:2], read)))
    assert "referral" in fact.document
    assert "referral" not in fact.entry.payload
    assert fact.digest in fact.entry.payload


def test_exam_sent_twice_is_one(writer: Person, made: list[StationVersion]) -> None:
    uuid, document = uuid4(), design(*made)
    first = drafted(writer, document, uuid=uuid)
    assert drafted(writer, document, uuid=uuid) == first
    for changed in ({"title": "Another"}, {"day": DAY.replace(day=5)}):
        with pytest.raises(Conflict, match="saved before with other content"):
            drafted(writer, document, uuid=uuid, **changed)
    assert Exam.objects.count() == 1


def test_exam_frozen_twice_is_frozen_once(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = submitted(writer, design(*made))
    uuid, shown = uuid4(), seen(exam)
    first = actions.freeze(by=reader, exam=exam, uuid=uuid, seen=shown)
    assert actions.freeze(by=reader, exam=exam, uuid=uuid, seen=shown) == first
    with pytest.raises(Conflict, match="does not wait for a second reader"):
        actions.freeze(by=reader, exam=exam, uuid=uuid4(), seen=shown)
    assert (ExamFrozen.objects.count(), ExamPlace.objects.count()) == (1, 3)


def test_whoever_was_merged_with_the_writer_does_not_freeze_it(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = submitted(writer, design(*made))
    administrator = with_account("Ada Admin", ADMINISTRATOR)
    merge_people(kept=reader, merged=writer, by=administrator, uuid=uuid4())
    with pytest.raises(NotAllowed, match="You wrote on this exam"):
        actions.freeze(by=reader, exam=exam, uuid=uuid4(), seen=seen(exam))


def test_frozen_exam_never_changes(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = frozen(writer, reader, design(*made)).exam
    acts: list[Callable[[], object]] = [
        lambda: actions.write(
            by=writer,
            exam=exam,
            title="Other",
            day=DAY,
            year=3,
            document=design(*made),
            seen=seen(exam),
        ),
        lambda: actions.submit(by=writer, exam=exam, seen=seen(exam)),
        lambda: actions.give_back(by=writer, exam=exam),
        lambda: actions.drop(by=writer, exam=exam),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="frozen"):
            act()
    exam.refresh_from_db()
    assert (exam.state, exam.title) == (State.FROZEN, "Year 3 OSCE")
    for rows in (ExamPlace.objects.all(), ExamFrozen.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows._raw_delete("default")


def test_place_is_marked_where_it_has_a_version(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = frozen(writer, reader, design(*made)).exam
    for kind, version in (("station", None), ("rest", versions(writer, reader, 1)[0])):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExamPlace.objects.create(exam=exam, number=9, kind=kind, version=version, minutes=5)


def test_exam_with_a_second_reader_is_not_written_on(
    writer: Person, made: list[StationVersion]
) -> None:
    exam = submitted(writer, design(*made))
    other = design(*made, changeover=2)
    with pytest.raises(Conflict, match="A second reader has this exam"):
        actions.write(
            by=writer, exam=exam, title="OSCE", day=DAY, year=3, document=other, seen=seen(exam)
        )
    assert actions.submit(by=writer, exam=exam, seen="").state == State.IN_REVIEW
    actions.give_back(by=writer, exam=exam)
    actions.write(
        by=writer, exam=exam, title="OSCE", day=DAY, year=3, document=other, seen=seen(exam)
    )
    exam.refresh_from_db()
    assert queries.designed(exam).changeover == 2


@pytest.mark.parametrize("act", ["write", "submit", "freeze"])
def test_what_somebody_changed_meanwhile_is_looked_at_again(
    writer: Person, reader: Person, made: list[StationVersion], act: str
) -> None:
    exam, document = drafted(writer, design(*made)), design(*made)
    shown = seen(exam)
    later = DAY.replace(day=5)
    actions.write(
        by=reader, exam=exam, title="Year 3 OSCE", day=later, year=3, document=document, seen=shown
    )
    if act == "freeze":
        actions.submit(by=writer, exam=exam, seen=seen(exam))
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: actions.write(by=writer, exam=exam, title="Mine", day=DAY, year=3, document=document, seen=shown),
        "submit": lambda: actions.submit(by=writer, exam=exam, seen=shown),
        "freeze": lambda: actions.freeze(by=writer, exam=exam, uuid=uuid4(), seen=shown),
    }  # fmt: skip
    with pytest.raises(Conflict, match="Somebody changed this exam meanwhile"):
        acts[act]()


def test_exam_saved_as_it_is_changes_nothing(writer: Person, made: list[StationVersion]) -> None:
    exam = drafted(writer, design(*made))
    said = {"title": exam.title, "day": exam.day, "year": exam.year, "document": design(*made)}
    actions.write(by=writer, exam=exam, seen="", **said)  # type: ignore[arg-type]
    assert exam.history.count() == 1


def test_exam_with_a_problem_goes_to_nobody(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = drafted(writer, design(made[0], next_version(writer, reader, made[0])))
    with pytest.raises(HasProblems) as refused:
        actions.submit(by=writer, exam=exam, seen=seen(exam))
    assert len(refused.value.problems) == 1
    assert "an exam has a station once" in refused.value.message
    exam.state = State.IN_REVIEW
    exam.save()
    with pytest.raises(HasProblems):
        actions.freeze(by=reader, exam=exam, uuid=uuid4(), seen=seen(exam))


def test_what_waits_for_nobody_is_not_frozen(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = drafted(writer, design(*made))
    with pytest.raises(Conflict, match="does not wait for a second reader"):
        actions.freeze(by=reader, exam=exam, uuid=uuid4(), seen=seen(exam))


def test_dropped_exam_is_kept_in_its_history(writer: Person, made: list[StationVersion]) -> None:
    exam = drafted(writer, design(*made))
    actions.drop(by=writer, exam=exam)
    actions.drop(by=writer, exam=exam)
    assert queries.listed() == []
    assert [row.state for row in exam.history.order_by("history_id")] == ["draft", "dropped"]
    with pytest.raises(Conflict, match="This exam is dropped"):
        actions.submit(by=writer, exam=exam, seen=seen(exam))


def test_nhs_number_is_not_kept(writer: Person, made: list[StationVersion]) -> None:
    with pytest.raises(DomainError) as refused:
        drafted(writer, design(*made), title="OSCE for 943 476 5919")
    assert refused.value.field == "title"
    read = Place(Kind.PREPARATION, minutes=5, instructions="Ring 943 476 5919.")
    with pytest.raises(DomainError):
        drafted(writer, design(*made, places=(read,)))


def test_digits_of_a_digest_are_no_nhs_number(writer: Person) -> None:
    place = Place(Kind.STATION, version=uuid4(), digest="a9434765919b")
    assert drafted(writer, documents.Document(places=(place,))).design.count("9434765919") == 1


def test_others_design_no_exam(writer: Person, reader: Person, made: list[StationVersion]) -> None:
    nobody, exam, document = with_account("Nora Nobody"), drafted(writer, design(*made)), design()
    shown = seen(exam)
    acts: list[Callable[[], object]] = [
        lambda: drafted(nobody, document),
        lambda: actions.write(by=nobody, exam=exam, title="x", day=DAY, year=3, document=document, seen=shown),
        lambda: actions.submit(by=nobody, exam=exam, seen=shown),
        lambda: actions.give_back(by=nobody, exam=exam),
        lambda: actions.drop(by=nobody, exam=exam),
        lambda: actions.freeze(by=nobody, exam=exam, uuid=uuid4(), seen=shown),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    exam.refresh_from_db()
    assert (exam.state, queries.designed(exam)) == (State.DRAFT, design(*made))


def test_stations_to_choose_from_are_the_newest_and_the_chosen(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    newer = next_version(writer, reader, made[0])
    assert set(queries.choosable([])) == {newer.uuid, made[1].uuid}
    assert set(queries.choosable([made[0].uuid])) == {made[0].uuid, newer.uuid, made[1].uuid}
    assert queries.published([made[0].uuid])[made[0].uuid].newest == 2


def test_station_names_the_exams_that_it_was_part_of(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    station = made[0].station
    assert queries.using(station) == []
    exam = frozen(writer, reader, design(*made)).exam
    later = frozen(writer, reader, design(*made), day=DAY.replace(year=2028)).exam
    drafted(writer, design(*made))
    assert [place.exam for place in queries.using(station)] == [later, exam]


def test_whoever_wrote_any_of_an_exam_does_not_freeze_it(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    exam = drafted(writer, design(*made))
    said = {"title": "Year 3 OSCE, mended", "day": exam.day, "year": exam.year}
    actions.write(by=reader, exam=exam, document=design(*made), seen=seen(exam), **said)
    actions.submit(by=reader, exam=exam, seen=seen(exam))
    for one in (writer, reader):
        assert not queries.waiting([one.pk])
        with pytest.raises(NotAllowed, match="somebody who did not reads and freezes it"):
            actions.freeze(by=one, exam=exam, uuid=uuid4(), seen=seen(exam))
    third = educator("Theo Third")
    assert queries.waiting([third.pk]) == {exam.pk}
    assert actions.freeze(by=third, exam=exam, uuid=uuid4(), seen=seen(exam)).written_by == reader


def test_exam_waits_for_all_but_its_writer(
    writer: Person, reader: Person, made: list[StationVersion]
) -> None:
    submitted(writer, design(*made))
    assert (len(queries.waiting([writer.pk])), len(queries.waiting([reader.pk]))) == (0, 1)
