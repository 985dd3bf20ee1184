"""Exams for tests: stations to make them of, and exams on their way."""

from datetime import date
from typing import Any
from uuid import uuid4

from logbooks.osces.exams import actions, queries
from logbooks.osces.exams.document import Document, Kind, Place
from logbooks.osces.models import Exam, ExamFrozen, StationVersion
from logbooks.osces.stations import actions as bank
from school.people.models import Person
from tests.logbooks.osces.stations import made as stations

DAY = date(2027, 3, 4)
REST = Place(Kind.REST, minutes=5)


def versions(writer: Person, reader: Person, count: int = 2) -> list[StationVersion]:
    """So many published stations, of 8 minutes each."""
    return [
        stations.published(writer, reader, stations.small(title=f"Station {number}"))
        for number in range(1, count + 1)
    ]


def next_version(writer: Person, reader: Person, before: StationVersion) -> StationVersion:
    """The version after one, which lasts 12 minutes."""
    station = bank.begin_next(by=writer, station=before.station)
    changed = stations.small(title=f"{before.station.title}, longer", minutes=12)
    bank.write(by=writer, station=station, document=changed, seen=stations.seen(station))
    bank.submit(by=writer, station=station, seen=stations.seen(station))
    return bank.publish(by=reader, station=station, uuid=uuid4(), seen=stations.seen(station))


def at(version: StationVersion) -> Place:
    """A place where a version is marked."""
    return Place(Kind.STATION, version=version.uuid, digest=version.digest)


def design(*found: StationVersion, **changed: Any) -> Document:
    """A circuit of stations, with a rest at its end."""
    return Document(**{"places": (*map(at, found), REST), **changed})


def drafted(writer: Person, document: Document, **changed: Any) -> Exam:
    """An exam that is being written."""
    said: dict[str, Any] = {
        "title": "Year 3 OSCE",
        "day": DAY,
        "year": 3,
        "uuid": uuid4(),
        **changed,
    }
    return actions.start(by=writer, document=document, **said)


def seen(exam: Exam) -> str:
    """What stands for the exam as somebody is shown it now."""
    exam.refresh_from_db()
    return queries.seen(exam)


def submitted(writer: Person, document: Document, **changed: Any) -> Exam:
    """An exam that waits for a second reader."""
    exam = drafted(writer, document, **changed)
    return actions.submit(by=writer, exam=exam, seen=seen(exam))


def frozen(writer: Person, reader: Person, document: Document, **changed: Any) -> ExamFrozen:
    """An exam that a second person froze."""
    exam = submitted(writer, document, **changed)
    return actions.freeze(by=reader, exam=exam, uuid=uuid4(), seen=seen(exam))
