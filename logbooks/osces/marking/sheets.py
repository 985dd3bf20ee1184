"""All mark sheets of an exam for those who run it: what is expected, what is there, and what a person has to look at."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from logbooks.osces.day.people import merged
from logbooks.osces.day.queries import Marked, announced_of, marked
from logbooks.osces.marking.register import COMMENT
from logbooks.osces.models import (
    AmendmentAsked,
    AmendmentRefused,
    Exam,
    MarkEvent,
    MarkSheet,
    SheetClosed,
)
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Expected:
    """A sheet that the timetable expects, or one that is there beside it (`meant` is false)."""

    candidate: UUID
    number: int
    station: Marked
    examiner: Person
    sheet: MarkSheet | None
    closed: SheetClosed | None
    events: int
    late: int
    waiting: AmendmentAsked | None
    meant: bool


def expected(exam: Exam) -> list[Expected]:
    """Every sheet of an exam, by candidate and station; nine queries. Whoever was merged is one examiner."""
    told, stations = announced_of(exam), marked(exam)
    if told is None:
        return []
    numbers = dict(exam.candidates.values_list("uuid", "number"))
    rows = exam.sheets.select_related("candidate", "examiner").annotate(taps=Count("events"))
    sheets = {(one.candidate.uuid, one.place_id, one.examiner.uuid): one for one in rows}
    closings = SheetClosed.objects.filter(sheet__exam=exam, superseded_by=None)
    closed = {one.sheet_id: one for one in closings}
    late = late_events(closed.values())
    asked = AmendmentAsked.objects.filter(sheet__exam=exam, refused=None, accepted=None)
    waiting = {one.sheet_id: one for one in asked}
    places = {one.name: one for one in stations}
    wanted = {
        (UUID(visit.candidate), places[visit.station].place.pk, UUID(key))
        for visit in told.timetable.visits
        if visit.station in places
        for key in told.examiners_at(visit)
    }
    kept = {UUID(one): UUID(other) for one, other in merged().items()}

    def whole(cell: tuple[UUID, int, UUID]) -> tuple[UUID, int, UUID]:
        return (*cell[:2], kept.get(cell[2], cell[2]))

    meant, there = set(map(whole, wanted)), set(map(whole, sheets))
    people = {one.uuid: one for one in Person.objects.filter(uuid__in={key for *_, key in wanted})}
    people |= {one.examiner.uuid: one.examiner for one in sheets.values()}
    order = {one.place.pk: one for one in stations}
    found = []
    for one in [*sheets, *(cell for cell in wanted if whole(cell) not in there)]:
        candidate, place, examiner = one
        sheet = sheets.get(one)
        key = sheet.pk if sheet else 0
        found.append(
            Expected(
                candidate=candidate,
                number=numbers[candidate],
                station=order[place],
                examiner=people[examiner],
                sheet=sheet,
                closed=closed.get(key),
                events=sheet.taps if sheet else 0,
                late=len(late.get(key, ())),
                waiting=waiting.get(key),
                meant=whole(one) in meant,
            )
        )
    return sorted(found, key=lambda one: (one.number, one.station.order, one.examiner.name))


def after_closing() -> QuerySet[MarkEvent]:
    """The marks that arrived after their sheet was closed first."""
    before = SheetClosed.objects.filter(sheet=OuterRef("sheet"), entry__seq__lt=OuterRef("entry__seq"))  # fmt: skip
    rows: QuerySet[MarkEvent] = MarkEvent.objects.filter(Exists(before))
    return rows.exclude(part=COMMENT)


def late_events(standing: Iterable[SheetClosed]) -> dict[int, list[MarkEvent]]:
    """The marks that arrived after somebody last decided about their sheet and say something else than it, by sheet; two queries.

    `standing` is what the closed sheets of the exam say now.
    """
    closed = {row.sheet_id: row for row in standing}
    facts = list(after_closing().filter(sheet__in=closed).order_by("entry"))
    decided = {key: row.entry.seq for key, row in closed.items()}
    refused = AmendmentRefused.objects.filter(asked__sheet__in=closed).select_related("asked")
    for row in refused if facts else ():
        decided[row.asked.sheet_id] = max(decided[row.asked.sheet_id], row.entry.seq)
    own: dict[int, list[MarkEvent]] = {}
    for fact in facts:
        says = json.loads(closed[fact.sheet_id].marks).get(fact.part)
        cleared = fact.said == MarkEvent.Said.CLEARED
        if fact.entry.seq > decided[fact.sheet_id] and (cleared or says != fact.value):
            own.setdefault(fact.sheet_id, []).append(fact)
    return own


def one(exam: Exam, uuid: UUID) -> MarkSheet | None:
    """A sheet of an exam with whose it is."""
    rows = exam.sheets.select_related("book", "candidate", "examiner", "exam", "place__version")
    found: MarkSheet | None = rows.filter(uuid=uuid).first()
    return found
