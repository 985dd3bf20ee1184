"""The pages that check and freeze a profile, open what was frozen, and compare."""

import pytest
from django.test import Client

from logbooks.cpd.files import profile_file
from logbooks.cpd.models import GapReason
from logbooks.cpd.profile import queries
from school.core import clock, documents
from tests.logbooks.cpd.profile.made import CHECK, PROFILE, Writer, bring, here, hidden, make_writer
from tests.placements.browsers import browser, words

__all__ = ["here"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(here: Writer) -> Client:
    return browser(here.person, second_factor=False)


# Checking and freezing ----------------------------------------------------------------------------


def test_check_shows_list_gaps_evidence_and_findings(client: Client, here: Writer) -> None:
    gone = here.learns("Taken back", 5)
    gone.taken_back_at = clock.now()
    gone.save()
    GapReason.objects.create(
        person=here.person,
        first=here.by.period[0],
        last=here.by.period[0],
        words="Leave for a baby",
    )
    missing = here.activities[1].evidence.get()
    documents.remove("cpd-evidence", str(missing.uuid))
    page = words(client.get(CHECK))
    for text in ("Journal club", "Leave for a baby", "Certificate", "The file is missing", "Number of activities", "None of this stops you"):  # fmt: skip
        assert text in page, text
    assert "Taken back" not in page


def test_what_changed_since_it_was_shown_is_shown_again(client: Client, here: Writer) -> None:
    asked = hidden(client.get(CHECK), "uuid", "seen")
    here.writes(summary="Something else.")
    answer = client.post(CHECK, asked)
    assert answer.status_code == 409
    assert "Something else." in words(answer)
    assert "<title>Error: " in words(answer)
    assert client.post(CHECK, hidden(answer, "uuid", "seen")).status_code == 302
    assert client.post(CHECK, {"uuid": "x"}).status_code == 422


# Frozen profiles ----------------------------------------------------------------------------------


def test_two_frozen_profiles_are_compared_in_words_too(client: Client, here: Writer) -> None:
    first = here.freezes()
    here.learns("A fifth one")
    here.chooses(*here.activities[1:])
    here.writes(statement="I learned to hold both arms up.")
    second = here.freezes()
    page = words(client.get(f"/cpd/profile/{second.uuid}/compare/{first.uuid}/"))
    assert page.count("Left out") == 2, "the activity that is described, and its evidence"
    for text in (
        "A fifth one",
        "Added",
        "(added: </span>both",
        "(taken out: ",
        "The same in both.",
    ):
        assert text in page, text
    assert f"/cpd/profile/{first.uuid}/compare/{second.uuid}/" in words(client.get(PROFILE))


def test_files_that_are_gone_are_said_to_be(client: Client, here: Writer) -> None:
    found = here.freezes()
    for ending in ("json", "zip"):
        documents.remove("cpd-profiles", f"{found.code}.{ending}")
    for address in (f"/cpd/profile/{found.uuid}/", f"/cpd/profile/{found.uuid}/file/zip/"):
        answer = client.get(address)
        assert (answer.status_code, "missing where files are kept" in words(answer)) == (422, True)


def test_others_find_no_profile(here: Writer) -> None:
    found = here.freezes()
    other = browser(make_writer("Nia New").person, second_factor=False)
    address = f"/cpd/profile/{found.uuid}/"
    for page in ("", "file/pdf/", f"compare/{found.uuid}/"):
        assert other.get(address + page).status_code == 404


def test_brought_profile_stands_where_it_was_frozen(client: Client, here: Writer) -> None:
    first = here.freezes()
    brought = bring(here.person, first.json_digest)
    documents.keep("cpd-profiles", f"{brought.code}.json", profile_file(first, "json") or b"")
    assert queries.frozen(here.me) == [first, brought]
    page = client.get(f"/cpd/profile/{first.uuid}/compare/{brought.uuid}/")
    assert page.context["after"] == first
