"""One examiner at one station: whom they examine when, and what each sheet says."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from logbooks.osces.day import announced
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked, announced_of, marked
from logbooks.osces.exams.queries import kept
from logbooks.osces.marking.reading import State, states
from logbooks.osces.models import Candidate, Exam, MarkSheet, SheetClosed, Timetabled
from logbooks.osces.timetable.exam import Visit
from school.core.compiled import compiled
from school.people.models import Person

# No candidate's key. A kept statement asks nothing where a list is empty, so this stands in each.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate whom somebody examines; `visit` is none where the timetable no longer has it."""

    candidate: Candidate
    visit: Visit | None
    sheet: MarkSheet | None
    state: State | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Station:
    """A marked station of an exam as one examiner has it, candidates in order of time."""

    exam: Exam
    marked: Marked
    told: Announced
    lines: tuple[Line, ...]

    def line(self, number: int) -> Line | None:
        """The line of a candidate, by their number."""
        return next((one for one in self.lines if one.candidate.number == number), None)

    def now(self) -> Line | None:
        """Whose sheet is to be marked: the first that is not closed, or else the last."""
        left = (one for one in self.lines if one.closed_at is None)
        return next(left, self.lines[-1] if self.lines else None)


def station(exam: Exam, place: int, examiner: Person, me: Collection[int]) -> Station | None:
    """What an examiner, by the keys of everyone they are, has at a place of an exam; none where nothing. Six queries."""
    found = next((one for one in marked(exam) if one.place.number == place), None)
    told = announced_of(exam) if found else None
    if found is None or told is None:
        return None
    visits = {
        visit.candidate: visit
        for key in keys(examiner, me)
        for visit in told.examined_by(key)
        if visit.station == found.name
    }
    sheets = {row.candidate_id: row for row in _sheets(place=found.place, me=list(me))}
    said = states(list(sheets.values())) if sheets else {}
    met = set(visits) if visits or sheets else ever_examined(found, keys(examiner, me))
    rows = _candidates(exam=exam, keys=[NOBODY, *map(UUID, met)], pks=[0, *sheets])
    lines = [_line(one, visits.get(str(one.uuid)), sheets.get(one.pk), said) for one in rows]
    if not lines:
        return None
    lines.sort(key=lambda one: (_starts(one), one.candidate.number))
    return Station(exam, found, told, tuple(lines))


@compiled
def _sheets(place: Any, me: Any) -> QuerySet[Any]:
    return with_closings(MarkSheet.objects.filter(place=place, examiner__in=me))


@compiled
def _candidates(exam: Any, keys: Any, pks: Any) -> QuerySet[Candidate]:
    rows = Candidate.objects.filter(Q(uuid__in=keys) | Q(pk__in=pks), exam=exam)
    return rows.select_related("enrolment__person")


def _line(
    one: Candidate,
    visit: Visit | None,
    sheet: Any,
    said: Mapping[int, State],
) -> Line:
    if sheet is None:
        return Line(one, visit, None, None, None)
    return Line(one, visit, sheet, said.get(sheet.pk), sheet.closed_at)


def _starts(one: Line) -> float:
    return one.visit.starts.timestamp() if one.visit else 0


def with_closings(sheets: QuerySet[MarkSheet]) -> QuerySet[Any]:
    """The same sheets, each with `closed_at`: when what it says now was closed, or none."""
    closed = SheetClosed.objects.filter(sheet=OuterRef("pk"), superseded_by=None)
    return sheets.annotate(closed_at=Subquery(closed.values("entry__recorded_at")[:1]))


def keys(examiner: Person, me: Collection[int]) -> list[UUID]:
    """The UUIDs under which a timetable may know somebody: merged persons have several."""
    if len(me) == 1:
        return [examiner.uuid]
    return list(Person.objects.filter(pk__in=me).values_list("uuid", flat=True))


def timetables(exam: Exam) -> Iterator[Announced]:
    """Every timetable of an exam, the newest first; one query.

    What an examiner marked without a signal counts though the timetable was changed meanwhile.
    """
    for row in Timetabled.objects.filter(exam=exam).order_by("-pk"):
        yield announced.from_canonical(row.document)


def ever_told(
    exam: Exam, candidate: Candidate, name: str, examiner: Collection[UUID]
) -> Announced | None:
    """The newest timetable in which an examiner, by their UUIDs, met a candidate at a station."""
    for told in timetables(exam):
        visit = told.visit(candidate.uuid, name)
        if visit is not None and not {str(key) for key in examiner}.isdisjoint(
            told.examiners_at(visit)
        ):
            return told
    return None


def ever_examined(station: Marked, examiner: Collection[UUID]) -> set[str]:
    """The candidates, by UUID as text, of an examiner at a station in the newest timetable in which they had any."""
    for told in timetables(station.place.exam):
        visits = [visit for key in examiner for visit in told.examined_by(key)]
        if found := {visit.candidate for visit in visits if visit.station == station.name}:
            return found
    return set()


@dataclass(frozen=True, slots=True)
class Duty:
    """A station at which somebody examines in an exam: from when to when, and how many candidates."""

    exam: Exam
    marked: Marked
    starts: datetime
    ends: datetime
    candidates: int
    closed: int


def duties(examiner: Person, me: Collection[int], exams: Collection[Exam]) -> list[Duty]:
    """Where somebody examines in these exams, in order of time; two queries an exam and one more."""
    found = []
    for exam in exams:
        told = announced_of(exam)
        if told is None:
            continue
        visits = [visit for key in keys(examiner, me) for visit in told.examined_by(key)]
        for one in marked(exam) if visits else ():
            own = [visit for visit in visits if visit.station == one.name]
            if own:
                sheets = MarkSheet.objects.filter(place=one.place, examiner__in=me)
                closed = sheets.filter(Exists(SheetClosed.objects.filter(sheet=OuterRef("pk")))).count()  # fmt: skip
                first, last = min(one.starts for one in own), max(one.ends for one in own)
                found.append(Duty(exam, one, first, last, len(own), closed))
    return sorted(found, key=lambda duty: duty.starts)


def examined(examiner: Person, me: Collection[int], since: Any) -> list[Exam]:
    """The exams from a day on whose standing timetable names somebody as an examiner; one query, or two."""
    condition = Q()
    for key in keys(examiner, me):
        condition |= Q(timetables__document__contains=str(key), timetables__superseded_by=None)
    return list(kept().filter(condition, day__gte=since).order_by("day").distinct())
