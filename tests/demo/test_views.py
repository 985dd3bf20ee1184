"""One-click sign-in: there in the demo's addresses, nowhere else, and on no other host."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client, override_settings

from school.demo.accounts import open_accounts
from school.demo.apps import DemoConfig
from school.demo.personas import PERSONAS
from school.people import proof
from school.people.roles import STUDENT
from tests.factories import make_grant, make_network, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_demo")]


def test_demo_page_is_no_address_of_the_portal(client: Client) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/student/").status_code == 404


@override_settings(ROOT_URLCONF="school.demo.urls")
def test_one_click_signs_in_with_the_second_factor_that_the_role_asks_for(client: Client) -> None:
    scope = make_network().programme.scope
    for persona in PERSONAS:
        make_grant(make_person(persona.name, email=persona.email), persona.role, scope)
    open_accounts()
    assert client.get("/demo/coordinator/").status_code == 405
    answer = client.post("/demo/coordinator/")
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert client.get("/students/").status_code == 200


@override_settings(ROOT_URLCONF="school.demo.urls")
def test_form_sent_after_the_session_ended_waits_for_a_one_click_persona(client: Client) -> None:
    scope = make_network().programme.scope
    people = {persona.key: make_person(persona.name, email=persona.email) for persona in PERSONAS}
    make_grant(people["student"], STUDENT, scope)
    open_accounts()
    client.post("/demo/student/")
    client.post("/account/logout/")
    answer = client.post("/inbox/", {"note": "typed before the session ended"})
    assert answer["Location"] == "/account/login/?next=/account/resume/"
    assert len(proof.kept_acts(people["student"].uuid)) == 1
    assert client.post("/demo/student/")["Location"] == "/account/resume/"


@override_settings(ROOT_URLCONF="school.demo.urls")
def test_one_click_as_nobody_is_not_found(client: Client) -> None:
    assert client.post("/demo/nobody/").status_code == 404


@override_settings(ALLOWED_HOSTS=["portal.example"])
def test_demo_refuses_another_host() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"names portal\.example"):
        DemoConfig.create("school.demo").ready()


def test_build_demo_in_the_future_says_so() -> None:
    with pytest.raises(Exception, match="is in the future"):
        call_command("build_demo", "--date", "2999-01-01", stdout=io.StringIO())
