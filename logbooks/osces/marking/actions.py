"""Mark sheets opened, marked tap by tap, and closed."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from logbooks.osces import sealing
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked
from logbooks.osces.marking import events, reading
from logbooks.osces.marking.events import Tap
from logbooks.osces.marking.register import COMMENT, GRADE, Read, Unmarked
from logbooks.osces.models import Candidate, Exam, MarkEvent, MarkSheet, SheetClosed
from logbooks.osces.stations.document import Document
from school.core import ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import ContentConflict, Draft
from school.core.models import Book
from school.people.models import Person

NOT_YOURS = "You do not examine this candidate at this station."


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of taps: the UUIDs of those that the server has now, and why it refuses the others."""

    kept: frozenset[UUID]
    refused: Mapping[UUID, str]


def open_sheet(
    *, exam: Exam, candidate: Candidate, station: Marked, examiner: Person, told: Announced
) -> MarkSheet:
    """The sheet of an examiner for a candidate at a station: the one that there is, or a new one.

    `told` is a timetable in which they meet. Raises NotAllowed where they do not.
    """
    found = MarkSheet.objects.filter(candidate=candidate, place=station.place, examiner=examiner)
    before = found.select_related("book").first()
    if before is not None:
        return before
    visit = told.visit(candidate.uuid, station.name)
    if visit is None:
        raise NotAllowed(NOT_YOURS)
    try:
        with transaction.atomic():
            return MarkSheet.objects.create(
                book=Book.objects.create(kind=Book.Kind.MARK_SHEET),
                exam=exam,
                candidate=candidate,
                place=station.place,
                examiner=examiner,
                site=told.site_of(visit.session),
                circuit=f"{visit.session} {visit.circuit}",
            )
    except IntegrityError:
        # Another tablet of the same examiner opened it meanwhile.
        return found.select_related("book").get()


def keep(
    *, by: Person, sheet: MarkSheet, document: Document, taps: Sequence[Tap], paper: bool = False
) -> Kept:
    """Writes what a device sent of a sheet, whenever that arrives: also after the sheet was closed.

    Sent again it is answered again. A tap that cannot stand is refused by itself, and the others are kept.
    """
    refused = {tap.uuid: why for tap in taps if (why := events.problem(document, tap))}
    once = set(taps)
    for uuid, times in Counter(tap.uuid for tap in once).items():
        if times > 1:
            refused[uuid] = "Two different marks came under one identity. Neither is kept."
    waiting = [tap for tap in dict.fromkeys(taps) if tap.uuid not in refused]
    while True:
        try:
            kept, more = _written(by, sheet, waiting, paper)
        except ContentConflict as conflict:
            refused[conflict.draft.uuid] = conflict.message
            waiting = [tap for tap in waiting if tap.uuid not in refused]
        else:
            return Kept(frozenset(kept), {**refused, **more})


def _written(
    by: Person, sheet: MarkSheet, taps: Sequence[Tap], paper: bool
) -> tuple[set[UUID], dict[UUID, str]]:
    kept: set[UUID] = set()
    refused: dict[UUID, str] = {}
    drafts: list[Draft] = []
    with ledger.writing(sheet.book, answering=[tap.uuid for tap in taps]) as pen:
        numbers = set(sheet.events.values_list("device", "number"))
        for tap in taps:
            try:
                draft = _draft(sheet, tap, paper)
                if pen.answered([draft], by=by.uuid):
                    kept.add(tap.uuid)
                    continue
                rule_number_is_new(tap, numbers)
            except ContentConflict:
                raise
            except DomainError as error:
                refused[tap.uuid] = error.message
            else:
                numbers.add((tap.device, tap.number))
                drafts.append(draft)
        pen.append(drafts, by=by.uuid)
    return kept | {draft.uuid for draft in drafts}, refused


def _draft(sheet: MarkSheet, tap: Tap, paper: bool) -> Draft:
    marked = not isinstance(tap.value, Unmarked)
    fact = MarkEvent(
        sheet=sheet,
        device=tap.device,
        number=tap.number,
        part=tap.part,
        value=tap.value if marked else None,
        said=MarkEvent.Said.MARK if marked else tap.value,
        seen=" ".join(sorted(map(str, tap.seen))),
        paper=paper,
        device_at=tap.at,
    )
    texts = {"words": tap.words} if tap.part == COMMENT else {}
    return Draft(fact=fact, book=sheet.book, about_from=sheet.exam.day, uuid=tap.uuid, texts=texts)


def close(
    *,
    by: Person,
    sheet: MarkSheet,
    document: Document,
    uuid: UUID,
    paper: bool = False,
    without_missing: bool = False,
) -> SheetClosed:
    """Closes a sheet as it stands; `uuid` is the fact's own, made by the client.

    Raises Conflict when it is closed already, and Unfinished when an item is empty, two tablets disagree, or a device
    counted marks that have not arrived and nobody said to close without them.
    """
    with ledger.writing(sheet.book, answering=[uuid]) as pen:
        before = sheet.closings.filter(entry__uuid=uuid, entry__actor=by.uuid).first()
        if before is not None:
            return before
        rule_not_closed(sheet)
        found = reading.read_of(sheet)
        rule_finished(found, document)
        if not without_missing:
            rule_nothing_missing(found)
        fact = closing(sheet, found, paper=paper)
        draft = Draft(fact=fact, book=sheet.book, about_from=sheet.exam.day, uuid=uuid)
        pen.answered([draft], by=by.uuid)
        pen.append([draft], by=by.uuid)
    return fact


def closing(sheet: MarkSheet, found: Read, *, paper: bool) -> SheetClosed:
    """What a closed sheet says, as a fact to be written: an item that was not observed has no mark, which is no zero."""
    marks = {
        part: None if isinstance(value, Unmarked) else value for part, value in found.values.items()
    }
    return stated(sheet, marks, paper=paper)


def stated(sheet: MarkSheet, marks: Mapping[str, int | None], *, paper: bool) -> SheetClosed:
    """The fact that a sheet says these marks; the grade is one of them."""
    text = json.dumps(dict(marks), sort_keys=True)
    given = [value for part, value in marks.items() if part != GRADE and value is not None]
    return SheetClosed(
        sheet=sheet,
        marks=text,
        digest=sealing.digest_of(text),
        total=sum(given) if given else None,
        grade=marks[GRADE] or 0,
        paper=paper,
    )


class Unfinished(DomainError):
    """A sheet cannot be closed; `parts` are what is empty or disagreed about, with why, and `missing` how many marks have not arrived."""

    def __init__(self, parts: Mapping[str, str], missing: int = 0) -> None:
        super().__init__(_unfinished(parts, missing))
        self.parts = parts
        self.missing = missing


def _unfinished(parts: Mapping[str, str], missing: int) -> str:
    if missing:
        marks = "1 mark that a device made has" if missing == 1 else f"{missing} marks that a device made have"  # fmt: skip
        return f"{marks} not arrived. Wait until that device has a signal, or close without."
    things = "1 thing is" if len(parts) == 1 else f"{len(parts)} things are"
    return f"{things} open on this sheet, so it is not closed. Nothing is lost."


def rule_finished(found: Read, document: Document) -> None:
    """A sheet is closed when every item and the overall judgement says something, and two tablets do not disagree."""
    parts = [str(item.key) for item in document.items] + [GRADE]
    why = {part: "is empty: give a mark, or say that it was not observed" for part in parts if part not in found.values}  # fmt: skip
    if GRADE in why:
        why[GRADE] = "is empty: choose one"
    why |= dict.fromkeys(found.conflicts, "has two different marks from two devices: choose one")
    if why:
        raise Unfinished({part: why[part] for part in parts if part in why})


def rule_nothing_missing(found: Read) -> None:
    """A sheet of which a device has more is not closed, unless somebody says so."""
    missing = sum(map(len, found.missing.values()))
    if missing:
        raise Unfinished({}, missing)


def rule_not_closed(sheet: MarkSheet) -> None:
    """A sheet is closed once: what is to change later is asked for, with a reason."""
    if sheet.closings.exists():
        raise Conflict("This sheet is closed. What should change is asked for with a reason.")


def rule_none_refused(done: Kept, taps: Sequence[Tap]) -> None:
    """A form of which something is refused is shown again, with why."""
    for tap in taps:
        if tap.uuid in done.refused:
            raise DomainError(done.refused[tap.uuid], field=tap.part)


def rule_number_is_new(tap: Tap, numbers: set[tuple[UUID, int]]) -> None:
    """A device counts its marks on a sheet: two different ones never have one number."""
    if (tap.device, tap.number) in numbers:
        raise Conflict("This device sent another mark under the same number. Both are to be looked at.")  # fmt: skip
