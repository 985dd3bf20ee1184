"""Mark sheets for tests: closed ones, each item with its marks."""

import json
from collections.abc import Mapping
from uuid import uuid4

from logbooks.osces import sealing
from logbooks.osces.day.queries import Marked, announced_of
from logbooks.osces.models import Candidate, MarkSheet, SheetClosed
from school.core import ledger
from school.core.ledger import Draft
from school.core.models import Book
from school.people.models import Person
from tests.logbooks.osces.day.made import Day


def sheet(
    made: Day, candidate: Candidate, station: Marked, examiner: Person | None = None
) -> MarkSheet:
    """An open sheet of whoever examines there, or of somebody else."""
    said = announced_of(made.exam)
    assert said
    visit = said.visit(candidate.uuid, station.name)
    assert visit
    key, *_ = said.examiners_at(visit)
    return MarkSheet.objects.create(
        book=Book.objects.create(kind=Book.Kind.MARK_SHEET),
        exam=made.exam,
        candidate=candidate,
        place=station.place,
        examiner=examiner or Person.objects.get(uuid=key),
        site=said.site_of(visit.session),
        circuit=f"{visit.session} {visit.circuit}",
    )


def close(
    made: Day,
    candidate: Candidate,
    station: Marked,
    total: int,
    grade: int,
    examiner: Person | None = None,
    changed: Mapping[int, int | None] | None = None,
    own: MarkSheet | None = None,
) -> SheetClosed:
    """A sheet, one that is open already or a new one, closed: its items get their marks from the first on, until there are `total`.

    `changed` are marks by the number of the item in place of those: None was not observed, and -1 is left empty.
    """
    marks: dict[str, int | None] = {}
    left = total
    for item in station.document.items:
        given = max(one for one in item.choices if one <= left)
        marks[str(item.key)] = given
        left -= given
    assert left == 0, "No choice of marks comes to this total."
    for number, value in (changed or {}).items():
        key = str(station.document.items[number - 1].key)
        if value == -1:
            del marks[key]
        else:
            marks[key] = value
    own = own or sheet(made, candidate, station, examiner)
    text = json.dumps({**marks, "grade": grade}, sort_keys=True)
    fact = SheetClosed(
        sheet=own,
        marks=text,
        digest=sealing.digest_of(text),
        total=total,
        grade=grade,
    )
    with ledger.writing(own.book) as pen:
        draft = Draft(fact=fact, book=own.book, about_from=made.exam.day, uuid=uuid4())
        pen.append([draft], by=own.examiner.uuid)
    return fact
