"""Choosing when mail comes and reading all of it, on a phone and a desktop; and an address that mail comes back from."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import clock
from school.people import addresses
from school.people.models import Mail
from school.people.roles import ADMINISTRATOR, STUDENT
from school.people.telling import tell
from tests.journeys.test_system import carry
from tests.people import cast

pytestmark = pytest.mark.slow

LINK = "https://portal.example/shifts/1f0c2b7e-5d0a-4d6e-9a53-2f6f0a7d9c11/"


def test_reader_chooses_when_mail_comes_and_reads_all_of_it(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    live_server: LiveServer,
    size: dict[str, int],
) -> None:
    person = cast.with_account("Alice Amber", STUDENT)
    page = new_page(size)
    carry(cast.signed_in(person), page, live_server)
    page.goto("/account/messages/")
    expect(page.get_by_role("heading", name="Nothing was written to you yet")).to_be_visible()
    axe(page)
    fates = ({}, {"state": "sent"}, {"state": "refused", "error": "550 5.1.1 No such user"})
    for number, fields in enumerate(fates):
        made = tell(person, "shift_decided", f"Question {number}", "Half a day?", LINK)
        assert made is not None
        at = {"sent_at": clock.now()} if fields.get("state") == "sent" else {}
        Mail.objects.filter(pk=made.pk).update(**fields, **at)
    tell(person, "proof_code", "Your code for the School of Oncology", "It is 314159.")
    addresses.mark("alice@trust.example", "550 5.1.1 <alice@trust.example>: No such user")
    page.goto("/account/")
    axe(page)
    page.get_by_role("link", name="Messages to you").click()
    expect(page.get_by_text("opens a door and is not kept here")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Choose when mail comes").click()
    axe(page)
    page.get_by_label("Once a week, on Monday at 07:30").check()
    page.get_by_label("No mail from").fill("20:00")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("link", name="Enter both times, or neither.")).to_be_visible()
    axe(page)
    page.get_by_label("No mail until").fill("7am")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("Your choice was kept.")).to_be_visible()
    expect(page.get_by_label("No mail until")).to_have_value("07:00")


def test_administrator_sees_which_addresses_are_in_trouble(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    live_server: LiveServer,
    size: dict[str, int],
) -> None:
    alice = cast.with_account("Alice Amber", STUDENT)
    person = cast.with_account("Ada Admin", ADMINISTRATOR)
    for address in ("alice@trust.example", "nobody.at.all.any.more@trust.example"):
        addresses.mark(address, f"550 5.1.1 <{address}>: Recipient address rejected")
    page = new_page(size)
    carry(cast.signed_in(person, cast.with_app(person)), page, live_server)
    for address in ("/system/", "/people/", f"/people/{alice.uuid}/roles/"):
        page.goto(address)
        axe(page)
    expect(page.get_by_text("Ask for the right address")).to_be_visible()
