"""The day of an exam for tests: candidates, examiners, and a timetable that is announced."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from logbooks.osces import sealing
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked, marked
from logbooks.osces.models import Candidate, Exam, StationVersion, Timetabled
from logbooks.osces.stations.document import Document
from logbooks.osces.timetable import exam as given
from logbooks.osces.timetable.planned import planned
from placements.models import Enrolment
from school.core import ledger
from school.core.ledger import Draft
from school.people.models import Person
from tests.factories import make_person, make_student
from tests.logbooks.osces.exams.made import DAY, design, frozen
from tests.logbooks.osces.stations.made import educator, published, small

START = datetime.fromisoformat(f"{DAY}T09:00+00:00")
SITE = "Elm Hospital"


@dataclass(frozen=True, slots=True)
class Day:
    """An exam with its stations, candidates by number, and the examiners of each circuit in the order of the stations."""

    exam: Exam
    writer: Person
    reader: Person
    stations: list[Marked]
    candidates: list[Candidate]
    examiners: list[list[Person]]


def day(
    stations: int = 2,
    candidates: int = 2,
    circuits: int = 1,
    start: datetime = START,
    document: Document | None = None,
    first: Person | None = None,
    rests: int = 1,
    beside: Person | None = None,
) -> Day:
    """A day with an announced timetable: circuits A, B, … in one session called Morning, from nine o'clock.

    `first` examines at the first station of circuit A, and `beside` examines there too; each circuit has so many rests.
    """
    writer, reader = _known("Wanda Writer"), _known("Rita Reader")
    said = document or small()
    versions = [
        published(writer, reader, replace(said, title=f"Station {number}"))
        for number in range(1, stations + 1)
    ]
    enrolled = [make_student(f"Student {number}") for number in range(1, candidates + 1)]
    return held(versions, enrolled, circuits, start, first, rests, beside)


def held(
    versions: Sequence[StationVersion],
    enrolled: Sequence[Enrolment],
    circuits: int = 1,
    start: datetime = START,
    first: Person | None = None,
    rests: int = 1,
    beside: Person | None = None,
    **changed: Any,
) -> Day:
    """A day of these versions for these enrolments, numbered from 101 on."""
    writer, reader = _known("Wanda Writer"), _known("Rita Reader")
    exam = frozen(writer, reader, design(*versions), day=start.date(), **changed).exam
    found = marked(exam)
    own = [
        Candidate.objects.create(exam=exam, enrolment=one, number=number)
        for number, one in enumerate(enrolled, start=101)
    ]
    examiners = [
        [make_person(f"Examiner {ring}{one.order}") for one in found] for ring in _letters(circuits)
    ]
    examiners[0][0] = first or examiners[0][0]
    made = Day(exam, writer, reader, found, own, examiners)
    announce(made, start, rests, beside=beside)
    return made


def _known(name: str) -> Person:
    """A School educator of this name; two days have the same."""
    return Person.objects.filter(name=name).first() or educator(name)


def announce(
    made: Day,
    start: datetime = START,
    rests: int = 1,
    supersedes: Timetabled | None = None,
    beside: Person | None = None,
) -> Timetabled:
    """Announces the timetable of a day, in place of another."""
    asked = _asked(made, start, rests, beside)
    timetable = planned(asked)
    assert isinstance(timetable, given.Timetable)
    said = Announced(asked, timetable)
    fact = Timetabled(
        exam=made.exam,
        document=sealing.canonical(said),
        digest=sealing.digest(said),
        supersedes=supersedes,
    )
    with ledger.writing(made.exam.book) as pen:
        pen.append([Draft(fact=fact, book=made.exam.book, about_from=made.exam.day, uuid=uuid4())], by=made.writer.uuid)  # fmt: skip
    return fact


def _asked(made: Day, start: datetime, rests: int, beside: Person | None) -> given.Exam:
    free = [given.Position(f"Rest {n}", given.Kind.REST, 5) for n in range(1, rests + 1)]
    others = (str(beside.uuid),) if beside else ()
    rings = [
        given.Circuit(
            letter,
            (
                *(
                    given.Position(
                        one.name,
                        given.Kind.MARKED,
                        8,
                        (str(examiner.uuid), *(others if (letter, one.order) == ("A", 1) else ())),
                    )
                    for one, examiner in zip(made.stations, own, strict=True)
                ),
                *free,
            ),
            change=1,
        )
        for letter, own in zip(_letters(len(made.examiners)), made.examiners, strict=True)
    ]
    people = [one for own in made.examiners for one in own] + [one for one in [beside] if one]
    return given.Exam(
        sessions=(
            given.Session("Morning", SITE, start, start + timedelta(hours=12), tuple(rings)),
        ),
        candidates=tuple(
            given.Candidate(str(one.uuid), str(one.number)) for one in made.candidates
        ),
        examiners=tuple(given.Examiner(str(one.uuid), "") for one in people),
    )


def _letters(count: int) -> Sequence[str]:
    return "ABCDEFGH"[:count]
