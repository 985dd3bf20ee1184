"""A log book whose copies are not printed, and readers who know the token of a link from their mail alone."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from logbooks.competencies.actions.books import share_copy, take_copy
from logbooks.competencies.book import pages
from logbooks.competencies.models import LogBookCopy, SharedCopy
from school.core import clock, documents, seal
from school.people.models import Mail
from tests.logbooks.competencies.book import LogBook, make_log_book


@pytest.fixture
def here(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LogBook:
    """Amara's log book with one examination; to print a whole copy takes a second."""
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    monkeypatch.setattr(pages, "pdf", lambda document: b"%PDF-1.7")
    monkeypatch.setattr(documents, "sealed", lambda pdf, reason: pdf)
    found = make_log_book()
    found.log()
    return found


def take(here: LogBook) -> LogBookCopy:
    """A copy that Amara takes."""
    return take_copy(
        by=here.student, enrolment=here.placement.enrolment, reflections=True, uuid=uuid4()
    )


def share(copy: LogBookCopy, **changes: Any) -> SharedCopy:
    """A link for an external examiner, for a week, unless told otherwise."""
    values: dict[str, Any] = {
        "by": copy.enrolment.person,
        "name": "Dr Ada Example",
        "address": "ada@university.example",
        "purpose": "External examination",
        "ends_on": clock.today() + timedelta(days=7),
        "uuid": uuid4(),
        **changes,
    }
    return share_copy(copy=copy, **values)


def token_of(share: SharedCopy) -> str:
    """The token of a link, as its reader's mail has it."""
    body = Mail.objects.get(once_key=f"shared_copy_link:{share.uuid}").body
    found = re.search(r"/shared/([\w-]+)/", body)
    assert found is not None
    return found[1]
