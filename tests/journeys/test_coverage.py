"""A workforce manager asks what was so at the end of 2016, finds who makes the difference, publishes it, and opens it again years later."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.courses.models import Attainment
from school.coverage.models import Publication
from school.people.models import Person
from school.people.roles import WORKFORCE_MANAGER
from tests.coverage.making import Staff
from tests.journeys.conftest import DESKTOP, PHONE
from tests.people.cast import with_account
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
D = date
END = D(2016, 12, 31)
LETTERS = "abcdefghijklmnopqrst"
LATE = ("g", "h", "i")


@pytest.fixture
def staff() -> Staff:
    """Twenty in post in 2016, of whom six attended by the year's end, and three more as was recorded in March."""
    made = Staff()
    made.course("Dementia skills")
    made.ask("dementia-skills", ["Dementia skills"], D(2016, 10, 1))
    for place, name in enumerate(LETTERS):
        made.term(name, "North" if place % 2 else "South", "Radiographer", D(2015, 1, 1))
    for name in "abcdef":
        made.attain(name, "Dementia skills", D(2016, 11, 9))
    for name in LATE:
        made.attain(name, "Dementia skills", D(2016, 12, 13), known=D(2017, 3, 1))
    return made


def later_changes(staff: Staff, number: int) -> None:
    """So many facts that came afterwards, of days before and after."""
    for name in LETTERS:
        person = staff.people[name]
        drafts = [
            Draft(
                fact=Attainment(
                    person=person, course_version=staff.course("Dementia skills"), source="import"
                ),
                book=person.book,
                about_from=D(2016, 10, 3) + timedelta(days=place * 7),
                known_from=D(2017, 1, 1) + timedelta(days=place),
            )
            for place in range(number // len(LETTERS))
        ]
        with ledger.writing(person.book) as pen:
            pen.append(drafts, by=PORTAL)


def test_figure_of_2016_is_found_published_and_opened_again(
    staff: Staff,
    new_page: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    manager = with_account("Jonah Protoford", WORKFORCE_MANAGER)
    checker = with_account("Noor Notional", WORKFORCE_MANAGER)

    def opened_by(person: Person, size: Any) -> Page:
        key = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(size)
        page.context.add_cookies([cookie])
        return page

    def seen(page: Page, name: str) -> None:
        axe(page)
        shots = os.environ.get("PORTAL_SHOTS")
        if shots:
            page.screenshot(path=Path(shots) / f"{name}.png", full_page=True)

    page = opened_by(manager, DESKTOP)
    page.goto("/coverage/")
    page.get_by_role("link", name="Who attended in a window").click()
    page.get_by_label("Course").select_option(label="Dementia skills")
    fill(page, "From", D(2016, 10, 1))
    fill(page, "To", END)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("45.0 % attended")
    expect(page.get_by_text("In date at the window’s end")).to_be_visible()
    seen(page, "attended")

    page.goto("/coverage/")
    fill(page, "As of", END)
    fill(page, "As it was known on", END)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("30.0 % in date")
    fill(page, "As it was known on", D(2017, 12, 31))
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("45.0 % in date")
    expect(page.locator("svg.soo-chart").first).to_be_visible()
    seen(page, "coverage")

    page.goto(
        f"/coverage/changes/?as_of={END}&known_on=2017-12-31&since={END}&since_known_on={END}"
    )
    for name in LATE:
        expect(page.get_by_text(f"Staff {name}", exact=True).first).to_be_visible()
    expect(page.get_by_text("recorded later").first).to_be_visible()
    seen(page, "changes")

    page.goto("/coverage/reports/new/")
    page.get_by_label("Title").fill("Dementia training in 2016")
    page.get_by_label("For whom").fill("The commissioners")
    fill(page, "As of", END)
    fill(page, "As it was known on", END)
    page.get_by_label("Outside the School").check()
    page.get_by_role("button", name="Save and look at it").click()
    report = page.url
    seen(page, "report")
    phone = opened_by(checker, PHONE)
    phone.goto(report)
    phone.get_by_role("button", name="It is right").click()
    page.goto(report)
    page.get_by_role("button", name="Publish the report").click()
    run_queue()

    published = Publication.objects.get()
    address = f"/coverage/reports/published/{published.uuid}/"
    page.goto(address)
    tables = [table.inner_text() for table in page.locator("table").all()]
    assert "6" in tables[0]
    assert "20" in tables[0]
    seen(page, "publication")
    later_changes(staff, 500)
    page.goto(address)
    assert [table.inner_text() for table in page.locator("table").all()] == tables
    page.get_by_role("link", name="What came later").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("came later")
    seen(page, "came-later")
    call_command("verify_records")


def fill(page: Page, legend: str, day: date) -> None:
    """The three boxes of a day."""
    group = page.get_by_role("group", name=legend, exact=True)
    for part in ("day", "month", "year"):
        group.get_by_label(part.capitalize()).fill(str(getattr(day, part)))


def run_queue() -> None:
    """What waits for the worker, done."""
    call_command("db_worker", batch=True, verbosity=0)
