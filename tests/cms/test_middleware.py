"""The editor's door: who gets in, by which roles, and under which policy."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.actions import WRITERS
from cms.models import SitePage
from school.people.models import User
from school.people.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    PRACTICE_EDUCATOR,
    SCHOOL_EDUCATOR,
    STUDENT,
    Role,
)

SignIn = Callable[..., Client]
WORDS = nested_form_data(
    {
        "body": streamfield([("bring", rich_text("<p>Bring your badge.</p>"))]),
        "search_description": "",
    }
) | {"action-publish": "action-publish"}


def test_visitor_is_led_to_the_one_door(pages: None, client: Client) -> None:
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/admin/")


@pytest.mark.parametrize("role", [STUDENT, PRACTICE_EDUCATOR, COORDINATOR])
def test_editor_is_closed_to_other_roles(pages: None, signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/pages/").status_code == 403


@pytest.mark.parametrize("role", [SCHOOL_EDUCATOR, ADMINISTRATOR])
def test_editor_opens_to_writers_with_a_second_factor(
    pages: None, signed_in: SignIn, role: Role
) -> None:
    assert signed_in(role).get("/admin/").status_code == 200


def test_editor_is_closed_without_a_second_factor(pages: None, signed_in: SignIn) -> None:
    answer = signed_in(SCHOOL_EDUCATOR, second_factor=False).get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))


def test_editor_is_closed_to_a_superuser_without_a_role(pages: None, client: Client) -> None:
    user = User.objects.create_superuser("root@example.org")
    client.force_login(user)
    assert client.get("/admin/").status_code != 200


def test_editor_is_closed_to_a_member_of_the_group_whose_role_has_ended(
    pages: None, signed_in: SignIn
) -> None:
    client = signed_in(STUDENT)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    user.groups.add(Group.objects.get(name=WRITERS))
    assert client.get("/admin/").status_code == 403


def test_school_educator_writes_and_publishes_a_site_page(
    site_page: SitePage, signed_in: SignIn
) -> None:
    client = signed_in(SCHOOL_EDUCATOR)
    address = reverse("wagtailadmin_pages:edit", args=[site_page.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, WORDS)
    assert answer.status_code == 302
    assert "Bring your badge." in Client().get(site_page.url).content.decode()
    revision = SitePage.objects.get().latest_revision
    assert revision.user == User.objects.get(pk=client.session["_auth_user_id"])


def test_student_cannot_publish_a_site_page(site_page: SitePage, signed_in: SignIn) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[site_page.pk])
    assert signed_in(STUDENT).post(address, WORDS).status_code == 403
    assert SitePage.objects.get().latest_revision is None


@pytest.mark.parametrize(
    "address",
    ["password_reset/", "groups/", "groups/new/", "sites/", "workflows/list/"],
)
def test_second_ways_to_accounts_and_rights_are_closed(
    pages: None, signed_in: SignIn, address: str
) -> None:
    assert signed_in(ADMINISTRATOR).get(f"/admin/{address}").status_code == 404


def test_account_page_of_the_editor_leads_to_the_one_account_page(
    pages: None, signed_in: SignIn
) -> None:
    client = signed_in(SCHOOL_EDUCATOR)
    for answer in (client.get("/admin/account/"), client.post("/admin/account/", {})):
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))


def test_editor_has_a_policy_of_its_own_and_nothing_else_has(
    pages: None, signed_in: SignIn
) -> None:
    client = signed_in(SCHOOL_EDUCATOR)
    with_inline = [
        address
        for address in ("/admin/", "/", "/help/", "/sites/freeman-hospital/", "/nope/")
        if "unsafe-inline" in client.get(address)["Content-Security-Policy"]
    ]
    assert with_inline == ["/admin/"]


def test_editor_refused_keeps_the_strict_policy(pages: None, signed_in: SignIn) -> None:
    answer = signed_in(STUDENT).get("/admin/")
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_editor_names_no_other_host(pages: None, signed_in: SignIn) -> None:
    page = signed_in(SCHOOL_EDUCATOR).get("/admin/").content.decode()
    assert "gravatar" not in page
    assert "releases.wagtail" not in page
