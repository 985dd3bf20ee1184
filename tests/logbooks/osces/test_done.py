"""What is told of an OSCE: examiners of each sheet they closed, candidates that they sat it, once results are released."""

import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from logbooks.cpd.models import Noticed
from logbooks.osces.marking import amending
from logbooks.osces.models import Outcome
from tests.logbooks.cpd.told import drafts
from tests.logbooks.osces.day.made import day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.release.made import decided, marked, recorded, released

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST = str(UUID(int=1))


def test_examiner_is_told_of_each_sheet_once_and_of_no_candidate() -> None:
    made = day(candidates=2)
    first, second = (close(made, one, made.stations[0], 3, 2) for one in made.candidates)
    examiner = made.examiners[0][0]
    when, minutes = made.exam.day.isoformat(), made.stations[0].place.minutes
    told = ("assessing", f"Examined at Station 1 of {made.exam.title}", when, minutes)
    assert drafts(examiner) == [told, told]
    asked = amending.ask(
        by=examiner,
        closed=first,
        document=made.stations[0].document,
        marks={**json.loads(first.marks), FIRST: 0},
        reason="I pressed 2 and meant 0.",
        uuid=uuid4(),
    )
    amending.accept(by=made.reader, asked=asked, uuid=uuid4())
    assert drafts(examiner) == [told, told]
    assert drafts(made.reader) == []
    assert {row.key for row in Noticed.objects.all()} == {first.sheet.uuid, second.sheet.uuid}


def test_candidate_is_told_at_release_and_not_whether_they_passed() -> None:
    made = marked([(5, 4), (1, 1)])
    standard = recorded(made)
    people = [one.enrolment.person for one in made.candidates]
    assert [drafts(person) for person in people] == [[], []]
    released(made, standard)
    told = [("assessment", f"OSCE: {made.exam.title}", made.exam.day.isoformat(), None)]
    assert [drafts(person) for person in people] == [told, told]
    assert Outcome.objects.filter(passed=True).count() == 1
    # Released anew, it is the same exam.
    again = recorded(made, decided(made, reasons="Looked at once more."), after=standard)
    released(made, again)
    assert [drafts(person) for person in people] == [told, told]


def test_candidate_who_did_not_come_is_told_nothing() -> None:
    made = day(candidates=2)
    came, absent = made.candidates
    for station in made.stations:
        close(made, came, station, 4, 3)
    [result] = decided(made).results
    nothing = replace(result, candidate=absent.uuid, number=absent.number, passed=None)
    released(made, recorded(made, decided(made, results=(result, nothing))))
    assert Outcome.objects.count() == 2
    assert len(drafts(came.enrolment.person)) == 1
    assert drafts(absent.enrolment.person) == []
