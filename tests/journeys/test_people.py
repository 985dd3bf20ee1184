"""An administrator makes two records of one person one, and two again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.people.roles import ADMINISTRATOR, PRACTICE_EDUCATOR, SITE_LEAD
from tests.journeys.test_system import carry
from tests.people import cast

pytestmark = pytest.mark.slow


def test_administrator_makes_two_records_one_and_two_again(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    live_server: LiveServer,
    size: dict[str, int],
) -> None:
    ada = cast.with_account("Ada Admin", ADMINISTRATOR)
    elm = cast.a_site()
    dilys = cast.with_account("Dilys Sampleby", PRACTICE_EDUCATOR, scope=elm.scope)
    cast.with_account("Delyth Sampleby", SITE_LEAD, scope=elm.scope)
    page = new_page(size)
    carry(cast.signed_in(ada, cast.with_app(ada)), page, live_server)
    page.goto(f"/people/{dilys.uuid}/roles/")
    axe(page)
    page.get_by_role("link", name="Find another record of Dilys Sampleby").click()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name or email")
    axe(page)
    page.get_by_label("Name or email").fill("samp")
    page.get_by_role("button", name="Search").click()
    axe(page)
    page.get_by_role("link", name="Look at both Dilys Sampleby and Delyth Sampleby").click()
    axe(page)
    page.get_by_role("button", name="Make them one person").click()
    expect(
        page.get_by_text("Dilys Sampleby and Delyth Sampleby are one person now.")
    ).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Delyth Sampleby", exact=True).click()
    axe(page)
    page.get_by_role("link", name="Undo it, or find another record").click()
    page.get_by_role("button", name="Undo: they are two people").click()
    expect(page.get_by_text("are two people again")).to_be_visible()
    expect(page.get_by_role("heading", name="One person with")).to_have_count(0)
    axe(page)
