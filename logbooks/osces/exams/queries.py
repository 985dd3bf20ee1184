"""Exams as those who run OSCEs see them, and the published stations that they are made of."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from logbooks.osces.exams import document as documents
from logbooks.osces.exams.document import Document, Kind, Known
from logbooks.osces.models import Exam, ExamPlace, Station, StationVersion
from logbooks.osces.stations import document as stations

YOURS = "You wrote on this exam, so somebody who did not reads and freezes it."


@dataclass(frozen=True, slots=True)
class Published:
    """A published version of a station, what it says, and the number of the newest version of that station."""

    version: StationVersion
    document: stations.Document
    newest: int

    @property
    def known(self) -> Known:
        """What the design of an exam is checked against."""
        title, minutes = self.document.title, self.document.minutes
        return Known(self.version.station.uuid, title, minutes, self.version.digest)


@dataclass(frozen=True, slots=True)
class Line:
    """An exam in the list, with how many marked stations it has."""

    exam: Exam
    stations: int


def kept() -> QuerySet[Exam]:
    """The exams that nobody dropped; one query."""
    rows = Exam.objects.exclude(state=Exam.State.DROPPED)
    return rows.select_related("written_by", "book", "frozen__entry", "frozen__written_by")


def listed() -> list[Line]:
    """Every exam, by day; one query."""
    return [
        Line(row, sum(place.kind is Kind.STATION for place in designed(row).places))
        for row in kept().order_by("day", "title", "pk")
    ]


def wrote(me: Collection[int]) -> Exists:
    """Whether any of these people wrote on an exam."""
    return Exists(Exam.history.filter(id=OuterRef("id"), written_by__in=me))


def waiting(me: Collection[int]) -> set[int]:
    """The exams, by primary key, that wait for a second reader and were written on by none of these; one query."""
    rows = Exam.objects.filter(~wrote(me), state=Exam.State.IN_REVIEW)
    return set(rows.values_list("pk", flat=True))


def using(station: Station) -> list[ExamPlace]:
    """Where a station was part of a frozen exam, the newest first; one query."""
    rows = ExamPlace.objects.filter(version__station=station).select_related("exam", "version")
    return list(rows.order_by("-exam__day", "-pk"))


def is_announced(exam: Exam) -> bool:
    """Whether a timetable stands; one query."""
    return exam.timetables.exists()


def designed(exam: Exam) -> Document:
    """The design of an exam: the frozen one, and before that the draft."""
    frozen = exam.state == Exam.State.FROZEN
    return documents.from_canonical(exam.frozen.document if frozen else exam.design)


def seen(exam: Exam) -> str:
    """What stands for all that is written of an exam, so that nobody overwrites what they did not see."""
    text = json.dumps([exam.title, exam.day.isoformat(), exam.year, exam.design])
    return hashlib.sha256(text.encode()).hexdigest()


def published(versions: Collection[UUID]) -> dict[UUID, Published]:
    """The published versions under these UUIDs; one query."""
    return _read(Q(uuid__in=versions))


def choosable(chosen: Collection[UUID]) -> dict[UUID, Published]:
    """What an exam can be made of: the newest version of every station, and what is chosen already; one query."""
    return _read(Q(number=F("newest")) | Q(uuid__in=chosen))


def _read(condition: Q) -> dict[UUID, Published]:
    rows = StationVersion.objects.annotate(newest=Max("station__versions__number"))
    found = rows.filter(condition).select_related("station").order_by("station__title", "pk")
    return {
        row.uuid: Published(row, stations.from_canonical(row.document), row.newest) for row in found
    }


def known(published: Mapping[UUID, Published]) -> dict[UUID, Known]:
    """The same as the design is checked against."""
    return {uuid: one.known for uuid, one in published.items()}


def problems(document: Document) -> list[str]:
    """Why an exam cannot be frozen; one query."""
    return documents.problems(document, known(published(document.versions)))
