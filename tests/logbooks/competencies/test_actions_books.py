"""A copy shared with a named reader: the rules, the mail, each opening written down, and the end."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from logbooks.competencies import books_queries as queries
from logbooks.competencies.actions import books
from logbooks.competencies.actions.books import end_sharing, open_shared
from logbooks.competencies.book import files
from logbooks.competencies.models import LogBookCopy, SharedCopy, SharedCopyOpening
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail
from tests.logbooks.competencies.book import LogBook
from tests.logbooks.competencies.readers import here, share, take, token_of

__all__ = ["here"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(here: LogBook) -> LogBookCopy:
    return take(here)


def refusal(copy: LogBookCopy, **changes: Any) -> DomainError:
    """What a link is refused with; nothing is sent then."""
    before = SharedCopy.objects.count()
    with pytest.raises(DomainError) as caught:
        share(copy, **changes)
    assert SharedCopy.objects.count() == before
    return caught.value


def opened(token: str) -> SharedCopy:
    return open_shared(token=token, what=SharedCopyOpening.What.PAGE)


@pytest.mark.engine
def test_reader_is_mailed_a_link_whose_token_is_kept_nowhere(copy: LogBookCopy) -> None:
    found = share(copy)
    mail = Mail.objects.get(kind="shared_copy_link")
    assert (mail.address, mail.subject) == ("ada@university.example", "A log book to read")
    assert "Amara" not in mail.subject
    token = token_of(found)
    assert (len(token) >= 43, token in repr(vars(found))) == (True, False)
    assert opened(token) == found


@pytest.mark.engine
def test_each_opening_is_written_down(copy: LogBookCopy) -> None:
    found = share(copy)
    token = token_of(found)
    opened(token)
    open_shared(token=token, what="pdf")
    assert list(found.openings.order_by("pk").values_list("what", flat=True)) == ["page", "pdf"]
    [row] = queries.listed(copy.enrolment)
    assert [(one.openings, one.is_open) for one in row.shared] == [(2, True)]


@pytest.mark.engine
def test_link_ends_after_its_last_day(copy: LogBookCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    found = share(copy, ends_on=clock.today())
    token = token_of(found)
    assert opened(token) == found
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    with pytest.raises(DomainError, match="leads nowhere"):
        opened(token)
    assert found.openings.count() == 1


@pytest.mark.engine
def test_student_ends_a_link_and_nobody_else_does(copy: LogBookCopy, here: LogBook) -> None:
    found = share(copy)
    token = token_of(found)
    with pytest.raises(NotAllowed):
        end_sharing(by=here.educator, share=found)
    ended = end_sharing(by=here.student, share=found)
    assert end_sharing(by=here.student, share=found).ended_at == ended.ended_at
    with pytest.raises(DomainError, match="leads nowhere"):
        opened(token)
    with pytest.raises(DomainError, match="leads nowhere"):
        opened("guessed")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_on": date(2020, 1, 1)}, "from today to a year ahead"),
        ({"ends_on": date(2999, 1, 1)}, "from today to a year ahead"),
        ({"address": '"x y"@university.example'}, "Enter an email address of letters"),
        ({"purpose": "About NHS 943 476 5919"}, "is an NHS number"),
        ({"name": "Ada, 943 476 5919"}, "is an NHS number"),
    ],
)
def test_what_a_link_is_refused_for(copy: LogBookCopy, changes: dict[str, Any], said: str) -> None:
    assert said in refusal(copy, **changes).message


def test_nobody_shares_the_log_book_of_another(copy: LogBookCopy, here: LogBook) -> None:
    assert isinstance(refusal(copy, by=here.educator), NotAllowed)


@pytest.mark.engine
def test_few_links_are_open_at_once(copy: LogBookCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_OPEN", 2)
    first = share(copy)
    share(copy)
    assert "You have 2 links open" in refusal(copy).message
    end_sharing(by=copy.enrolment.person, share=first)
    share(copy)


@pytest.mark.engine
def test_form_sent_twice_is_one_link_and_one_mail(copy: LogBookCopy) -> None:
    uuid = uuid4()
    assert share(copy, uuid=uuid) == share(copy, uuid=uuid)
    assert Mail.objects.filter(kind="shared_copy_link").count() == 1
    assert isinstance(refusal(copy, uuid=uuid, name="Somebody Else"), Conflict)


def test_copy_whose_files_are_gone_is_not_shared(copy: LogBookCopy) -> None:
    files.remove(copy)
    assert "there no longer" in refusal(copy).message
