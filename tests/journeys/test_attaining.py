"""What was attained, on phones: its certificate is downloaded, checked by a stranger, revoked, and checked again."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import clock
from school.courses.models import Attainment, Certificate
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.attained import any_version, attain, certify, keys
from tests.journeys.conftest import DESKTOP, PHONE
from tests.placements.browsers import browser

__all__ = ["keys"]
pytestmark = pytest.mark.django_db(transaction=True)


def certified(attainment: Attainment) -> Certificate:
    """The certificate of an attainment, from a thread with a connection of its own."""
    try:
        return certify(attainment)
    finally:
        connection.close()


@pytest.mark.usefixtures("keys")
def test_certificate_is_downloaded_checked_revoked_and_checked_again(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    def seen(page: Page, name: str) -> None:
        axe(page)
        shots = os.environ.get("PORTAL_SHOTS")
        if shots:
            page.screenshot(path=Path(shots) / f"attaining-{name}.png", full_page=True)

    def signed_in(person: Person, **options: bool) -> Page:
        key = browser(person, **options).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(PHONE)
        page.context.add_cookies([cookie])
        return page

    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    version = any_version()
    attainment = attain(alice, version, day=clock.today())
    # In a thread, as a worker would: the seal keeps an event loop of its own, and so does the browser.
    with ThreadPoolExecutor(1) as worker:
        certificate = worker.submit(certified, attainment).result()
    mine = signed_in(alice, second_factor=False)
    mine.goto("/my-learning/")
    seen(mine, "my-learning")
    mine.get_by_role("link", name="Introductory Day").first.click()
    seen(mine, "attainment")
    with mine.expect_download() as pdf:
        mine.get_by_role("link", name="Download the certificate").click()
    assert Path(pdf.value.path()).read_bytes().startswith(b"%PDF")
    with mine.expect_download() as badge:
        mine.get_by_role("link", name="Download the Open Badge").click()
    assert json.loads(Path(badge.value.path()).read_text())["type"][1] == "OpenBadgeCredential"
    address = mine.get_by_role("link", name="/certificates/").get_attribute("href") or ""

    stranger = new_page(PHONE)
    stranger.goto("/certificates/")
    seen(stranger, "door")
    stranger.get_by_label("Code on the certificate").fill(certificate.code.lower())
    stranger.get_by_role("button", name="Check the code").click()
    expect(stranger.get_by_role("heading", name="Valid")).to_be_visible()
    assert stranger.url.endswith(address)
    seen(stranger, "valid")

    mine.goto("/my-learning/")
    mine.get_by_role("link", name="Bring evidence from elsewhere").click()
    seen(mine, "new-claim")
    mine.get_by_label("Course that it stands for").select_option("introductory-day")
    for part, typed in (("Day", "3"), ("Month", "11"), ("Year", "2020")):
        mine.get_by_role("group", name="Completed on").get_by_label(part).fill(typed)
    mine.get_by_label("Who gave the training").fill("The Trust")
    file = tmp_path / "evidence.pdf"
    file.write_bytes(b"%PDF-1.7")
    mine.get_by_label("Evidence").set_input_files(file)
    mine.get_by_role("button", name="Send the evidence").click()
    expect(mine.get_by_text("Waits for a decision")).to_be_visible()
    seen(mine, "claim")

    keeper = signed_in(teacher)
    keeper.goto("/home/")
    keeper.get_by_role("link", name="Learners").click()
    seen(keeper, "learners")
    keeper.get_by_role("link", name="Evidence to look at").click()
    seen(keeper, "claims")
    keeper.get_by_role("link", name="Alice Amber: Introductory Day").click()
    seen(keeper, "claim-to-decide")
    keeper.get_by_role("button", name="Accept the evidence").click()
    expect(keeper.get_by_text("Accepted", exact=True)).to_be_visible()
    keeper.goto(f"/learners/{alice.uuid}/")
    seen(keeper, "attainments")
    keeper.goto(f"/attainments/{certificate.attainment.entry.uuid}/")
    keeper.get_by_role("link", name="Revoke the certificate").click()
    keeper.get_by_label("Why").fill("Issued to the wrong person.")
    seen(keeper, "revoke")
    keeper.get_by_role("button", name="Revoke the certificate").click()
    expect(keeper.get_by_text("Issued to the wrong person.")).to_be_visible()
    seen(keeper, "revoked-own")

    stranger.reload()
    expect(stranger.get_by_role("heading", name="Revoked")).to_be_visible()
    seen(stranger, "revoked")

    wide = new_page(DESKTOP)
    wide.context.add_cookies(keeper.context.cookies())  # type: ignore[arg-type]
    for name in ("learners", "equivalences", "import-sources", f"learners/{alice.uuid}"):
        wide.goto(f"/{name}/")
        seen(wide, f"wide-{name.split('/')[0]}{len(name)}")
    wide.goto("/import-sources/")
    wide.get_by_label("Name of the source").fill("ESR")
    wide.get_by_role("button", name="Save the source").click()
    wide.goto(f"{wide.url}?title=NHS%7CCSTF%7CFire+Safety+-+2+Years%7C")
    seen(wide, "wide-source")
    wide.get_by_label("NHS|CSTF|Fire Safety").select_option("introductory-day")
    wide.get_by_role("button", name="Save").click()
    expect(wide.get_by_text("Check the file again")).to_be_visible()
    wide.goto(f"/attainments/{certificate.attainment.entry.uuid}/")
    seen(wide, "wide-attainment")
