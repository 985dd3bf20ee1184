"""A closed sheet never changes: an amendment supersedes it, with a reason and a second person."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from logbooks.osces.marking import amending
from logbooks.osces.marking.actions import Unfinished
from logbooks.osces.models import AmendmentAsked, SheetClosed
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import private_text
from tests.factories import make_person
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.results.made import source

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST, SECOND, THIRD = (str(UUID(int=n)) for n in (1, 2, 3))


@pytest.fixture
def made() -> Day:
    return day(stations=2, candidates=2)


@pytest.fixture
def closed(made: Day) -> SheetClosed:
    return close(made, made.candidates[0], made.stations[0], 3, 2)


def ask(made: Day, closed: SheetClosed, **changes: Any) -> AmendmentAsked:
    """The examiner asks that the sheet says what it says, but for these changes."""
    said: dict[str, Any] = {
        "by": made.examiners[0][0],
        "closed": closed,
        "document": made.stations[0].document,
        "marks": {**json.loads(closed.marks), FIRST: 0},
        "reason": "I pressed 2 and meant 0.",
        "uuid": uuid4(),
    }
    return amending.ask(**{**said, **changes})


def test_second_person_lets_an_amendment_supersede_what_the_sheet_said(
    made: Day, closed: SheetClosed
) -> None:
    asked = ask(made, closed)
    assert private_text(asked, "reason") == "I pressed 2 and meant 0."
    assert [row.mark for row in source(made).rows] == [3], "until a second person agrees"
    fact = amending.accept(by=made.reader, asked=asked, uuid=uuid4())
    assert (fact.supersedes, fact.asked, fact.total, fact.grade) == (closed, asked, 1, 2)
    assert [row.mark for row in source(made).rows] == [1]
    assert SheetClosed.objects.get(pk=closed.pk).total == 3


def test_closed_sheet_is_never_changed_in_the_database(closed: SheetClosed) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        SheetClosed.objects.filter(pk=closed.pk).update(total=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        SheetClosed.objects.filter(pk=closed.pk).delete()


def test_nobody_accepts_their_own_amendment(made: Day, closed: SheetClosed) -> None:
    asked = ask(made, closed, by=made.reader)
    with pytest.raises(NotAllowed, match="somebody else accepts"):
        amending.accept(by=made.reader, asked=asked, uuid=uuid4())
    with pytest.raises(NotAllowed):
        amending.accept(by=made.examiners[0][0], asked=asked, uuid=uuid4())
    assert not SheetClosed.objects.exclude(pk=closed.pk).exists()


def test_amendment_is_asked_by_the_examiner_or_who_runs_osces(
    made: Day, closed: SheetClosed
) -> None:
    for stranger in (make_person("Stray Person"), made.examiners[0][1]):
        with pytest.raises(NotAllowed):
            ask(made, closed, by=stranger)


def test_amendment_is_as_whole_as_a_sheet(made: Day, closed: SheetClosed) -> None:
    marks = json.loads(closed.marks)
    with pytest.raises(Unfinished):
        ask(made, closed, marks={FIRST: 0})
    with pytest.raises(DomainError, match="takes 0, 1, 2, not 5"):
        ask(made, closed, marks={**marks, FIRST: 5})
    with pytest.raises(DomainError, match="says already"):
        ask(made, closed, marks=marks)
    assert not AmendmentAsked.objects.exists()


def test_one_amendment_is_answered_before_the_next(made: Day, closed: SheetClosed) -> None:
    asked = ask(made, closed)
    assert ask(made, closed, uuid=asked.entry.uuid) == asked, "sent twice it is one"
    with pytest.raises(Conflict, match="waits"):
        ask(made, closed, marks={**json.loads(closed.marks), THIRD: 1})
    amending.refuse(by=made.reader, asked=asked, uuid=uuid4())
    with pytest.raises(Conflict, match="answered already"):
        amending.accept(by=made.reader, asked=asked, uuid=uuid4())
    again = ask(made, closed)
    amending.accept(by=made.writer, asked=again, uuid=uuid4())
    with pytest.raises(Conflict, match="amended meanwhile"):
        ask(made, closed)


def test_refusal_is_by_a_second_person_or_whoever_asked(made: Day, closed: SheetClosed) -> None:
    asked = ask(made, closed)
    with pytest.raises(NotAllowed):
        amending.refuse(by=make_person("Stray Person"), asked=asked, uuid=uuid4())
    amending.refuse(by=made.examiners[0][0], asked=asked, uuid=uuid4())
    assert asked.refused


def test_page_asks_and_another_answers(made: Day, closed: SheetClosed) -> None:
    address = f"/osces/marking/{made.exam.uuid}/sheets/{closed.sheet.uuid}/"
    examiner, reader = Client(), Client()
    examiner.force_login(made.examiners[0][0].user)
    reader.force_login(made.reader.user)
    marks = {FIRST: "n", SECOND: "1", THIRD: "0", "grade": "2"}
    answer = examiner.post(address, {**marks, "reason": ""})
    assert answer.status_code == 422
    assert "Say why the sheet should change." in answer.content.decode()
    answer = examiner.post(address, {**marks, "reason": "A slip."}, follow=True)
    assert "The amendment waits for a second person." in answer.content.decode()
    asked = AmendmentAsked.objects.get()
    said = examiner.get(address).content.decode()
    assert "Checks identity: Not observed, in place of 2 of 2" in said
    assert "Amend the sheet" not in said
    done = examiner.post(f"{address}answer/", {"asked": asked.entry.uuid, "accept": "1"}, follow=True)  # fmt: skip
    assert SheetClosed.objects.count() == 1, done.content
    assert reader.get(address).status_code == 302, "who runs OSCEs proves themselves twice"
