"""One's own mail on one's own pages: choosing when it comes, and reading all of it; and where trouble shows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from school.core import clock
from school.people import addresses, digests
from school.people.models import Mail, MailPreference, Person
from school.people.roles import ADMINISTRATOR, STUDENT
from school.people.telling import tell
from tests.people import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> tuple[Person, Client]:
    """A student and her browser."""
    person = cast.with_account("Alice Amber", STUDENT)
    return person, cast.signed_in(person)


@pytest.fixture
def admin() -> Client:
    """An administrator's browser."""
    person = cast.with_account("Ada Admin", ADMINISTRATOR)
    return cast.signed_in(person, cast.with_app(person))


def words(response: Any) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def told(person: Person, number: int = 1, **given: Any) -> Mail:
    """Something that was written to somebody."""
    made = tell(person, "shift_decided", f"Thing {number}", "It is about Tuesday.", **given)
    assert made is not None
    return made


# When mail comes


def test_choice_is_kept_and_shown_again(alice: tuple[Person, Client]) -> None:
    person, client = alice
    page = client.get("/account/mail/").content.decode()
    assert re.search(r'value="daily"[^>]* checked', page)
    typed = {"digest": "weekly", "quiet_from": "20", "quiet_until": "7.30"}
    answer = client.post("/account/mail/", typed, follow=True)
    assert "Your choice was kept." in words(answer)
    page = answer.content.decode()
    assert re.search(r'value="weekly"[^>]* checked', page)
    assert ('value="20:00"' in page, 'value="07:30"' in page) == (True, True)
    chosen = MailPreference.objects.get()
    assert (chosen.person, chosen.digest) == (person, "weekly")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"digest": "daily", "quiet_from": "20:00"}, "Enter both times, or neither."),
        (
            {"digest": "daily", "quiet_from": "7:00", "quiet_until": "07:00"},
            "Quiet hours end at another time than they begin.",
        ),
        ({"digest": "hourly"}, "How often do you want mail?"),
        (
            {"digest": "daily", "quiet_from": "late", "quiet_until": "7"},
            "must be a time, like 08:00",
        ),
    ],
)
def test_choice_that_is_none_comes_back_as_it_was_typed(
    alice: tuple[Person, Client], typed: dict[str, str], said: str
) -> None:
    answer = alice[1].post("/account/mail/", typed)
    assert (answer.status_code, MailPreference.objects.count()) == (422, 0)
    assert said in words(answer)
    assert [value for value in typed.values() if value[0].isdigit()] == re.findall(
        r'name="quiet_\w+" value="([\d:]+)"', answer.content.decode()
    )


# Messages


def test_messages_show_each_mail_and_how_it_fared(alice: tuple[Person, Client]) -> None:
    person, client = alice
    at = {"sent_at": clock.now()}
    fates: list[tuple[str, dict[str, Any]]] = [
        ("It goes out with your next mail, on", {}),
        ("You chose to get no mail.", {"state": "kept"}),
        ("You had no address to send it to.", {"state": "kept", "address": ""}),
        ("The mail server did not take it: 550 No such user", {"state": "refused", "error": "550 No such user"}),
        ("It could not be delivered: 5.1.1 gone", {"state": "came_back", "error": "5.1.1 gone", **at}),
        ("is tried again: TimeoutError", {"state": "waiting", "error": "TimeoutError"}),
        ("It is about to be sent.", {"state": "waiting", "not_before": clock.now()}),
        ("It was sent on", {"state": "sent", **at}),
    ]  # fmt: skip
    for number, (_, fields) in enumerate(fates):
        Mail.objects.filter(pk=told(person, number).pk).update(**fields)
    said = words(client.get("/account/messages/"))
    places = [said.index(f"Thing {number}") for number in range(len(fates))]
    assert places == sorted(places, reverse=True)
    assert [text for text, _ in fates if text not in said] == []


def test_message_in_a_digest_fares_as_the_digest(alice: tuple[Person, Client]) -> None:
    person, client = alice
    for number in (1, 2):
        told(person, number)
    digests.gather(person, clock.now())
    Mail.objects.filter(kind=digests.NEWS).update(state="sent", sent_at=clock.now())
    said = words(client.get("/account/messages/"))
    assert said.count("together with other news.") == 2
    assert "Thing 1, and 1 more" not in said


def test_messages_never_show_what_opens_a_door(alice: tuple[Person, Client]) -> None:
    person, client = alice
    for kind in ("proof_code", "invitation", "confirmation_link", "password_reset_key"):
        tell(person, kind, "Subject", "Secret 314159 https://portal.example/confirm/abc/")
    page = client.get("/account/messages/").content.decode()
    assert page.count("opens a door and is not kept here") == 4
    assert ("314159" in page, "confirm/abc" in page) == (False, False)


def test_sign_in_code_stands_among_the_messages(alice: tuple[Person, Client]) -> None:
    person, client = alice
    assert person.user is not None
    Client().post("/account/login/code/", {"email": person.user.email})
    made = Mail.objects.get(kind="login_code")
    assert (made.person, made.state) == (person, "waiting")
    assert made.subject in words(client.get("/account/messages/"))


def test_messages_of_others_do_not_show(alice: tuple[Person, Client]) -> None:
    told(cast.with_account("Bob Birch", STUDENT))
    assert "Thing 1" not in words(alice[1].get("/account/messages/"))


@pytest.mark.parametrize("size", [1, 30])
def test_messages_take_as_many_queries_for_one_as_for_thirty(
    alice: tuple[Person, Client], size: int
) -> None:
    person, client = alice
    for number in range(size):
        told(person, number)
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/messages/")
    assert len(queries) <= 9
    assert "1 to 20 of 30 messages" in words(client.get("/account/messages/")) or size == 1


def test_words_of_a_message_are_text_and_its_address_a_link(alice: tuple[Person, Client]) -> None:
    made = tell(alice[0], "shift_decided", "S", "<b>Half</b> a day?", "https://portal.example/x/")
    assert made is not None
    page = alice[1].get("/account/messages/").content.decode()
    assert "&lt;b&gt;Half&lt;/b&gt; a day?" in page
    assert 'href="https://portal.example/x/"' in page


# Where trouble shows


def test_address_in_trouble_shows_to_its_owner_until_it_is_corrected(
    alice: tuple[Person, Client],
) -> None:
    person, client = alice
    addresses.mark("ALICE@trust.example", "550 No such user")
    pages = ("/account/", "/account/mail/", "/account/messages/")
    assert ["Mail to you comes back" in words(client.get(page)) for page in pages] == [True] * 3
    assert person.user is not None
    person.user.email = "alice@new.example"
    person.user.save()
    assert ["Mail to you comes back" in words(client.get(page)) for page in pages] == [False] * 3


def test_address_in_trouble_shows_to_administrators(
    admin: Client, alice: tuple[Person, Client]
) -> None:
    addresses.mark("alice@trust.example", "550 No such user")
    addresses.mark("gone@trust.example", "550 No such user")
    said = words(admin.get("/people/"))
    assert said.count("Mail comes back from this address") == 1
    assert "550 No such user" in words(admin.get(f"/people/{alice[0].uuid}/roles/"))
    said = words(admin.get("/system/"))
    assert ("alice@trust.example Whose Alice Amber" in said) is True
    assert ("gone@trust.example Whose Nobody’s any more" in said) is True


def test_system_shows_mail_that_came_back_lately_and_none_that_is_held(
    admin: Client, alice: tuple[Person, Client]
) -> None:
    for number, ago in ((1, 1), (2, 20)):
        Mail.objects.filter(pk=told(alice[0], number).pk).update(
            state="came_back", sent_at=clock.now() - timedelta(days=ago), error="5.1.1 gone"
        )
    told(alice[0], 3)
    said = words(admin.get("/system/"))
    assert ("Came back" in said, "5.1.1 gone" in said) == (True, True)
    assert [f"Thing {number}" in said for number in (1, 2, 3)] == [True, False, False]


def test_system_takes_as_many_queries_for_one_address_as_for_thirty(
    admin: Client, alice: tuple[Person, Client]
) -> None:
    counts = []
    for size in (1, 30):
        for number in range(size):
            cast.a_person(f"P {size}", f"p{number}.{size}@trust.example")
            addresses.mark(f"p{number}.{size}@trust.example", "550")
        with CaptureQueriesContext(connection) as queries:
            admin.get("/system/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_account_page_leads_to_messages_and_to_the_choice(alice: tuple[Person, Client]) -> None:
    page = alice[1].get("/account/").content.decode()
    assert ('href="/account/messages/"' in page, 'href="/account/mail/"' in page) == (True, True)
