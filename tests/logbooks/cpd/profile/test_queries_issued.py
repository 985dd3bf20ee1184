"""What a stranger learns of frozen profiles, those that somebody brought and those of merged persons too."""

from uuid import uuid4

from django.test import Client

from logbooks.cpd.profile import queries
from school.core.codes import grouped
from school.people.merging import merge_people
from school.people.roles import ADMINISTRATOR
from tests.logbooks.cpd.profile.made import Writer, bring, here, make_writer, ready
from tests.people.cast import with_account
from tests.placements.browsers import words

__all__ = ["here"]
LATEST = "Issued by the School, and the latest"


def title_of(key: str) -> str:
    found = queries.issued(key)
    assert found is not None
    return found.title


def test_nothing_is_said_of_a_file_that_somebody_brought(here: Writer) -> None:
    brought = bring(here.person, "a" * 64)
    code = grouped(brought.code)
    for address in (f"{'a' * 64}/", f"{code}/?digest={'a' * 64}", f"{code}/?digest={'b' * 64}"):
        page = words(Client().get(f"/verify/{address}"))
        assert "Brought from another portal" in page
        assert "The file is" not in page


def test_what_was_brought_makes_nothing_here_older(here: Writer) -> None:
    first = here.freezes()
    bring(here.person, "a" * 64)
    bring(make_writer("Nia New").person, first.pdf_digest)
    assert title_of(first.code) == title_of(first.pdf_digest) == LATEST


def test_latest_is_that_of_everybody_that_a_person_is(here: Writer) -> None:
    first, other = here.freezes(), ready(make_writer("Alice Amber-Ash"))
    administrator = with_account("Ada Admin", ADMINISTRATOR)
    merge_people(kept=other.person, merged=here.person, by=administrator, uuid=uuid4())
    other.freezes()
    assert title_of(first.code) == "Issued by the School, and not the latest"


def test_stranger_learns_that_it_holds_and_not_whose_it_is(client: Client, here: Writer) -> None:
    first = here.freezes()
    page = words(Client().get(f"/verify/{grouped(first.code)}/"))
    assert "Issued by the School, and the latest" in page
    assert "Alice" not in page
    for ending in ("json", "pdf", "zip"):
        found = queries.issued(getattr(first, f"{ending}_digest"))
        assert found is not None
        assert found.holds
    here.writes(summary="Another one.")
    here.freezes()
    later = queries.issued(first.code)
    assert later is not None
    assert (later.holds, later.title) == (False, "Issued by the School, and not the latest")
    assert queries.issued("nothing") is None
