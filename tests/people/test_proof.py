"""Proving it is you at the act, and what happens to an act that was interrupted."""

import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from school.people import proof
from school.people.models import Person
from school.people.roles import STUDENT
from school.urls import urlpatterns as portal
from tests.people.cast import (
    PASSWORD,
    a_person,
    code_of,
    newest_mail,
    post_password,
    signed_in,
    six_digits,
    with_account,
    with_app,
)

done: list[dict[str, Any]] = []


def sign(request: HttpRequest) -> HttpResponse:
    """A page whose POST asks for a proof first."""
    if request.method != "POST":
        return HttpResponse("page")
    if request.POST.get("inline"):
        right = proof.prove_by_password(request, request.POST["password"])
        return HttpResponse("yes" if right else "no")
    way = proof.recent_proof(request)
    if way is None:
        return proof.suspend(request, "confirm 2 shifts")
    done.append(
        {
            "who": request.user.get_username(),
            "way": way,
            "note": request.POST.getlist("note"),
            "uuid": request.POST.get("uuid"),
        }
    )
    return HttpResponse("done")


urlpatterns = [path("sign/", sign), *portal]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.test_proof")]


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@pytest.fixture
def alice() -> Person:
    return with_account("Alice Amber", STUDENT)


FORM = {"note": ["one", "two"], "uuid": "0a0a0a0a-0000-4000-8000-000000000001", "password": "x"}


def age(client: Client, seconds: int) -> None:
    """Let the proofs of a session grow older."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def finish(client: Client, page: Any) -> HttpResponse:
    """Press "Finish it" as a browser would: every hidden field goes to the form's own address."""
    act = page.context["shown"][0]["act"]
    data: dict[str, list[str]] = {}
    for name, value in act.fields:
        data.setdefault(name, []).append(value)
    return client.post(act.path, {**data, proof.RESUME_FIELD: act.uuid})


@pytest.mark.parametrize(("seconds", "way"), [(0, "password"), (899, "password"), (901, None)])
def test_proof_holds_for_15_minutes(alice: Person, seconds: int, way: str | None) -> None:
    client = signed_in(alice)
    age(client, seconds)
    client.post("/sign/", FORM)
    assert [act["way"] for act in done] == ([way] if way else [])


def test_newest_proof_is_the_word(alice: Person) -> None:
    client = signed_in(alice, with_app(alice))
    client.post("/sign/", FORM)
    client.post("/account/prove/", {"way": "password", "password": PASSWORD, "next": "/account/"})
    client.post("/sign/", FORM)
    assert [act["way"] for act in done] == ["totp", "password"]


def test_recovery_code_is_no_proof_at_an_act(alice: Person) -> None:
    with_app(alice)
    code = RecoveryCodes.activate(alice.user).get_unused_codes()[0]
    client = Client()
    post_password(client, alice.user.email)
    client.post("/account/login/second-step/", {"code": code})
    age(client, 60)
    client.post("/sign/", FORM)
    assert [act["way"] for act in done] == ["password"]


def test_account_without_password_and_authenticator_is_not_counted_as_proved() -> None:
    dora = with_account("Dora Dell", STUDENT, password=None)
    client = Client()
    client.force_login(dora.user)
    response = client.post("/sign/", FORM)
    assert response["Location"] == "/account/prove/?next=/account/resume/"
    assert client.get("/account/app/")["Location"].startswith("/account/prove/")
    assert done == []


@pytest.mark.parametrize("way", ["password", "totp", "code"])
def test_interrupted_act_is_finished_after_each_way_of_proving(alice: Person, way: str) -> None:
    secret = with_app(alice)
    client = signed_in(alice, secret)
    age(client, 901)
    with time_machine.travel(time.time() + 60, tick=True):
        response = client.post("/sign/", FORM)
        assert response["Location"] == "/account/prove/?next=/account/resume/"
        assert client.get(response["Location"]).status_code == 200
        data = {"way": way, "next": "/account/resume/"}
        if way == "password":
            data["password"] = PASSWORD
        elif way == "totp":
            data["code"] = code_of(secret)
        else:
            client.post("/account/prove/", {"way": "send", "next": "/account/resume/"})
            data["code"] = six_digits(newest_mail("proof_code").body)
        response = client.post("/account/prove/", data)
        assert response["Location"] == "/account/resume/"
        page = client.get("/account/resume/")
        assert "You were about to confirm 2 shifts" in page.content.decode()
        assert done == []
        assert finish(client, page).status_code == 200
    word = {"password": "password", "totp": "totp", "code": "emailed_code"}[way]
    assert done == [
        {
            "who": "alice@trust.example",
            "way": word,
            "note": ["one", "two"],
            "uuid": FORM["uuid"],
        }
    ]
    assert proof.kept_acts(alice.uuid) == []


def test_password_is_not_kept_with_the_act(alice: Person) -> None:
    client = signed_in(alice)
    age(client, 901)
    client.post("/sign/", FORM)
    (act,) = proof.kept_acts(alice.uuid)
    assert [name for name, _ in act.fields] == ["note", "note", "uuid"]


def test_kept_act_shows_what_was_typed_and_no_fields_of_the_page(alice: Person) -> None:
    client = signed_in(alice)
    age(client, 901)
    own = {"other_way": "1", "batch": "b", "device_time": "2026-11-03T08:00:00Z", "until_now": "c"}
    client.post("/sign/", FORM | own | {"shift_uuid": "d"})
    (item,) = client.get("/account/resume/").context["shown"]
    assert item["rows"] == [{"key": "Note", "value": "one"}, {"key": "Note", "value": "two"}]


def test_looking_at_the_kept_act_changes_nothing(alice: Person) -> None:
    client = signed_in(alice)
    age(client, 901)
    client.post("/sign/", FORM)
    before = proof.kept_acts(alice.uuid)
    for _ in range(2):
        client.get("/account/resume/")
    assert (proof.kept_acts(alice.uuid), done) == (before, [])


def test_kept_act_can_be_thrown_away(alice: Person) -> None:
    client = signed_in(alice)
    age(client, 901)
    client.post("/sign/", FORM)
    client.post("/account/resume/", {"drop": proof.kept_acts(alice.uuid)[0].uuid})
    assert proof.kept_acts(alice.uuid) == []


def test_form_of_someone_signed_out_meanwhile_waits_and_is_finished(alice: Person) -> None:
    client = signed_in(alice)
    client.post("/account/logout/")
    response = client.post("/sign/", FORM)
    assert response["Location"] == "/account/login/?next=/account/resume/"
    response = post_password(client, alice.user.email, next="/account/resume/")
    assert response["Location"] == "/account/resume/"
    finish(client, client.get("/account/resume/"))
    assert [(act["who"], act["note"]) for act in done] == [("alice@trust.example", ["one", "two"])]


def test_half_typed_text_waits_for_its_owner_on_a_shared_computer(alice: Person) -> None:
    bob = with_account("Bob Birch", STUDENT)
    client = signed_in(alice)
    client.post("/account/logout/")
    client.post("/sign/", {"note": "words of Alice"})
    response = post_password(client, bob.user.email, next="/account/resume/")
    page = client.get("/account/resume/")
    assert (page.status_code, page["Location"]) == (302, "/home/")
    client.post("/account/logout/")
    response = post_password(client, alice.user.email)
    assert response["Location"] == "/account/resume/"
    page = client.get("/account/resume/")
    assert "words of Alice" in page.content.decode()
    assert done == []


def test_form_of_an_unknown_browser_is_not_kept() -> None:
    response = Client().post("/sign/", FORM)
    assert response["Location"] == "/account/login/?next=/sign/"


def test_forged_owner_cookie_is_not_believed(alice: Person) -> None:
    client = Client()
    client.cookies[proof.OWNER_COOKIE] = str(alice.uuid)
    client.post("/sign/", FORM)
    assert proof.kept_acts(alice.uuid) == []


def test_form_from_before_another_sign_in_cannot_come_in_under_the_later_name(
    alice: Person,
) -> None:
    """The CSRF secret changes at sign-in, so an old window of Alice's sends nothing as Bob."""
    bob = with_account("Bob Birch", STUDENT)
    client = Client(enforce_csrf_checks=True)
    client.get("/account/login/")
    token = client.cookies["csrftoken"].value
    post_password(client, alice.user.email, csrfmiddlewaretoken=token)
    old = client.cookies["csrftoken"].value
    client.post("/account/logout/", {"csrfmiddlewaretoken": old})
    post_password(client, bob.user.email, csrfmiddlewaretoken=old)
    response = client.post("/sign/", {**FORM, "csrfmiddlewaretoken": old})
    assert (response.status_code, done) == (403, [])


def test_inline_password_proves_and_is_limited_per_account(alice: Person) -> None:
    client = signed_in(alice)
    age(client, 901)
    answers = [
        client.post("/sign/", {"inline": "1", "password": words}).content.decode()
        for words in ("wrong", PASSWORD)
    ]
    assert answers == ["no", "yes"]
    client.post("/sign/", FORM)
    assert [act["way"] for act in done] == ["password"]
    for _ in range(8):
        client.post("/sign/", {"inline": "1", "password": "wrong"})
    response = client.post("/sign/", {"inline": "1", "password": PASSWORD})
    assert response.status_code == 429
    assert "tried too often" in response.content.decode()


def test_emailed_code_runs_out_and_five_wrong_ones_end_it(alice: Person) -> None:
    client = signed_in(alice)
    client.post("/account/prove/", {"way": "send"})
    code = six_digits(newest_mail("proof_code").body)
    assert code not in str(dict(client.session))
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        client.post("/account/prove/", {"way": "code", "code": wrong, "next": "/account/"})
    response = client.post("/account/prove/", {"way": "code", "code": code, "next": "/account/"})
    assert "That code has run out" in response.content.decode()


def test_emailed_codes_are_limited_per_account(alice: Person) -> None:
    client = signed_in(alice)
    statuses = [client.post("/account/prove/", {"way": "send"}).status_code for _ in range(6)]
    assert statuses == [302, 302, 302, 302, 302, 429]


def test_proof_leads_nowhere_else(alice: Person) -> None:
    client = signed_in(alice)
    response = client.post(
        "/account/prove/",
        {"way": "password", "password": PASSWORD, "next": "https://elsewhere.example/"},
    )
    assert response["Location"] == "/home/"


def test_acts_of_two_people_are_kept_apart() -> None:
    one, other = a_person("One"), a_person("Other")
    request = HttpRequest()
    request.method = "POST"
    request.path = "/sign/"
    request.POST = request.POST.copy()
    request.POST["note"] = "words"
    assert proof.keep(request, one.uuid)
    assert (len(proof.kept_acts(one.uuid)), proof.kept_acts(other.uuid)) == (1, [])
