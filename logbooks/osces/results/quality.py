"""The data-quality report of an exam: what the board mends or explains before it sets a standard."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q

from logbooks.osces.analysis.marks import Mark, counted, tabled
from logbooks.osces.analysis.quality import Note, notes
from logbooks.osces.analysis.regression import station_cut
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked
from logbooks.osces.marking.queries import Closed, is_allocated
from logbooks.osces.marking.sheets import late_events
from logbooks.osces.models import AmendmentAsked, Candidate, Exam, MarkSheet
from logbooks.osces.stations.document import Item

OPEN, ASKED, MISSING = "sheet open", "amendment unanswered", "missing mark"
# What to do about each kind; the rest is for the board to explain.
REMEDIES = {
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
    candidates: Sequence[Candidate]
    borderline: Fraction
    earlier: Mapping[str, Fraction]

    @property
    def counting(self) -> list[Closed]:
        """The closed sheets of those who have not withdrawn."""
        return [one for one in self.closed if not one.closing.sheet.candidate.withdrawn]


def findings(of: Material) -> list[Finding]:
    """The report, by kind; three queries."""
    waiting = _waiting(of)
    opened = {one.about[:2] for one in waiting if one.kind == OPEN}
    found = [
        *waiting,
        *_withdrawn(of),
        *_of_rows(of, opened),
        *_of_examiners(of),
        *_late(of),
        *_of_items(of),
        *_of_stations(of),
    ]
    return sorted(found, key=lambda one: (one.kind, [counted(name) for name in one.about]))


def _waiting(of: Material) -> list[Finding]:
    """Sheets that are open, and those whose amendment nobody has answered."""
    shorts = {one.place.pk: one.short for one in of.marked}
    asked = AmendmentAsked.objects.filter(sheet=OuterRef("pk"), refused=None, accepted=None)
    rows = MarkSheet.objects.filter(exam=of.exam).annotate(asked=Exists(asked))
    found = []
    for row in rows.filter(Q(closings=None) | Q(asked=True)).select_related("candidate", "examiner").distinct():  # fmt: skip
        number, short = row.candidate.number, shorts[row.place_id]
        about = (str(number), short, str(row.examiner.uuid))
        if row.asked:
            words = f"{number} at {short}: an amendment was asked for, and nobody has answered."
            found.append(Finding(ASKED, about, words))
        else:
            words = f"{number} at {short}: the sheet of {row.examiner} is not closed."
            found.append(Finding(OPEN, about, words))
    return found


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


def _of_examiners(of: Material) -> Iterator[Finding]:
    for one in of.counting:
        sheet = one.closing.sheet
        if of.announced is None or not is_allocated(one, of.announced):
            about = (str(sheet.candidate.number), one.station.short, str(sheet.examiner.uuid))
            words = f"{sheet.candidate.number} at {one.station.short} was marked by {sheet.examiner}, who was not allocated."
            yield Finding("examiner not allocated", about, words)


def _late(of: Material) -> Iterator[Finding]:
    """Marks that arrived after somebody last decided about their sheet, and say something else."""
    closed = {one.closing.sheet_id: one for one in of.closed}
    for key in late_events([one.closing for one in of.closed]):
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
