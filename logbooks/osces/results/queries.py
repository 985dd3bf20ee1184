"""The standards of exams as they stand."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from logbooks.osces.models import Exam, ExamPlace, StandardSet
from logbooks.osces.results import decision
from logbooks.osces.results.decision import Decision
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Decided:
    """What a board decided last about an exam, and who recorded it."""

    fact: StandardSet
    said: Decision
    by: str


def standing(exam: Exam) -> StandardSet | None:
    """What the board decided last; one query."""
    found: StandardSet | None = _standing().filter(exam=exam).first()
    return found


def decided(stations: Collection[int]) -> dict[int, Decided]:
    """The same of every exam that has one of these stations, by the exam's primary key; one query."""
    who = Person.objects.filter(uuid=OuterRef("entry__actor")).values("name")[:1]
    places = ExamPlace.objects.filter(version__station__in=stations)
    rows = _standing().filter(exam__in=places.values("exam")).annotate(by=Subquery(who))
    return {row.exam_id: Decided(row, decision.from_canonical(row.document), row.by) for row in rows}  # fmt: skip


def _standing() -> QuerySet[StandardSet]:
    return StandardSet.objects.filter(superseded_by=None).select_related("entry")
