"""The second factor that roles ask for, and the log of who opened whose record."""

from datetime import timedelta

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from school.core import clock
from school.people import policies
from school.people.middleware import PersonMiddleware
from school.people.models import AccessLog, Person
from school.people.network import ensure_network
from school.people.roles import ADMINISTRATOR, COORDINATOR, PRACTICE_EDUCATOR, ROLES, STUDENT
from school.settings import base
from tests.people.cast import (
    code_of,
    everyone_by_role,
    holds,
    post_password,
    signed_in,
    with_account,
    with_app,
)

pytestmark = pytest.mark.django_db


def test_every_role_that_sees_more_than_its_own_students_is_sent_to_set_up() -> None:
    sent = {
        key
        for key, person in everyone_by_role().items()
        if signed_in(person).get("/account/devices/").status_code == 302
    }
    assert sent == set(ROLES) - {STUDENT.key, PRACTICE_EDUCATOR.key}


def test_without_second_factor_only_set_up_sign_out_and_help_are_open() -> None:
    client = signed_in(with_account("Cora Coral", COORDINATOR))
    for address in ("/people/invite/", "/account/password/", "/account/devices/", "/admin/"):
        assert client.get(address)["Location"] in ("/account/", "/account/login/?next=/admin/")
    for address in ("/account/", "/account/app/", "/account/passkeys/add/", "/account/logout/"):
        assert client.get(address).status_code == 200, address
    assert client.get("/help/").status_code in (200, 404)
    assert client.post("/account/logout/").status_code == 302


def test_set_up_of_an_app_opens_everything_in_the_same_session() -> None:
    client = signed_in(with_account("Cora Coral", COORDINATOR))
    page = client.get("/account/app/")
    secret = page.context["form"].secret
    response = client.post("/account/app/", {"code": code_of(secret)})
    assert response["Location"] == "/account/recovery-codes/"
    assert client.get("/account/recovery-codes/").status_code == 200
    assert client.get("/account/devices/").status_code == 200


def test_session_that_went_in_without_the_factor_uses_it_once_the_role_needs_it() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = signed_in(alice)
    secret = with_app(alice)
    assert client.get("/account/devices/").status_code == 200
    holds(alice, COORDINATOR, ensure_network())
    response = client.get("/account/devices/")
    assert response["Location"] == "/account/prove/?next=/account/devices/"
    page = client.get(response["Location"])
    assert page.context["ways"] == {"totp"}
    response = client.post(
        "/account/prove/", {"way": "totp", "code": code_of(secret), "next": "/account/devices/"}
    )
    assert response["Location"] == "/account/devices/"
    assert client.get("/account/devices/").status_code == 200


def test_only_second_factor_of_a_role_that_needs_one_stays() -> None:
    cora = with_account("Cora Coral", COORDINATOR)
    client = signed_in(cora, with_app(cora))
    response = client.post("/account/app/remove/")
    assert response.status_code == 200
    assert "this is your only one" in response.content.decode()
    assert cora.user.authenticator_set.count() == 1


def test_student_may_take_the_second_factor_away() -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = signed_in(alice, with_app(alice))
    assert client.post("/account/app/remove/")["Location"] == "/account/"
    assert alice.user.authenticator_set.count() == 0


@pytest.fixture
def bob_sees_alice(monkeypatch: pytest.MonkeyPatch) -> tuple[Person, Person, Person]:
    """Alice's record is shared with Bob; Charlie is somebody else."""
    alice = with_account("Alice Amber", STUDENT)
    bob = with_account("Bob Birch", PRACTICE_EDUCATOR)
    charlie = with_account("Charlie Cedar", PRACTICE_EDUCATOR)
    monkeypatch.setattr(
        policies,
        "_visible",
        [
            lambda viewer: (
                Person.objects.filter(pk=alice.pk)
                if viewer.person == bob
                else Person.objects.none()
            )
        ],
    )
    return alice, bob, charlie


def test_record_opens_for_its_owner_and_whom_an_app_names(
    bob_sees_alice: tuple[Person, Person, Person],
) -> None:
    alice, bob, charlie = bob_sees_alice
    address = f"/people/{alice.uuid}/"
    assert [signed_in(one).get(address).status_code for one in (alice, bob, charlie)] == [
        200,
        200,
        404,
    ]
    assert Client().get(address).status_code == 302


def test_opening_leaves_one_row_per_viewer_person_and_hour(
    bob_sees_alice: tuple[Person, Person, Person],
) -> None:
    alice, bob, charlie = bob_sees_alice
    for viewer in (alice, bob, bob, charlie):
        signed_in(viewer).get(f"/people/{alice.uuid}/")
    rows = list(AccessLog.objects.values_list("viewer", "person"))
    assert rows == [(bob.pk, alice.pk)]
    AccessLog.objects.update(hour=clock.now() - timedelta(hours=2))
    signed_in(bob).get(f"/people/{alice.uuid}/")
    assert AccessLog.objects.count() == 2


def test_access_is_written_after_the_answer(
    bob_sees_alice: tuple[Person, Person, Person], rf: RequestFactory
) -> None:
    """The row is written when the server closes the answer, after the last byte."""
    alice, bob, _ = bob_sees_alice
    request = rf.get("/")
    request.user = bob.user

    def answer(request: HttpRequest) -> HttpResponse:
        request.viewer.opened(alice)
        return HttpResponse("words")

    response = PersonMiddleware(answer)(request)
    assert AccessLog.objects.count() == 0
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)
    assert AccessLog.objects.count() == 1


def test_administrator_sees_no_record(bob_sees_alice: tuple[Person, Person, Person]) -> None:
    ada = with_account("Ada Ash", ADMINISTRATOR)
    client = signed_in(ada, with_app(ada))
    assert client.get(f"/people/{bob_sees_alice[0].uuid}/").status_code == 404


def test_limits_count_each_account_apart() -> None:
    """Ten wrong passwords shut one account for a while, and nobody else behind the same address."""
    with_account("Alice Amber", STUDENT)
    with_account("Bob Birch", STUDENT)
    for _ in range(10):
        post_password(Client(), "alice@trust.example", "wrong wrong wrong")
    shut = Client()
    response = post_password(shut, "alice@trust.example")
    assert "tried too often for this account" in response.content.decode()
    assert "_auth_user_id" not in shut.session
    assert post_password(Client(), "bob@trust.example").status_code == 302


def test_a_whole_hospital_signs_in_from_one_address() -> None:
    with_account("Alice Amber", STUDENT)
    statuses = {post_password(Client(), "alice@trust.example").status_code for _ in range(60)}
    assert statuses == {302}


def test_sign_in_codes_are_limited_per_account_and_not_per_hospital() -> None:
    with_account("Alice Amber", STUDENT)
    statuses = [
        Client().post("/account/login/code/", {"email": "alice@trust.example"}).status_code
        for _ in range(6)
    ]
    assert statuses == [302, 302, 302, 302, 302, 200]
    others = {
        Client().post("/account/login/code/", {"email": f"p{n}@trust.example"}).status_code
        for n in range(40)
    }
    assert others == {302}


def test_second_step_is_limited_per_account() -> None:
    alice = with_account("Alice Amber", STUDENT)
    secret = with_app(alice)
    client = Client()
    post_password(client, alice.user.email)
    for _ in range(10):
        client.post("/account/login/second-step/", {"code": "000000"})
    client.post("/account/login/second-step/", {"code": code_of(secret)})
    assert "_auth_user_id" not in client.session


def test_limits_live_in_a_cache_that_all_processes_share() -> None:
    assert base.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
