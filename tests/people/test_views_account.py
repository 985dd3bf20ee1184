"""One door: what opens it, what does not, and that there is no other."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.actions import WRITERS
from school.people.models import Mail
from school.people.roles import ADMINISTRATOR, STUDENT
from tests.access.routes import project_routes
from tests.people.cast import (
    PASSWORD,
    code_of,
    is_in,
    newest_mail,
    post_password,
    signed_in,
    six_digits,
    with_account,
    with_app,
)

pytestmark = pytest.mark.django_db


def test_password_opens_the_door() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = Client()
    response = post_password(client, "ALICE@trust.example")
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert client.session["_auth_user_id"] == str(alice.user.pk)


def test_wrong_password_says_what_to_do_and_keeps_the_address() -> None:
    with_account("Alice Amber", STUDENT)
    client = Client()
    response = post_password(client, "alice@trust.example", "wrong wrong wrong")
    assert not is_in(client)
    assert "do not belong together" in response.content.decode()
    assert 'value="alice@trust.example"' in response.content.decode()


def test_right_password_of_a_totp_account_asks_for_the_code() -> None:
    alice = with_account("Alice Amber", STUDENT)
    secret = with_app(alice)
    client = Client()
    response = post_password(client, alice.user.email)
    assert response["Location"] == "/account/login/second-step/"
    assert not is_in(client)
    client.post("/account/login/second-step/", {"code": "000000"})
    assert not is_in(client)
    response = client.post("/account/login/second-step/", {"code": code_of(secret)})
    assert (is_in(client), response["Location"]) == (True, "/account/")


def test_recovery_code_opens_the_second_step_once() -> None:
    alice = with_account("Alice Amber", STUDENT)
    with_app(alice)
    code = RecoveryCodes.activate(alice.user).get_unused_codes()[0]
    outcomes = []
    for _ in range(2):
        client = Client()
        post_password(client, alice.user.email)
        client.post("/account/login/second-step/", {"code": code})
        outcomes.append(is_in(client))
    assert outcomes == [True, False]


def test_code_by_email_opens_the_door() -> None:
    alice = with_account("Alice Amber", STUDENT, password=None)
    client = Client()
    client.post("/account/login/code/", {"email": alice.user.email, "next": "/account/"})
    code = six_digits(newest_mail("login_code").body)
    response = client.post("/account/login/code/confirm/", {"code": code, "next": "/account/"})
    assert (is_in(client), response["Location"]) == (True, "/account/")


def test_code_by_email_does_not_pass_the_second_step() -> None:
    alice = with_account("Alice Amber", STUDENT)
    with_app(alice)
    client = Client()
    client.post("/account/login/code/", {"email": alice.user.email})
    code = six_digits(newest_mail("login_code").body)
    response = client.post("/account/login/code/confirm/", {"code": code})
    assert response["Location"] == "/account/login/second-step/"
    assert not is_in(client)


def test_unknown_address_gets_the_same_answer_and_no_mail() -> None:
    with_account("Alice Amber", STUDENT)
    answers = []
    for email in ("alice@trust.example", "nobody@trust.example"):
        client = Client()
        response = client.post("/account/login/code/", {"email": email})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    assert list(Mail.objects.values_list("address", flat=True)) == ["alice@trust.example"]


def test_mistyped_address_leaves_a_way_back_to_the_door() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = Client()
    confirm = client.post("/account/login/code/", {"email": "alice@trsut.example"})["Location"]
    doors = [f"/account/login/{door}" for door in ("", "code/", "passkey/")]
    assert [client.get(door).status_code for door in doors] == [302, 302, 302]
    page = client.get(confirm).content.decode()
    form = page[page.index('action="/account/logout/"') :].partition("</form>")[0]
    assert "Start again as somebody else" in form
    assert 'name="next" value="/account/login/"' in form
    response = client.post("/account/logout/", {"next": "/account/login/"})
    assert response["Location"] == "/account/login/"
    assert [client.get(door).status_code for door in doors[:2]] == [200, 200]
    assert client.get(confirm)["Location"] == "/account/login/code/"
    post_password(client, alice.user.email)
    assert is_in(client)


def test_nobody_signs_up() -> None:
    assert Client().get("/account/signup/").status_code == 404


def test_closed_account_is_out_at_once() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = signed_in(alice)
    assert client.get("/account/").status_code == 200
    alice.user.is_active = False
    alice.user.save()
    assert client.get("/account/").status_code == 302
    response = post_password(Client(), alice.user.email)
    assert response["Location"] == "/account/inactive/"


@pytest.mark.parametrize("door", ["/admin/login/", "/django-admin/login/", "/_util/login/"])
def test_other_doors_lead_to_the_one(door: str) -> None:
    response = Client().get(door, {"next": "/admin/"})
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/admin/")
    response = Client().get(door, {"next": "https://elsewhere.example/"})
    assert response["Location"] in ("/account/login/", "/account/login/?next=/admin/")


def test_no_form_of_the_project_lets_a_bare_password_in_when_totp_is_on() -> None:
    """The right password goes to every address there is, under every name that a sign-in form may use."""
    alice = with_account("Alice Amber", ADMINISTRATOR)
    alice.user.is_staff = alice.user.is_superuser = True
    alice.user.save()
    with_app(alice)
    fields = dict.fromkeys(
        ("login", "email", "username", "user", "login-email"), alice.user.email
    ) | dict.fromkeys(("password", "password1", "oldpassword", "login-password"), PASSWORD)
    tried = 0
    for route in project_routes():
        client = Client(raise_request_exception=False)
        client.post("/" + _address(route), fields)
        assert not is_in(client), route
        tried += 1
    assert tried > 50


def _address(route: str) -> str:
    route = re.sub(r"<uuid:\w+>", "0a0a0a0a-0000-4000-8000-000000000001", route)
    route = re.sub(r"<(int:)?\w+>", "1", route)
    route = re.sub(r"<\w+:\w+>", "a", route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "1", route)
    return re.sub(r"[\^$?\\]", "", route)


def test_wagtail_neither_changes_passwords_nor_addresses_nor_keeps_users() -> None:
    alice = with_account("Alice Amber", ADMINISTRATOR)
    alice.user.is_staff = alice.user.is_superuser = True
    alice.user.save()
    Group.objects.get_or_create(name=WRITERS)
    client = signed_in(alice, with_app(alice))
    client.post(
        "/admin/account/",
        {
            "name_email-email": "other@trust.example",
            "email": "other@trust.example",
            "password-new_password1": "six other green lemons",
            "password-new_password2": "six other green lemons",
            "password-old_password": PASSWORD,
        },
    )
    alice.user.refresh_from_db()
    assert (alice.user.email, alice.user.check_password(PASSWORD)) == ("alice@trust.example", True)
    for address in ("/admin/users/", "/admin/users/new/", "/admin/users/edit/1/"):
        assert client.get(address)["Location"] == "/people/"
    assert client.get("/admin/password_reset/").status_code == 404


def test_sign_out_is_a_post_and_leads_straight_to_the_next_person() -> None:
    client = signed_in(with_account("Alice Amber", STUDENT))
    client.get("/account/logout/")
    assert is_in(client)
    response = client.post("/account/logout/", {"next": "/account/login/"})
    assert (is_in(client), response["Location"]) == (False, "/account/login/")


def test_password_changes_only_after_a_proof_and_ends_other_sessions() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client, elsewhere = signed_in(alice), signed_in(alice)
    response = client.post("/account/password/", {"password": "four purple lemons"})
    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    alice.user.refresh_from_db()
    assert alice.user.check_password("four purple lemons")


def test_password_of_an_old_session_asks_for_a_proof() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = signed_in(alice)
    _make_old(client)
    response = client.post("/account/password/", {"password": "four purple lemons"})
    assert response["Location"] == "/account/prove/?next=/account/password/"
    alice.user.refresh_from_db()
    assert alice.user.check_password(PASSWORD)


def _make_old(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 15 * 60
    session.save()


def test_session_and_person_are_two_queries_and_hats_one() -> None:
    client = signed_in(with_account("Alice Amber", STUDENT))
    with CaptureQueriesContext(connection) as taken:
        client.get("/account/prove/")
    own = [query["sql"] for query in taken if "mfa_authenticator" not in query["sql"]]
    assert len(own) == 3, own
