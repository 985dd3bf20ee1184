"""Stations on their way: written, read by a second person, published, and never changed after."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from logbooks.osces import sealing
from logbooks.osces.models import Station, StationVersion
from logbooks.osces.stations import actions, queries
from logbooks.osces.stations import document as documents
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from tests.logbooks.osces.stations.made import drafted, educator, item, published, seen, small
from tests.people.cast import with_account

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
State = Station.State


@pytest.fixture
def writer() -> Person:
    return educator("Wanda Writer")


@pytest.fixture
def reader() -> Person:
    return educator("Rita Reader")


def test_station_is_published_by_a_second_person(writer: Person, reader: Person) -> None:
    version = published(writer, reader)
    assert (version.number, version.written_by, version.reviewed_by) == (1, writer, reader)
    assert documents.from_canonical(version.document) == small()
    assert version.digest == sealing.digest(small())
    station = version.station
    assert (station.state, station.draft, station.title) == (State.NONE, "", small().title)


def test_next_version_begins_with_the_newest_and_takes_its_title(
    writer: Person, reader: Person
) -> None:
    station = published(writer, reader).station
    actions.begin_next(by=reader, station=station)
    actions.begin_next(by=writer, station=station)
    changed = small(title="Whole-body preparation")
    actions.write(by=reader, station=station, document=changed, seen=seen(station))
    station.refresh_from_db()
    assert station.title == small().title
    actions.submit(by=reader, station=station, seen=seen(station))
    second = actions.publish(by=writer, station=station, uuid=uuid4(), seen=seen(station))
    assert (second.number, second.written_by) == (2, reader)
    station.refresh_from_db()
    assert station.title == "Whole-body preparation"
    assert documents.from_canonical(station.versions.get(number=1).document) == small()


def test_station_sent_twice_is_one(writer: Person) -> None:
    uuid = uuid4()
    first = actions.start(by=writer, document=small(), uuid=uuid)
    assert actions.start(by=writer, document=small(), uuid=uuid) == first
    with pytest.raises(Conflict, match="saved before with other content"):
        actions.start(by=writer, document=small(minutes=9), uuid=uuid)
    assert Station.objects.count() == 1


def test_version_published_twice_is_one(writer: Person, reader: Person) -> None:
    station = drafted(writer)
    actions.submit(by=writer, station=station, seen=seen(station))
    uuid, shown = uuid4(), seen(station)
    first = actions.publish(by=reader, station=station, uuid=uuid, seen=shown)
    assert actions.publish(by=reader, station=station, uuid=uuid, seen=shown) == first
    other = drafted(writer, small(title="Another"))
    actions.submit(by=writer, station=other, seen=seen(other))
    with pytest.raises(Conflict, match="saved before with other content"):
        actions.publish(by=reader, station=other, uuid=uuid, seen=seen(other))


def test_whoever_wrote_it_does_not_publish_it(writer: Person, reader: Person) -> None:
    station = drafted(writer)
    actions.submit(by=writer, station=station, seen=seen(station))
    with pytest.raises(NotAllowed, match="You wrote on this draft"):
        actions.publish(by=writer, station=station, uuid=uuid4(), seen=seen(station))
    version = actions.publish(by=reader, station=station, uuid=uuid4(), seen=seen(station))
    with pytest.raises(IntegrityError), transaction.atomic():
        StationVersion.objects.create(
            station=version.station, number=2, published_on=version.published_on, digest="x",
            document="x", written_by=writer, reviewed_by=writer,
        )  # fmt: skip


def test_version_never_changes(writer: Person, reader: Person) -> None:
    version = published(writer, reader)
    version.document = "{}"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        StationVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_draft_and_its_state_go_together(writer: Person) -> None:
    station = drafted(writer)
    station.state = State.NONE
    with pytest.raises(IntegrityError), transaction.atomic():
        station.save()


def test_draft_with_a_second_reader_is_not_written_on(writer: Person) -> None:
    station = drafted(writer)
    actions.submit(by=writer, station=station, seen=seen(station))
    with pytest.raises(Conflict, match="A second reader has this draft"):
        actions.write(by=writer, station=station, document=small(minutes=9), seen=seen(station))
    actions.give_back(by=writer, station=station)
    actions.write(by=writer, station=station, document=small(minutes=9), seen=seen(station))
    station.refresh_from_db()
    assert queries.drafted(station).minutes == 9


@pytest.mark.parametrize("act", ["write", "submit", "publish"])
def test_what_somebody_changed_meanwhile_is_looked_at_again(
    writer: Person, reader: Person, act: str
) -> None:
    station = drafted(writer)
    shown = seen(station)
    actions.write(by=reader, station=station, document=small(minutes=9), seen=shown)
    if act == "publish":
        actions.submit(by=writer, station=station, seen=seen(station))
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: actions.write(by=writer, station=station, document=small(minutes=7), seen=shown),
        "submit": lambda: actions.submit(by=writer, station=station, seen=shown),
        "publish": lambda: actions.publish(by=writer, station=station, uuid=uuid4(), seen=shown),
    }  # fmt: skip
    with pytest.raises(Conflict, match="Somebody changed this draft meanwhile"):
        acts[act]()


def test_draft_with_a_problem_goes_to_nobody(writer: Person) -> None:
    station = drafted(writer, small(candidate="", items=(item(1, competencies=("Z9",)),)))
    with pytest.raises(actions.HasProblems) as refused:
        actions.submit(by=writer, station=station, seen=seen(station))
    assert refused.value.problems == [
        "It has no instructions for the candidate.",
        "Item 1 names the competency Z9, which no framework has.",
    ]


def test_draft_that_says_nothing_new_goes_to_nobody(writer: Person, reader: Person) -> None:
    station = published(writer, reader).station
    actions.begin_next(by=writer, station=station)
    with pytest.raises(DomainError, match="says the same as version 1"):
        actions.submit(by=writer, station=station, seen=seen(station))


def test_what_waits_for_nobody_is_not_published(writer: Person, reader: Person) -> None:
    station = drafted(writer)
    with pytest.raises(Conflict, match="does not wait for a second reader"):
        actions.publish(by=reader, station=station, uuid=uuid4(), seen=seen(station))


def test_dropped_draft_is_kept_in_its_history(writer: Person, reader: Person) -> None:
    station = drafted(writer)
    actions.drop(by=writer, station=station)
    station.refresh_from_db()
    assert (station.state, station.draft) == (State.NONE, "")
    assert documents.from_canonical(station.history.earliest().draft) == small()
    with pytest.raises(Conflict, match="No draft of this station is open"):
        actions.write(by=writer, station=station, document=small(minutes=9), seen="")


def test_others_write_no_station(writer: Person, reader: Person) -> None:
    nobody, station = with_account("Nora Nobody"), drafted(writer)
    shown = seen(station)
    acts: list[Callable[[], object]] = [
        lambda: actions.start(by=nobody, document=small(), uuid=uuid4()),
        lambda: actions.begin_next(by=nobody, station=station),
        lambda: actions.write(by=nobody, station=station, document=small(minutes=9), seen=shown),
        lambda: actions.submit(by=nobody, station=station, seen=shown),
        lambda: actions.give_back(by=nobody, station=station),
        lambda: actions.drop(by=nobody, station=station),
        lambda: actions.publish(by=nobody, station=station, uuid=uuid4(), seen=shown),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    station.refresh_from_db()
    assert (station.state, queries.drafted(station)) == (State.DRAFT, small())


@pytest.mark.engine
def test_whoever_wrote_any_of_a_draft_does_not_publish_it(writer: Person, reader: Person) -> None:
    station = drafted(writer)
    third, mended = educator("Theo Third"), small(minutes=9)
    actions.write(by=reader, station=station, document=mended, seen=seen(station))
    actions.submit(by=reader, station=station, seen=seen(station))
    for one in (writer, reader):
        assert not queries.waiting([one.pk])
        with pytest.raises(NotAllowed, match="somebody who did not reads and publishes it"):
            actions.publish(by=one, station=station, uuid=uuid4(), seen=seen(station))
    assert queries.waiting([third.pk]) == {station.pk}
    actions.publish(by=third, station=station, uuid=uuid4(), seen=seen(station))
    # A new draft begins anew, and who only opens it has written nothing.
    actions.begin_next(by=writer, station=station)
    actions.write(by=reader, station=station, document=small(minutes=10), seen=seen(station))
    actions.submit(by=reader, station=station, seen=seen(station))
    assert queries.waiting([reader.pk]) == set()
    assert actions.publish(by=writer, station=station, uuid=uuid4(), seen=seen(station)).number == 2


def test_list_holds_what_is_published_or_open(writer: Person, reader: Person) -> None:
    assert queries.listed() == []
    first = published(writer, reader).station
    gone = drafted(writer, replace(small(), title="Another"))
    assert [line.station for line in queries.listed()] == [gone, first]
    actions.submit(by=writer, station=gone, seen=seen(gone))
    assert queries.waiting([reader.pk]) == {gone.pk}
    assert not queries.waiting([writer.pk])
    actions.drop(by=writer, station=gone)
    assert [line.station for line in queries.listed()] == [first]
