"""What a closed sheet says is amended by two persons: one asks with a reason, another accepts or refuses."""

import json
from collections.abc import Mapping
from uuid import UUID

from logbooks.osces import sealing
from logbooks.osces.marking import events
from logbooks.osces.marking.actions import NOT_YOURS, Unfinished, stated
from logbooks.osces.marking.events import Tap
from logbooks.osces.marking.register import GRADE, Unmarked
from logbooks.osces.models import AmendmentAsked, AmendmentRefused, MarkSheet, SheetClosed
from logbooks.osces.stations.actions import rule_runs_osces
from logbooks.osces.stations.document import Document
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity

NOBODY = UUID(int=0)


def ask(
    *,
    by: Person,
    closed: SheetClosed,
    document: Document,
    marks: Mapping[str, int | None],
    reason: str,
    uuid: UUID,
) -> AmendmentAsked:
    """Asks that a closed sheet says these marks, every part of it; None is not observed.

    Raises NotAllowed for whoever is neither its examiner nor runs OSCEs, and DomainError for marks that cannot stand.
    """
    sheet = closed.sheet
    rule_may_ask(by, sheet)
    rule_whole(document, marks)
    with ledger.writing(sheet.book, answering=[uuid]) as pen:
        text = json.dumps(dict(marks), sort_keys=True)
        fact = AmendmentAsked(sheet=sheet, of=closed, marks=text, digest=sealing.digest_of(text))
        draft = Draft(fact=fact, book=sheet.book, about_from=clock.today(), uuid=uuid, texts={"reason": reason})  # fmt: skip
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_stands(closed)
        rule_says_otherwise(closed, marks)
        rule_none_waits(closed)
        pen.append([draft], by=by.uuid)
    return fact


def accept(*, by: Person, asked: AmendmentAsked, uuid: UUID) -> SheetClosed:
    """Lets the sheet say what was asked for; raises NotAllowed for whoever asked, and for whoever does not run OSCEs."""
    rule_runs_osces(by)
    rule_second_person(by, asked)
    sheet = asked.sheet
    with ledger.writing(sheet.book, answering=[uuid]) as pen:
        fact = stated(sheet, json.loads(asked.marks), paper=asked.of.paper)
        fact.supersedes, fact.asked = asked.of, asked
        draft = Draft(fact=fact, book=sheet.book, about_from=asked.of.entry.about_from, uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_unanswered(asked)
        pen.append([draft], by=by.uuid)
    return fact


def refuse(*, by: Person, asked: AmendmentAsked, uuid: UUID) -> AmendmentRefused:
    """Leaves the sheet as it is; also whoever asked may take back what they asked for."""
    if asked.entry.actor != by.uuid:
        rule_runs_osces(by)
    sheet = asked.sheet
    with ledger.writing(sheet.book, answering=[uuid]) as pen:
        fact = AmendmentRefused(asked=asked)
        draft = Draft(fact=fact, book=sheet.book, about_from=clock.today(), uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_unanswered(asked)
        pen.append([draft], by=by.uuid)
    return fact


def rule_may_ask(by: Person, sheet: MarkSheet) -> None:
    """Its examiner asks, or somebody who runs OSCEs."""
    if sheet.examiner_id in identity(by):
        return
    try:
        rule_runs_osces(by)
    except NotAllowed:
        raise NotAllowed(NOT_YOURS) from None


def rule_whole(document: Document, marks: Mapping[str, int | None]) -> None:
    """An amended sheet is as whole as a closed one, and takes the same marks."""
    parts = [str(item.key) for item in document.items] + [GRADE]
    if lacking := [part for part in parts if part not in marks]:
        raise Unfinished(dict.fromkeys(lacking, "is empty"))
    for part, value in marks.items():
        said = Unmarked.NOT_OBSERVED if value is None else value
        if why := events.problem(document, Tap(NOBODY, NOBODY, 1, part, said)):
            raise DomainError(why, field=part)


def rule_stands(closed: SheetClosed) -> None:
    """What is amended is what the sheet says now."""
    if SheetClosed.objects.filter(supersedes=closed).exists():
        raise Conflict("This sheet was amended meanwhile. Look at what it says now.")


def rule_says_otherwise(closed: SheetClosed, marks: Mapping[str, int | None]) -> None:
    """An amendment changes something."""
    if json.loads(closed.marks) == dict(marks):
        raise DomainError("This is what the sheet says already. Change a mark, or leave it.")


def rule_none_waits(closed: SheetClosed) -> None:
    """One amendment of a sheet is answered before the next is asked for."""
    if closed.amendments.filter(refused=None, accepted=None).exists():
        raise Conflict("An amendment of this sheet waits for a second person. That comes first.")


def rule_second_person(by: Person, asked: AmendmentAsked) -> None:
    """Nobody accepts what they asked for themselves."""
    mine = Person.objects.filter(pk__in=identity(by)).values_list("uuid", flat=True)
    if asked.entry.actor in set(mine):
        raise NotAllowed("You asked for this amendment, so somebody else accepts it.")


def rule_unanswered(asked: AmendmentAsked) -> None:
    """An amendment is answered once."""
    refused = AmendmentRefused.objects.filter(asked=asked).exists()
    if refused or SheetClosed.objects.filter(asked=asked).exists():
        raise Conflict("This amendment was answered already.")
