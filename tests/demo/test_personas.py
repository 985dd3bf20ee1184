"""Everyone to sign in as finds, behind each link of the header, a page that is theirs."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, override_settings

from school.demo import builder
from school.demo.accounts import open_accounts
from school.demo.personas import PERSONAS
from school.people import roles
from school.people.roles import ROLES

pytestmark = pytest.mark.django_db

NAV = re.compile(r'<nav class="soo-nav".*?</nav>', re.DOTALL)


def test_personas_are_one_of_each_role_at_least() -> None:
    assert {persona.role.key for persona in PERSONAS} == set(ROLES)


def test_a_newcomer_can_draft_a_report_and_check_it_as_somebody_else() -> None:
    managers = [one for one in PERSONAS if one.role == roles.WORKFORCE_MANAGER]
    assert len([one for one in managers if one.where == "network"]) > 1


def test_a_newcomer_can_write_an_exam_and_freeze_it_as_somebody_else() -> None:
    educators = [one for one in PERSONAS if one.role == roles.SCHOOL_EDUCATOR]
    assert len([one for one in educators if one.where == "network"]) > 1


@override_settings(ROOT_URLCONF="school.demo.urls")
def test_header_leads_each_role_to_pages_that_open(demo: builder.Build, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 19, 12, tzinfo=UTC))
    open_accounts()
    answers, without_role = {}, []
    for persona in PERSONAS:
        client = Client()
        client.post(f"/demo/{persona.key}/")
        home = client.get("/home/").content.decode()
        without_role += [persona.key] if "You have no role yet" in home else []
        [nav] = NAV.findall(home)
        links = re.findall(r'href="([^"]+)"', nav)
        assert links, persona.key
        answers |= {(persona.key, link): client.get(link).status_code for link in links}
    assert {key: status for key, status in answers.items() if status != 200} == {}
    assert without_role == []
