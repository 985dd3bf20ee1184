"""The pages of sharing: what one shares, and what whoever it is shared with reads."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.cpd.actions.sharing import end, share
from logbooks.cpd.models import Evidence, Share
from school.core import clock
from school.core.codes import grouped
from school.core.days import DAY
from school.people.models import AccessLog, Person
from tests.factories import make_person
from tests.logbooks.cpd.leaving.made import frozen
from tests.logbooks.cpd.posted import employ
from tests.logbooks.cpd.profile.made import Writer, here, make_writer
from tests.placements.browsers import browser, queries_of, words

__all__ = ["here"]
pytestmark = pytest.mark.django_db
SHARE, SHARED = "/cpd/share/", "/cpd/shared/"


@pytest.fixture
def bob(here: Writer) -> Person:
    bob = make_person("Bob Brown")
    employ(here.person, bob)
    return bob


@pytest.fixture
def page(here: Writer, bob: Person) -> Client:
    return browser(here.person, second_factor=False)


@pytest.fixture
def reader(bob: Person) -> Client:
    return browser(bob, second_factor=False)


def shares(by: Person, reader: Person, **values: Any) -> Share:
    return share(by=by, reader=reader, uuid=uuid4(), ends_on=clock.today() + DAY, **values)


def sent(reader: Person) -> dict[str, Any]:
    last = clock.today() + DAY
    parts = {f"ends_on_{part}": str(getattr(last, part)) for part in ("day", "month", "year")}
    return {"uuid": str(uuid4()), "reader": str(reader.uuid), **parts}


def test_activity_is_shared_read_and_ended(
    here: Writer, bob: Person, page: Client, reader: Client
) -> None:
    first, other = here.activities[:2]
    assert f"{SHARE}?activity={first.uuid}" in words(page.get(f"/cpd/{first.uuid}/"))
    answer = page.post(f"{SHARE}?activity={first.uuid}", sent(bob), follow=True)
    assert "Shared with Bob Brown." in words(answer)
    made = Share.objects.get()
    assert f"{SHARED}{made.uuid}/" in words(reader.get(SHARED))
    answer = reader.get(f"{SHARED}{made.uuid}/")
    assert "About arms up." in words(answer)
    assert "Better." in words(answer)
    assert AccessLog.objects.filter(viewer=bob, person=here.person).exists()
    file, another = first.evidence.get(), other.evidence.get()  # type: ignore[attr-defined]
    at = f"{SHARED}{made.uuid}/evidence/"
    assert reader.get(f"{at}{file.uuid}/").content.startswith(b"%PDF")
    assert reader.get(f"{at}{another.uuid}/").status_code == 404
    assert reader.get(f"{SHARED}{made.uuid}/pdf/").status_code == 404
    assert reader.get(f"/cpd/{first.uuid}/").status_code == 404
    answer = page.post(f"{SHARE}{made.uuid}/end/", follow=True)
    assert "Bob Brown can read it no longer." in words(answer)
    for address in (f"{SHARED}{made.uuid}/", f"{at}{file.uuid}/"):
        assert reader.get(address).status_code == 404


def test_evidence_that_was_taken_away_is_not_read(
    here: Writer, bob: Person, reader: Client
) -> None:
    made = shares(here.person, bob, activity=here.activities[0])
    file = Evidence.objects.get(activity=here.activities[0])
    Evidence.objects.filter(pk=file.pk).update(taken_back_at=clock.now())
    assert file.title not in words(reader.get(f"{SHARED}{made.uuid}/"))
    assert reader.get(f"{SHARED}{made.uuid}/evidence/{file.uuid}/").status_code == 404


def test_list_says_what_was_done_and_none_of_the_words(
    here: Writer, bob: Person, reader: Client
) -> None:
    made = shares(here.person, bob)
    gone = here.learns("Taken back")
    gone.taken_back_at = clock.now()
    gone.save()
    said = words(reader.get(f"{SHARED}{made.uuid}/"))
    assert "Study day" in said
    assert "Taken back" not in said
    for word in ("About", "Better.", "Faster.", "Certificate", "Slides"):
        assert word not in said
    assert reader.get(f"{SHARED}{made.uuid}/pdf/").status_code == 404


def test_profile_is_read_as_it_was_frozen_with_its_pdf_alone(
    here: Writer, bob: Person, page: Client, reader: Client
) -> None:
    profile = here.freezes()
    assert f"{SHARE}?profile={profile.uuid}" in words(page.get(f"/cpd/profile/{profile.uuid}/"))
    assert page.get(f"{SHARE}?profile={profile.uuid}").status_code == 200
    made = shares(here.person, bob, profile=profile)
    assert "I learned to hold the arms up." in words(reader.get(f"{SHARED}{made.uuid}/"))
    assert reader.get(f"{SHARED}{made.uuid}/pdf/").content.startswith(b"%PDF")
    assert reader.get(f"/cpd/profile/{profile.uuid}/file/zip/").status_code == 404
    file = here.activities[0].evidence.get()  # type: ignore[attr-defined]
    assert reader.get(f"{SHARED}{made.uuid}/evidence/{file.uuid}/").status_code == 404
    end(by=here.person, share=made)
    assert reader.get(f"{SHARED}{made.uuid}/pdf/").status_code == 404


def test_nobody_else_finds_a_share_or_ends_it(here: Writer, bob: Person, page: Client) -> None:
    made = shares(here.person, bob)
    stranger = browser(make_person("Sam Stranger"), second_factor=False)
    for one in (stranger, page):
        assert one.get(f"{SHARED}{made.uuid}/").status_code == 404
    assert stranger.post(f"{SHARE}{made.uuid}/end/").status_code == 404
    assert Share.objects.get().ended_at is None


def test_what_is_not_own_cannot_be_chosen(here: Writer, page: Client) -> None:
    other = make_writer("Nia New").activities[0]
    for query in (f"activity={other.uuid}", f"profile={other.uuid}", "activity=x"):
        assert page.get(f"{SHARE}?{query}").status_code == 404


def test_wrong_answers_are_said_and_nothing_typed_is_lost(page: Client, bob: Person) -> None:
    data = {**sent(bob), "ends_on_year": "2099"}
    answer = page.post(SHARE, data)
    assert answer.status_code == 422
    assert "must be between today and" in words(answer)
    assert 'value="2099"' in words(answer)
    answer = page.post(SHARE, {**data, "reader": "somebody"})
    assert answer.status_code == 422
    assert not Share.objects.exists()


def test_without_a_line_manager_the_page_says_what_to_do(here: Writer) -> None:
    person = make_writer("Nia New").person
    answer = browser(person, second_factor=False).get(SHARE)
    assert "No line manager of yours is on record" in words(answer)


def test_pages_ask_for_no_more_with_more_shares(
    here: Writer, bob: Person, page: Client, reader: Client
) -> None:
    made = shares(here.person, bob)
    pages = ((page, SHARE), (reader, SHARED), (reader, f"{SHARED}{made.uuid}/"))
    before = [queries_of(*one) for one in pages]
    for activity in here.activities:
        shares(here.person, bob, activity=activity)
    assert [queries_of(*one) for one in pages] == before
    assert max(before) <= 12


def test_reader_is_told_that_a_profile_was_brought(
    here: Writer, bob: Person, page: Client, reader: Client
) -> None:
    brought = frozen(here.person, known_from=clock.today() - DAY)
    made = shares(here.person, bob, profile=brought)
    said = words(reader.get(f"{SHARED}{made.uuid}/"))
    assert "This portal does not vouch for what it says." in said
    assert grouped(brought.code) not in said
    own = words(page.get(f"/cpd/profile/{brought.uuid}/"))
    assert "in another portal, and brought by you" in own
