"""On a phone: somebody books with what they need, changes it, and looks at what else can be done; their manager sends staff."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import clock
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.test_views_staff import works_for
from tests.journeys.conftest import DESKTOP, PHONE
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_place_is_booked_with_needs_and_staff_are_sent(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    def opened_by(person: Person) -> Page:
        key = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(PHONE)
        page.context.add_cookies([cookie])
        return page

    def seen(page: Page, name: str) -> None:
        axe(page)
        shots = os.environ.get("PORTAL_SHOTS")
        for size in (DESKTOP, PHONE) if shots else ():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.screenshot(path=Path(shots or "") / f"{name}-{size['width']}.png", full_page=True)

    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    event, later = (
        making.make_event(
            version,
            by=teacher,
            day=clock.today() + timedelta(days=ahead),
            capacity=1,
            link="https://join.example/day",
            joining="Come to the north door.",
        )
        for ahead in (10, 20)
    )
    manager = make.make_person("Marek Standin")
    alice, bob = works_for(manager, "Alice Amber", "Bob Birch")

    page = opened_by(alice)
    page.goto(f"/events/{event.uuid}/")
    page.get_by_text("Do you need something to take part?").click()
    page.get_by_label("What you need to take part").fill("A ramp")
    seen(page, "event")
    page.get_by_role("button", name="Book a place").click()
    expect(page.get_by_role("heading", name="You have a place")).to_be_visible()
    page.get_by_role("link", name="Change what you need").click()
    seen(page, "needs")
    page.get_by_label("What you need to take part").fill("A ramp, and no nuts")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="What you told the School")).to_contain_text("no nuts")
    seen(page, "booking-booked")

    page.get_by_role("link", name="Move to another date").click()
    seen(page, "move")
    page.go_back()
    page.get_by_role("link", name="Give the place up").click()
    seen(page, "give-up")
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="My learning").first.click()
    expect(page.get_by_role("heading", name="Your places")).to_be_visible()
    seen(page, "my-learning")

    page = opened_by(manager)
    page.goto(f"/events/{later.uuid}/")
    page.get_by_role("link", name="Book places for your staff").click()
    page.get_by_label("Alice Amber").check()
    page.get_by_label("Bob Birch").check()
    seen(page, "staff-tick")
    page.get_by_role("button", name="Book places").click()
    expect(page.get_by_role("status")).to_contain_text("On the waiting list")
    seen(page, "staff-sent")
    page.goto("/bookings/staff/")
    expect(page.get_by_role("link", name=bob.name).first).to_be_visible()
    seen(page, "staff-list")
    page.goto("/bookings/requests/")
    seen(page, "requests")
