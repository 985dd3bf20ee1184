"""The pages on which people change their address, confirm it, and administrators correct somebody's."""

import pytest
from django.test import Client

from school.people.models import Mail, Person
from school.people.roles import ADMINISTRATOR, STUDENT
from tests.people.cast import (
    PASSWORD,
    code_of,
    is_in,
    newest_mail,
    post_password,
    signed_in,
    with_account,
    with_app,
)
from tests.people.test_changing import MOVED, NEW, OLD, state, token

pytestmark = pytest.mark.django_db

PAGE = "/account/address/"


@pytest.fixture
def alice() -> Person:
    return with_account("Alice Amber", STUDENT)


def age(client: Client) -> None:
    """Let the proofs of a session grow older than 15 minutes."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1000
    session.save()


def test_alice_changes_her_address_and_stays_signed_in(alice: Person) -> None:
    client, elsewhere = signed_in(alice), signed_in(alice)
    assert f'href="{PAGE}"' in client.get("/account/").content.decode()
    response = client.post(PAGE, {"email": NEW})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert f"on its way to {NEW}" in client.get("/account/").content.decode()
    link = f"{PAGE}{token()}/"
    assert "Use this address" in client.get(link).content.decode()
    assert state(alice) == OLD
    assert client.post(link)["Location"] == "/account/"
    assert state(alice) == MOVED
    assert (client.get(link).status_code, client.post(link).status_code) == (410, 410)
    assert [one.get("/account/").status_code for one in (client, elsewhere)] == [200, 200]
    assert [is_in(_tried(email)) for email in (NEW, "alice@trust.example")] == [True, False]


def _tried(email: str) -> Client:
    client = Client()
    post_password(client, email)
    return client


def test_old_proof_is_asked_again_and_what_was_typed_is_kept(alice: Person) -> None:
    client = signed_in(alice)
    age(client)
    assert client.get(PAGE)["Location"] == f"/account/prove/?next={PAGE}"
    asked = client.post(PAGE, {"email": NEW})["Location"]
    target = asked.partition("next=")[2]
    assert Mail.objects.filter(kind="address_link").count() == 0
    sent = {"way": "password", "password": PASSWORD, "next": target}
    response = client.post("/account/prove/", sent, follow=True)
    assert f'value="{NEW}"' in response.content.decode()
    assert state(alice) == OLD


def test_password_alone_is_no_proof_for_whoever_has_a_second_step(alice: Person) -> None:
    secret = with_app(alice)
    client = signed_in(alice, secret)
    age(client)
    prove = client.get(PAGE)["Location"]
    page = client.get(prove).content.decode()
    assert ('value="totp"' in page, 'value="password"' in page) == (True, False)
    sent = {"way": "password", "password": PASSWORD}
    client.post("/account/prove/", {**sent, "next": PAGE})
    client.post("/account/prove/", {**sent, "next": "/account/"})
    assert client.post(PAGE, {"email": NEW}).status_code == 302
    assert Mail.objects.filter(kind="address_link").count() == 0


def test_code_of_the_app_is_a_proof(alice: Person) -> None:
    secret = with_app(alice)
    client = signed_in(alice, secret)
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {"email": NEW})["Location"] == "/account/"
    assert (len(code_of(secret)), newest_mail("address_link").address) == (6, NEW)


def test_own_link_asks_a_visitor_to_sign_in_and_refuses_somebody_else(alice: Person) -> None:
    signed_in(alice).post(PAGE, {"email": NEW})
    link = f"{PAGE}{token()}/"
    assert Client().post(link)["Location"] == f"/account/login/?next={link}"
    bob = signed_in(with_account("Bob Birch"))
    assert (bob.get(link).status_code, bob.post(link).status_code) == (410, 410)
    assert state(alice) == OLD


def test_link_is_stopped(alice: Person) -> None:
    client = signed_in(alice)
    client.post(PAGE, {"email": NEW})
    assert "Stop it" in client.get(PAGE).content.decode()
    client.post(PAGE, {"stop": "yes"})
    assert client.get(f"{PAGE}{token()}/").status_code == 410


def test_what_is_wrong_stands_at_the_field(alice: Person) -> None:
    client = signed_in(alice)
    for email in ("", "nobody", "ALICE@trust.example"):
        response = client.post(PAGE, {"email": email})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["email"]


def test_links_are_counted(alice: Person) -> None:
    client = signed_in(alice)
    answers = [client.post(PAGE, {"email": f"a{n}@new.example"}).status_code for n in range(6)]
    assert answers == [302] * 5 + [422]


def test_administrator_asks_and_the_owner_confirms_without_the_old_mailbox(alice: Person) -> None:
    ada = with_account("Ada Ash", ADMINISTRATOR)
    desk = signed_in(ada, with_app(ada))
    roles, correct = (f"/people/{alice.uuid}/{part}/" for part in ("roles", "correct"))
    assert f'href="{correct}"' in desk.get(roles).content.decode()
    page = desk.get(correct).content.decode()
    assert ('value="Alice Amber"' in page, 'value="alice@trust.example"' in page) == (True, True)
    response = desk.post(correct, {"name": "Alice Amber", "email": NEW}, follow=True)
    assert f"A link is on its way to {NEW}." in response.content.decode()
    assert state(alice) == OLD
    visitor, link = Client(), f"{PAGE}{token()}/"
    assert "Use this address" in visitor.get(link).content.decode()
    assert visitor.post(link)["Location"] == "/account/login/"
    assert (state(alice), is_in(visitor)) == (MOVED, False)


def test_administrator_does_not_correct_themselves() -> None:
    ada = with_account("Ada Ash", ADMINISTRATOR)
    desk = signed_in(ada, with_app(ada))
    assert "/correct/" not in desk.get(f"/people/{ada.uuid}/roles/").content.decode()
    sent = {"name": "Ada Oak", "email": NEW}
    assert desk.post(f"/people/{ada.uuid}/correct/", sent).status_code == 403
    assert state(ada)[0] == "Ada Ash"
