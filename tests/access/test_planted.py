"""Planted words are searched for in every page, file, mail, task and log, as everybody."""

import pytest
from weasyprint import HTML

from tests.access.planted import PLANTED, plant_and_walk, printed
from tests.access.world import build


@pytest.mark.django_db
def test_planted_words_reach_exactly_their_readers() -> None:
    """One test, since walking every page as everybody takes as long as twenty others."""
    found = plant_and_walk(build())
    seen = {row.what: frozenset(found[row.word].pages) for row in PLANTED}
    assert seen == {row.what: row.readers for row in PLANTED}, found
    # In no mail, task or log either.
    assert {row.what: found[row.word].elsewhere for row in PLANTED} == {
        row.what: set() for row in PLANTED
    }


def test_printed_documents_are_searched_by_their_letters() -> None:
    page = HTML(string="<h1>Statement</h1><p>Kept in <b>confid</b>ence: quillwort</p>")
    *_, text = printed(page.write_pdf()).splitlines()
    assert text == "StatementKept in confidence: quillwort"
