"""The staff page about the machinery, and long work that says how far it has come."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import progress
from school.core.models import PORTAL, ConflictingWrite
from school.people.roles import ADMINISTRATOR, STUDENT
from tests.journeys.conftest import DESKTOP, PHONE
from tests.people import cast
from tests.people.test_views_system import failed_task, refused_mail

pytestmark = pytest.mark.slow


def carry(client: Client, page: Page, live_server: LiveServer) -> None:
    """Give the page the cookies of a browser that is signed in."""
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
            if cookie.value
        ]
    )


def test_administrator_looks_after_the_system(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    live_server: LiveServer,
    size: dict[str, int],
) -> None:
    person = cast.with_account("Ada Admin", ADMINISTRATOR)
    page = new_page(size)
    carry(cast.signed_in(person, cast.with_app(person)), page, live_server)
    page.goto("/system/")
    expect(page.get_by_role("heading", name="No task has failed")).to_be_visible()
    axe(page)
    failed_task()
    refused_mail()
    refused_mail("login_code")
    ConflictingWrite.objects.create(uuid=PORTAL, actor=PORTAL, kind="placements.shift", content={})
    page.reload()
    axe(page)
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_text("The task was queued again.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("The message was queued again.")).to_be_visible()


def test_long_work_is_followed_by_itself_and_without_a_script_by_a_link(
    new_page: Callable[..., Page], axe: Callable[[Page], None], live_server: LiveServer
) -> None:
    person = cast.with_account("Alice Amber", STUDENT)
    client = cast.signed_in(person)
    work = progress.start(owner=person.uuid, title="Import of hours")
    scripted, plain = new_page(PHONE), new_page(DESKTOP, javascript=False)
    for page in (scripted, plain):
        carry(client, page, live_server)
        page.goto(f"/progress/{work.uuid}/")
        expect(page.get_by_role("status")).to_have_text("Waiting to start")
    axe(scripted)
    progress.move(work.uuid, 200, total=1000)
    expect(scripted.get_by_role("status")).to_have_text("200 of 1,000")
    axe(scripted)
    progress.finish(work.uuid, "1,000 rows were kept.", link="/account/")
    expect(scripted.get_by_role("status")).to_have_text("Done. 1,000 rows were kept.")
    axe(scripted)
    plain.get_by_role("link", name="Look again").click()
    expect(plain.get_by_role("status")).to_have_text("Done. 1,000 rows were kept.")
