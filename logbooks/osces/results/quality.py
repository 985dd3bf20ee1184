"""The data-quality report of an exam: what the board mends or explains before it sets a standard."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q

from logbooks.osces.analysis.marks import Mark, counted, tabled
from logbooks.osces.analysis.quality import Note, notes
from logbooks.osces.analysis.regression import station_cut
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked
from logbooks.osces.marking.queries import Closed
from logbooks.osces.marking.sheets import after_closing, late_events
from logbooks.osces.models import AmendmentAsked, Candidate, Exam, MarkSheet, SheetClosed
from logbooks.osces.stations.document import Item

OPEN, ASKED, MISSING = "sheet open", "amendment unanswered", "missing mark"
CARRIED = "mark carried"
# What to do about each kind; the rest is for the board to explain.
REMEDIES = {
    CARRIED: "Say that the rules let it.",
    ASKED: "Have a second person answer it.",
    "critical item without marks": "Say whether the station alone decides.",
    "examiner not allocated": "Say who examined there and why, or ask for an amendment.",
    "item not observed": "Say whether the item was fair.",
    "late mark": "Ask for an amendment, or say why the sheet stays.",
    "marked twice": "Say which sheet is right: neither is used.",
    MISSING: "Type the paper sheet, or say why there is none.",
    "no cut": "Choose another method or a fixed mark there, or say why the cut that stands in holds.",
    "one grade only": "Look at how the scale was understood.",
    "other scale": "Say that the grades were read so.",
    "withdrawn": "Take the candidate back in, or say why they left.",
    OPEN: "Have it closed, or say why it stays open.",
}
OWN = frozenset({"marked twice", "mark out of range", "one grade only"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the data; `about` with the kind stays the same for as long as it is so."""

    kind: str
    about: tuple[str, ...]
    words: str

    @property
    def key(self) -> str:
        """What stands for it in a form."""
        return hashlib.sha256("|".join((self.kind, *self.about)).encode()).hexdigest()[:16]

    @property
    def remedy(self) -> str:
        """What to do."""
        return REMEDIES.get(self.kind, "Mend it, or explain it.")

    @property
    def note(self) -> Note:
        """The same as an analysis has it."""
        return Note(self.kind, "", "", "", self.words)


@dataclass(frozen=True, slots=True)
class Material:
    """What the report is made of."""

    exam: Exam
    rows: Sequence[Mark]
    closed: Sequence[Closed]
    marked: Sequence[Marked]
    announced: Announced | None
    allocated: Collection[int]
    candidates: Sequence[Candidate]
    borderline: Fraction
    earlier: Mapping[str, Fraction]

    @property
    def counting(self) -> list[Closed]:
        """The closed sheets of those who have not withdrawn."""
        return [one for one in self.closed if not one.closing.sheet.candidate.withdrawn]


def findings(of: Material) -> list[Finding]:
    """The report, by kind; one query, and two more where marks arrived late."""
    sheets = _sheets(of.exam)
    waiting = list(_waiting(of, sheets))
    opened = {one.about[:2] for one in waiting if one.kind == OPEN}
    found = [
        *waiting,
        *_withdrawn(of),
        *_carried(of),
        *_of_rows(of, opened),
        *_of_examiners(of),
        *_late(of, {row.pk for row in sheets if row.late}),
        *_of_items(of),
        *_of_stations(of),
    ]
    return sorted(found, key=lambda one: (one.kind, [counted(name) for name in one.about]))


def _sheets(exam: Exam) -> list[Any]:
    """The sheets of which something may be amiss: open, with an amendment that is `asked` for, or with marks that came `late`."""
    rows = MarkSheet.objects.filter(exam=exam).annotate(
        closed=Exists(SheetClosed.objects.filter(sheet=OuterRef("pk"))),
        asked=Exists(AmendmentAsked.objects.filter(sheet=OuterRef("pk"), refused=None, accepted=None)),
        late=Exists(after_closing().filter(sheet=OuterRef("pk"))),
    )  # fmt: skip
    amiss = rows.filter(Q(closed=False) | Q(asked=True) | Q(late=True))
    return list(amiss.select_related("candidate", "examiner"))


def _waiting(of: Material, sheets: Sequence[Any]) -> Iterator[Finding]:
    """Sheets that are open, and those whose amendment nobody has answered."""
    shorts = {one.place.pk: one.short for one in of.marked}
    for row in sheets:
        number, short = row.candidate.number, shorts[row.place_id]
        about = (str(number), short, str(row.examiner.uuid))
        if row.asked:
            words = f"{number} at {short}: an amendment was asked for, and nobody has answered."
            yield Finding(ASKED, about, words)
        elif not row.closed:
            words = f"{number} at {short}: the sheet of {row.examiner} is not closed."
            yield Finding(OPEN, about, words)


def _of_rows(of: Material, opened: set[tuple[str, ...]]) -> Iterator[Finding]:
    """What the rows say by themselves; a cell whose sheet is open is not called missing as well."""
    allocated: dict[tuple[str, str], set[str]] = {}
    for row in of.rows:
        allocated.setdefault((row.candidate, row.station), set()).add(row.examiner)
    there = {str(one.uuid): str(one.number) for one in of.candidates}
    shorts = {one.name: one.short for one in of.marked}
    for visit in of.announced.timetable.visits if of.announced else ():
        if visit.candidate in there and visit.station in shorts:
            allocated.setdefault((there[visit.candidate], shorts[visit.station]), set())
    missing: dict[str, list[str]] = {}
    for note in notes(of.rows, allocated):
        about = (note.candidate, note.station, note.examiner)
        if note.kind == MISSING:
            if about[:2] not in opened:
                missing.setdefault(note.candidate, []).append(note.station)
        elif note.kind in OWN:
            yield Finding(note.kind, about, note.words)
    for candidate, lacking in missing.items():
        names = sorted(lacking, key=counted)
        yield Finding(
            MISSING, (candidate, *names), f"{candidate} has no mark at {', '.join(names)}."
        )


def _withdrawn(of: Material) -> Iterator[Finding]:
    own: dict[int, list[str]] = {}
    for one in of.closed:
        if one.closing.sheet.candidate.withdrawn:
            own.setdefault(one.closing.sheet.candidate.number, []).append(one.station.short)
    for number, names in own.items():
        words = f"{number} has withdrawn, and was marked at {', '.join(names)}: these marks do not count."
        yield Finding("withdrawn", (str(number),), words)


def _carried(of: Material) -> Iterator[Finding]:
    """The stations that a candidate keeps from earlier exams."""
    own: dict[str, list[Mark]] = {}
    for row in of.rows:
        if row.carried:
            own.setdefault(row.candidate, []).append(row)
    for number, rows in own.items():
        said = [f"{row.station} with {float(row.mark or 0):g} of {float(row.max_mark):g} carried from {row.carried}" for row in rows]  # fmt: skip
        about = (number, *(row.station for row in rows))
        words = f"{number} keeps {', '.join(said)}: the marks count in no other figure than their own total and stations passed."
        yield Finding(CARRIED, about, words)


def _of_examiners(of: Material) -> Iterator[Finding]:
    for one in of.counting:
        sheet = one.closing.sheet
        if one.closing.sheet_id not in of.allocated:
            about = (str(sheet.candidate.number), one.station.short, str(sheet.examiner.uuid))
            words = f"{sheet.candidate.number} at {one.station.short} was marked by {sheet.examiner}, who was not allocated."
            yield Finding("examiner not allocated", about, words)


def _late(of: Material, late: Collection[int]) -> Iterator[Finding]:
    """Marks that arrived after somebody last decided about their sheet, one of these, and say something else."""
    closed = {key: one for one in of.closed if (key := one.closing.sheet_id) in late}
    for key in late_events([one.closing for one in closed.values()]) if late else ():
        sheet, short = closed[key].closing.sheet, closed[key].station.short
        words = f"{sheet.candidate.number} at {short}: marks arrived after the sheet of {sheet.examiner} was closed, and say something else."
        yield Finding("late mark", (str(sheet.candidate.number), short, str(sheet.examiner.uuid)), words)  # fmt: skip


def _of_items(of: Material) -> Iterator[Finding]:
    unseen: dict[tuple[str, int], list[int]] = defaultdict(list)
    missed: dict[tuple[str, int], list[int]] = defaultdict(list)
    items: dict[tuple[str, int], Item] = {}
    for one in of.counting:
        number = one.closing.sheet.candidate.number
        for place, item in enumerate(one.station.document.items, start=1):
            at = (one.station.short, place)
            items[at] = item
            if item.key in one.marks and one.marks[item.key] is None:
                unseen[at].append(number)
            elif item.critical and one.marks.get(item.key) == 0:
                missed[at].append(number)
    said = (
        ("item not observed", unseen, "was not observed for"),
        ("critical item without marks", missed, "is critical, and has no marks for"),
    )
    for kind, found, verb in said:
        for (short, place), numbers in found.items():
            about = (short, str(items[short, place].key))
            who = ", ".join(str(one) for one in sorted(set(numbers)))
            words = f"{short}: item {place}, “{items[short, place].words}”, {verb} {who}."
            yield Finding(kind, about, words)


def _of_stations(of: Material) -> Iterator[Finding]:
    marks = tabled(of.rows)
    for one in of.marked:
        number = one.document.borderline.number
        if number != of.borderline:
            words = f"{one.short}: its borderline grade is {number}, so its grades are counted from there."
            yield Finding("other scale", (one.short,), words)
        cut = station_cut(marks, one.short, of.borderline)
        empty = one.short not in marks.stations
        # A station of which nothing is closed has its missing marks said already.
        if cut.cut is None and not (empty and one.short not in of.earlier):
            stands = (
                f" Its earlier cut stands in, {float(of.earlier[one.short]):.6g}."
                if one.short in of.earlier
                else ""
            )
            words = f"{one.short}: no cut by regression. {'Nobody has a mark there.' if empty else cut.reason}{stands}"
            yield Finding("no cut", (one.short,), words)
