"""The floor at a moment: each circuit's clock, and each station with its examiners, candidate, sheets and tablets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef

from logbooks.osces.day import asking
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.people import merged
from logbooks.osces.day.signals import Signal, marked, signals
from logbooks.osces.models import Exam, ExamPlace, MarkSheet, SheetClosed, Tablet
from logbooks.osces.timetable.exam import Visit

# After so long without a word, a tablet is said not to be heard of.
SILENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of an examiner's tablets: marks that only they have, and when the last was heard; none: never."""

    unsent: int
    at: datetime | None
    silent: str


@dataclass(frozen=True, slots=True)
class Line:
    """An examiner at a station: the sheet of the candidate who is there, its marks here, sheets that are late, the tablet."""

    station: str
    examiner: str
    candidate: str
    sheet: str
    marks: int
    late: tuple[str, ...]
    heard: Heard


@dataclass(frozen=True, slots=True)
class Ring:
    """A circuit with its clock and the lines of its stations."""

    signal: Signal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything, with the totals: marks that only tablets have, closed sheets and how many are expected by the end."""

    rings: tuple[Ring, ...]
    unsent: int
    closed: int
    expected: int
    late: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    marks: int
    closed: bool


# A sheet is of a candidate, at the marked station with this number from 0, by an examiner.
_Key = tuple[str, int, str]


def board(exam: Exam, said: Announced, now: datetime) -> Board:
    """The floor at a moment, where whoever was merged is one examiner; five queries."""
    kept = merged()
    sheets = _sheets(exam, kept)
    tablets = _tablets(exam, now, kept)
    names = asking.names(said.exam)
    numbers = {one.key: one.name for one in said.exam.candidates}
    ended: dict[tuple[str, str, int], list[Visit]] = defaultdict(list)
    expected = 0
    circuits = said.circuits()
    for visit in said.timetable.visits:
        expected += len(circuits[visit.session, visit.circuit].positions[visit.position].examiners)
        if visit.ends <= now:
            ended[visit.session, visit.circuit, visit.position].append(visit)
    rings = []
    for signal in signals(said, now):
        lines = []
        for order, position in enumerate(marked(signal.circuit)):
            place = signal.circuit.positions[position]
            over = ended[signal.session.name, signal.circuit.name, position]
            for key in place.examiners:
                known = kept.get(key, key)
                late = [
                    numbers[one.candidate]
                    for one in over
                    if not sheets.get((one.candidate, order, known), _Sheet(0, False)).closed
                ]
                here = signal.now_at(position)
                lines.append(
                    Line(
                        station=place.name,
                        examiner=names.get(key, ""),
                        candidate=numbers[here.candidate] if here else "",
                        late=tuple(late),
                        heard=tablets.get(known, Heard(0, None, "")),
                        **_now(here, sheets, order, known),
                    )
                )
        rings.append(Ring(signal, tuple(lines)))
    return Board(
        tuple(rings),
        unsent=sum(one.unsent for one in tablets.values()),
        closed=sum(one.closed for one in sheets.values()),
        expected=expected,
        late=sum(len(line.late) for ring in rings for line in ring.lines),
    )


def _now(
    visit: Visit | None, sheets: Mapping[_Key, _Sheet], order: int, key: str
) -> dict[str, Any]:
    found = sheets.get((visit.candidate, order, key)) if visit else None
    if found is None:
        return {"sheet": "not opened" if visit else "", "marks": 0}
    return {"sheet": "closed" if found.closed else "open", "marks": found.marks}


def _sheets(exam: Exam, kept: Mapping[str, str]) -> dict[_Key, _Sheet]:
    places = exam.places.filter(kind=ExamPlace.Kind.STATION).order_by("number")
    order = {pk: number for number, pk in enumerate(places.values_list("pk", flat=True))}
    closings = SheetClosed.objects.filter(sheet=OuterRef("pk"))
    rows = MarkSheet.objects.filter(exam=exam).annotate(
        marks=Count("events"), closed=Exists(closings)
    )
    # A sheet that is closed stands before another of the same examiner.
    read = rows.order_by("closed", "pk").values_list(
        "candidate__uuid", "place", "examiner__uuid", "marks", "closed"
    )
    return {
        (str(candidate), order[place], kept.get(str(examiner), str(examiner))): _Sheet(
            marks, closed
        )
        for candidate, place, examiner, marks, closed in read
    }


def _tablets(exam: Exam, now: datetime, kept: Mapping[str, str]) -> dict[str, Heard]:
    own: dict[str, list[Tablet]] = defaultdict(list)
    for row in Tablet.objects.filter(exam=exam).select_related("examiner"):
        key = str(row.examiner.uuid)
        own[kept.get(key, key)].append(row)
    return {key: _heard(rows, now) for key, rows in own.items()}


def _heard(rows: Sequence[Tablet], now: datetime) -> Heard:
    last = max(row.heard_at for row in rows)
    gone = now - last
    minutes = int(gone.total_seconds() // 60)
    words = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return Heard(
        sum(row.unsent for row in rows), last, f"not heard for {words}" if gone > SILENT else ""
    )
