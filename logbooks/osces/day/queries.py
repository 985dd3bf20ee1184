"""The day of an exam as it stands: candidates, conflicts, the timetable."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from logbooks.osces.day import announced
from logbooks.osces.day.announced import Announced, station_name
from logbooks.osces.models import Candidate, ConflictDeclared, Exam, ExamPlace, Timetabled
from logbooks.osces.stations import document as stations
from logbooks.osces.stations.document import Document
from logbooks.osces.timetable import exam as given
from logbooks.osces.timetable.exam import Visit
from school.core import clock
from school.core.compiled import compiled
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Coming:
    """A student's exam that is announced: their number, and where and when they begin."""

    candidate: Candidate
    first: Visit
    site: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked station of an exam, `order` counted among the marked ones from 1, with the version that is marked."""

    order: int
    place: ExamPlace
    document: Document

    @property
    def short(self) -> str:
        """What tables and plots call it."""
        return f"S{self.order}"

    @property
    def name(self) -> str:
        """What a timetable calls it."""
        return station_name(self.order, self.document.title)


def coming(me: Sequence[int]) -> list[Coming]:
    """The exams from today on in which somebody is a candidate, once announced, by day; two queries."""
    rows = Candidate.objects.filter(
        enrolment__person__in=me,
        withdrawn=False,
        exam__day__gte=clock.today(),
        exam__state=Exam.State.FROZEN,
    )
    own = list(rows.select_related("exam").order_by("exam__day", "pk"))
    standing = Timetabled.objects.filter(exam__in=[one.exam_id for one in own], superseded_by=None)
    said = {row.exam_id: announced.from_canonical(row.document) for row in standing}
    found = []
    for one in own:
        timetable = said.get(one.exam_id)
        first = timetable.first(one.uuid) if timetable else None
        if timetable and first:
            found.append(Coming(one, first, timetable.site_of(first.session)))
    return found


def candidates(exam: Exam) -> QuerySet[Candidate]:
    """Those who are examined, by number; one query."""
    rows = exam.candidates.filter(withdrawn=False).order_by("number")
    return rows.select_related("enrolment__person", "enrolment__cohort")


def conflicts(exam: Exam) -> dict[tuple[UUID, UUID], ConflictDeclared]:
    """What stands of the conflicts that were declared, by examiner and candidate; one query."""
    rows = exam.conflicts.select_related("examiner", "candidate").order_by("pk")
    last = {(row.examiner.uuid, row.candidate.uuid): row for row in rows}
    return {pair: row for pair, row in last.items() if row.holds}


def timetabled(exam: Exam) -> Timetabled | None:
    """The timetable that stands; one query."""
    return next(iter(_timetabled(exam=exam)), None)


@compiled
def _timetabled(exam: Any) -> QuerySet[Timetabled]:
    found: QuerySet[Timetabled] = Timetabled.objects.filter(exam=exam, superseded_by=None)
    return found


def announced_of(exam: Exam) -> Announced | None:
    """What it says; one query."""
    found = timetabled(exam)
    return announced.from_canonical(found.document) if found else None


def met_by(exam: Exam, examiner: Person) -> set[UUID]:
    """The UUIDs of the candidates whom somebody meets by the timetable that stands; one query."""
    told = announced_of(exam)
    return {UUID(one.candidate) for one in told.examined_by(examiner.uuid)} if told else set()


def marked(exam: Exam) -> list[Marked]:
    """The marked stations of a frozen exam, in order; one query."""
    found = []
    for order, row in enumerate(_marked(exam=exam), start=1):
        assert row.version  # the database holds it for a marked place
        row.exam = exam
        found.append(Marked(order, row, stations.from_canonical(row.version.document)))
    return found


@compiled
def _marked(exam: Any) -> QuerySet[ExamPlace]:
    rows = ExamPlace.objects.filter(exam=exam, kind=ExamPlace.Kind.STATION).order_by("number")
    return rows.select_related("version")


def seen(plan: str) -> str:
    """What stands for the sessions as they are written, so that nobody overwrites what they did not see."""
    return hashlib.sha256(plan.encode()).hexdigest()


def everybody(exam: Exam) -> QuerySet[Candidate]:
    """All candidates, those who were withdrawn last; one query."""
    rows = exam.candidates.order_by("withdrawn", "number")
    return rows.select_related("exam", "enrolment__person", "enrolment__cohort")


def is_stale(said: Announced, asked: given.Exam) -> bool:
    """Whether something was written since the timetable was worked out."""
    return said.exam != asked


def has_begun(said: Announced) -> bool:
    """Whether somebody has begun."""
    return any(one.starts <= clock.now() for one in said.timetable.visits)
