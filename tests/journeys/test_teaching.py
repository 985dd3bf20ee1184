"""A School educator on a phone that runs no script makes a course, a version and an event, opens it and cancels it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import clock
from school.courses.models import Event
from tests.courses import making
from tests.journeys.conftest import PHONE
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def fill(page: Page, group: str, day: date) -> None:
    """A day in its three boxes."""
    boxes = page.get_by_role("group", name=group, exact=True)
    for part in ("Day", "Month", "Year"):
        boxes.get_by_label(part).fill(str(getattr(day, part.lower())))


def test_educator_makes_opens_and_cancels_an_event_without_script(
    new_page: Callable[..., Page], live_server: LiveServer
) -> None:
    teacher = making.make_teacher()
    key = browser(teacher).cookies[settings.SESSION_COOKIE_NAME].value
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
    page = new_page(PHONE, javascript=False)
    page.context.add_cookies([cookie])

    page.goto("/home/")
    page.get_by_role("link", name="Teaching").click()
    page.get_by_role("link", name="Make the first course").click()
    page.get_by_label("Title").fill("Introductory Day")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the code")
    page.get_by_label("Code").fill("introductory-day")
    page.get_by_label("Summary").fill("PET-CT for clinical teams.")
    page.get_by_label("Introductory", exact=True).check()
    page.get_by_label("What it is about").fill("PET-CT, Dementia")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Found under: Dementia, PET-CT.")).to_be_visible()

    page.get_by_role("link", name="Publish the first version").click()
    page.get_by_label("Learning outcomes").fill("Says what a tracer is.\nKnows the scanner’s day.")
    page.get_by_label("CPD credit, in minutes").fill("360")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check before you publish")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_text("Introductory Day, version 1 is published.")).to_be_visible()

    page.get_by_role("link", name="Make an event").click()
    day = clock.today() + timedelta(days=20)
    first = page.locator("form")
    fill(page, "Day", day)
    first.get_by_label("Begins").first.fill("09:00")
    first.get_by_label("Ends").first.fill("12:00")
    page.locator("summary", has_text="Session 2").click()
    second = page.locator("details", has_text="Session 2").first
    for part in ("Day", "Month", "Year"):
        second.get_by_label(part, exact=True).fill(str(getattr(day, part.lower())))
    second.get_by_label("Begins").fill("1pm")
    second.get_by_label("Ends").fill("16:30")
    second.get_by_label("Title").fill("Workshop")
    page.get_by_label("Online", exact=True).check()
    page.get_by_label("Places", exact=True).fill("20")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("heading", name="This is a draft")).to_be_visible()
    page.get_by_role("link", name="Check and open").click()
    page.get_by_role("button", name="Open the event").click()
    expect(page.get_by_text("Nobody has a place yet")).to_be_visible()
    page.goto("/teaching/events/")
    page.get_by_role("link", name="Introductory Day").click()
    page.get_by_role("link", name="Cancel the event").click()
    page.get_by_label("Why it is cancelled").fill("The scanner is down.")
    page.get_by_role("button", name="Cancel the event").click()
    expect(page.get_by_text("The event is cancelled. Everybody with a booking is told.")).to_be_visible()  # fmt: skip
    event = Event.objects.get()
    assert (event.state, event.sessions.count()) == (Event.State.CANCELLED, 2)
