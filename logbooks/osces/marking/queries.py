"""Mark sheets as they are closed, and the marks of an exam as the arithmetic takes them."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet

from logbooks.osces.analysis.marks import Mark
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.people import merged
from logbooks.osces.day.queries import Marked, marked
from logbooks.osces.marking.register import GRADE
from logbooks.osces.models import Exam, SheetClosed
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed sheet: the marked station, and the marks by item; None where the item was not observed."""

    closing: SheetClosed
    station: Marked
    marks: Mapping[UUID, int | None]


def standing(exam: Exam) -> QuerySet[SheetClosed]:
    """What every closed sheet of an exam says now; one query."""
    rows: QuerySet[SheetClosed] = SheetClosed.objects.filter(sheet__exam=exam, superseded_by=None)
    return rows.select_related(
        "sheet__candidate__enrolment__person", "sheet__examiner", "sheet__place", "entry"
    ).order_by("sheet__candidate__number", "sheet__place__number", "pk")


def closed(exam: Exam, stations: Sequence[Marked] | None = None) -> list[Closed]:
    """Every closed sheet with its marks, by candidate and station; two queries, one when the marked stations are given."""
    known = {one.place.pk: one for one in (marked(exam) if stations is None else stations)}
    return [Closed(row, known[row.sheet.place_id], _marks(row.marks)) for row in standing(exam)]


def _marks(text: str) -> dict[UUID, int | None]:
    return {UUID(part): value for part, value in json.loads(text).items() if part != GRADE}


def marks_of(sheets: Sequence[Closed], meant: Collection[int]) -> tuple[Mark, ...]:
    """The marks that closed sheets come to; `meant` are the keys of the sheets that are `allocated`.

    Where both examiners of a station closed a sheet, the mark and the grade are the mean of the two. The sheet of
    somebody who was not to examine there is a row of its own, which the quality of the marks then complains of.
    """
    cells: dict[tuple[int, int], list[Closed]] = defaultdict(list)
    for one in sheets:
        cells[one.closing.sheet.candidate_id, one.station.order].append(one)
    names = examiner_names([one.closing.sheet.examiner for own in cells.values() for one in own])
    rows = []
    for own in cells.values():
        together = [one for one in own if one.closing.sheet_id in meant]
        rows += [_row(together, names)] if together else []
        rows += [_row([one], names) for one in own if one not in together]
    return tuple(rows)


def allocated(sheets: Sequence[Closed], announced: Announced | None) -> set[int]:
    """The keys of the sheets whose examiner, by whatever record they are known, was to examine that candidate there.

    One query, none where everybody was by the record that they marked with.
    """
    if announced is None:
        return set()
    wanted = {
        (visit.candidate, visit.station, key)
        for visit in announced.timetable.visits
        for key in announced.examiners_at(visit)
    }
    cells = {
        one.closing.sheet_id: (
            str(sheet.candidate.uuid),
            one.station.name,
            str(sheet.examiner.uuid),
        )
        for one in sheets
        if (sheet := one.closing.sheet)
    }
    if wanted.issuperset(cells.values()):
        return set(cells)
    kept = merged()
    wanted = {(candidate, name, kept.get(key, key)) for candidate, name, key in wanted}
    return {
        pk for pk, (who, name, key) in cells.items() if (who, name, kept.get(key, key)) in wanted
    }


def examiner_names(examiners: Sequence[Person]) -> dict[int, str]:
    """What examiners are called, by primary key; namesakes with the end of their UUID."""
    names = {one.pk: str(one) for one in examiners}
    times = Counter(names.values())
    keys = {one.pk: one.uuid.hex[-4:] for one in examiners}
    return {pk: f"{name} ({keys[pk]})" if times[name] > 1 else name for pk, name in names.items()}


def _row(own: Sequence[Closed], names: Mapping[int, str]) -> Mark:
    sheet, station = own[0].closing.sheet, own[0].station
    totals = [one.closing.total for one in own if one.closing.total is not None]
    return Mark(
        candidate=str(sheet.candidate.number),
        circuit=sheet.circuit,
        station=station.short,
        examiner=" and ".join(names[one.closing.sheet.examiner_id] for one in own),
        max_mark=Fraction(station.document.most),
        mark=Fraction(sum(totals), len(totals)) if totals else None,
        grade=Fraction(sum(one.closing.grade for one in own), len(own)),
        site=sheet.site,
    )
