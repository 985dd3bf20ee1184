"""Changing one's own address by the link to the new one, and an administrator's correction, on a phone and a desktop."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.people.roles import ADMINISTRATOR, STUDENT
from tests.journeys.conftest import is_too_wide
from tests.journeys.test_system import carry
from tests.people import cast
from tests.people.test_changing import token

pytestmark = pytest.mark.slow


def test_alice_is_corrected_by_an_administrator_and_changes_her_address(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    live_server: LiveServer,
    size: dict[str, int],
) -> None:
    alice, ada = cast.with_account("Alice Amber", STUDENT), cast.with_account("Ada", ADMINISTRATOR)
    page = new_page(size)
    carry(cast.signed_in(ada, cast.with_app(ada)), page, live_server)
    page.goto(f"/people/{alice.uuid}/roles/")
    page.get_by_role("link", name="Change name or address").click()
    _look(page, axe)
    page.get_by_label("Name").fill("Alice Umber")
    page.get_by_label("Email address").fill("umber@new.example")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("A link is on its way").first).to_be_visible()
    _look(page, axe)
    carry(cast.signed_in(alice), page, live_server)
    page.goto("/account/")
    _look(page, axe)
    page.get_by_role("link", name="Change my address").click()
    page.get_by_label("New email address").fill("alice@new.example")
    _look(page, axe)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("A link is on its way to alice@new.example").first).to_be_visible()
    page.goto(f"/account/address/{token()}/")
    _look(page, axe)
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text("The address of Alice Umber is alice@new.example now.")).to_be_visible()


def _look(page: Page, axe: Callable[[Page], None]) -> None:
    axe(page)
    assert not is_too_wide(page)
