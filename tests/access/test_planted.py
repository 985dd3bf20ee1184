"""Planted words are searched for in every page, file, mail, task and log, as everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from weasyprint import HTML

from tests.access.planted import PLANTED, Found, plant_and_walk, printed
from tests.access.world import build


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Found]]:
    """Walked once for all words."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant_and_walk(build())
        transaction.set_rollback(True)


@pytest.mark.django_db  # so that pytest-django makes the database that the world is built in
def test_planted_words_reach_exactly_their_readers(found: dict[str, Found]) -> None:
    seen = {row.what: frozenset(found[row.word].pages) for row in PLANTED}
    assert seen == {row.what: row.readers for row in PLANTED}, found


def test_planted_words_stand_in_no_mail_task_or_log(found: dict[str, Found]) -> None:
    assert {row.what: found[row.word].elsewhere for row in PLANTED} == {
        row.what: set() for row in PLANTED
    }


def test_printed_documents_are_searched_by_their_letters() -> None:
    page = HTML(string="<h1>Statement</h1><p>Kept in <b>confid</b>ence: quillwort</p>")
    *_, text = printed(page.write_pdf()).splitlines()
    assert text == "StatementKept in confidence: quillwort"
