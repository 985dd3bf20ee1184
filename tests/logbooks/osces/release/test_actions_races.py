"""Releases at the same instant: one of them counts, and none rests on marks that were amended before it."""

from functools import partial
from uuid import uuid4

import pytest

from logbooks.osces.models import AmendmentAsked, Outcome, ResultsReleased, SheetClosed
from logbooks.osces.release import actions
from school.core import ledger
from school.core.errors import Conflict
from school.core.ledger import Draft
from tests.logbooks.osces.day.made import Day
from tests.logbooks.osces.release.made import marked, recorded
from tests.logbooks.osces.stations.made import educator
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def amend(made: Day) -> SheetClosed:
    """The first sheet says something else."""
    closed = SheetClosed.objects.select_related("sheet__book").order_by("pk")[0]
    same = {"sheet": closed.sheet, "marks": closed.marks, "digest": closed.digest}
    asked = AmendmentAsked(of=closed, **same)
    fact = SheetClosed(total=1, grade=1, supersedes=closed, asked=asked, **same)
    book = closed.sheet.book
    with ledger.writing(book) as pen:
        drafts = [Draft(fact=one, book=book, about_from=made.exam.day) for one in (asked, fact)]
        pen.append(drafts, by=made.writer.uuid)
    return fact


def test_two_who_release_leave_one_release() -> None:
    made = marked([(5, 4), (2, 1)])
    standard = recorded(made)
    both = [made.reader, educator("Rose Reader")]
    came = at_once(
        [partial(actions.release, by=one, standard=standard, uuid=uuid4()) for one in both]
    )
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "ResultsReleased"]
    assert (ResultsReleased.objects.count(), Outcome.objects.count()) == (1, 2)


def test_release_beside_an_amendment_comes_before_it_or_not_at_all() -> None:
    made = marked([(5, 4), (2, 1)])
    standard = recorded(made)
    released, amended = at_once(
        [
            partial(actions.release, by=made.reader, standard=standard, uuid=uuid4()),
            partial(amend, made),
        ]
    )
    assert isinstance(amended, SheetClosed)
    if isinstance(released, ResultsReleased):
        assert released.pk < amended.pk
    else:
        assert isinstance(released, Conflict)
        assert not Outcome.objects.exists()
