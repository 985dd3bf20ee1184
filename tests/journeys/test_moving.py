"""A coordinator moves a student and swaps two: what each breaks is shown first, on a phone and on a desktop."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from placements.models import Placement, PlaceOffer, SiteCheck, Stage
from school.core import clock, days
from school.people.models import Person
from tests import factories as make
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def placement() -> Placement:
    """Amara at Oak with hours, a supervisor and shifts to come; Elm has a place and asks for a check."""
    oak, elm = make.make_site("Oak Infirmary"), make.make_site("Elm Hospital")
    dilys = make.make_educator("Dilys Sampleby", site=oak)
    row = make.make_placement(site=oak, educator=dilys)
    make.make_decision(dilys, make.make_shift(row, clock.today() - timedelta(days=8)))
    make.make_shift(row, clock.today() - timedelta(days=2))
    for n in range(1, 6):
        make.plan_shift(row, clock.today() + timedelta(days=2 * n))
    stage = Stage.objects.get(version=row.enrolment.version, year=3)
    PlaceOffer.objects.create(
        site=elm, stage=stage, starts=row.starts, ends=row.ends + timedelta(days=28), places=2
    )
    SiteCheck.objects.create(site=elm, kind="dbs")
    return row


@pytest.fixture
def signed_in(
    new_page: Callable[..., Page], live_server: LiveServer
) -> Callable[[Person, dict[str, int]], Page]:
    """A page of somebody who is signed in."""
    keys: dict[int, str] = {}

    def open_page(person: Person, size: dict[str, int]) -> Page:
        if person.pk not in keys:
            keys[person.pk] = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": keys[person.pk], "url": live_server.url}  # fmt: skip
        page = new_page(size)
        page.context.add_cookies([cookie])
        return page

    return open_page


def look(page: Page, axe: Callable[[Page], None], name: str) -> None:
    """A page without a word from axe; kept as a picture where somebody asks for pictures."""
    axe(page)
    shots = os.environ.get("PORTAL_SHOTS")
    if shots:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)


def fill(page: Page, group: str, day: date) -> None:
    """A day in its three boxes."""
    boxes = page.get_by_role("group", name=group)
    for part in ("Day", "Month", "Year"):
        boxes.get_by_label(part).fill(str(getattr(day, part.lower())))


def test_student_moves_to_another_site_and_sees_it_at_home(
    placement: Placement,
    signed_in: Callable[[Person, dict[str, int]], Page],
    axe: Callable[[Page], None],
    size: dict[str, int],
) -> None:
    day = clock.today() + timedelta(days=3)
    page = signed_in(make.make_coordinator(), size)
    page.goto(f"/placements/{placement.uuid}/")
    page.get_by_role("link", name="Move to another site").click()
    look(page, axe, "move")
    page.get_by_label("Site", exact=True).select_option(label="Elm Hospital")
    fill(page, "First day there", day)
    page.get_by_label("Why the student moves").fill("The scanner at Oak is down.")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Check before you save")).to_be_visible()
    expect(page.get_by_text("go off the rota of Oak Infirmary")).to_be_visible()
    look(page, axe, "move-check")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_label("Why the student moves")).to_have_value("The scanner at Oak is down.")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Name who supervises there next")).to_be_visible()
    look(page, axe, "moved")
    page.get_by_role("link", name="Oak Infirmary").click()
    expect(page.get_by_role("link", name="Elm Hospital")).to_be_visible()
    look(page, axe, "left")
    home = signed_in(placement.enrolment.person, size)
    home.goto("/home/")
    expect(home.get_by_text(f"Elm Hospital from {days.long_date(day)}").first).to_be_visible()
    look(home, axe, "home-changed")


def test_two_students_swap(
    placement: Placement,
    signed_in: Callable[[Person, dict[str, int]], Page],
    axe: Callable[[Page], None],
    size: dict[str, int],
) -> None:
    other = make.make_placement(
        make.make_student("Bela Mustermann"), site=make.make_site("Ash Clinic")
    )
    page = signed_in(make.make_coordinator(), size)
    page.goto(f"/placements/{placement.uuid}/")
    page.get_by_role("link", name="Swap with another student").click()
    page.get_by_label("Swap with").select_option(str(other.uuid))
    page.get_by_label("Why the two swap").fill("Both asked for it.")
    look(page, axe, "swap")
    page.get_by_role("button", name="Check").click()
    expect(
        page.get_by_role("heading", name="Bela Mustermann goes to Oak Infirmary")
    ).to_be_visible()
    look(page, axe, "swap-check")
    page.get_by_role("button", name="Swap").click()
    expect(page.get_by_role("heading", name="Amara Exampleton")).to_be_visible()
    assert Placement.objects.filter(moved_from__in=[placement, other]).count() == 2
    for name, button in (("Change the dates", "Save the dates"), ("Withdraw", "Withdraw")):
        page.get_by_role("link", name=name).click()
        if name == "Withdraw":
            page.get_by_label("Why the placement is withdrawn").fill("The student left.")
        page.get_by_role("button", name="Check").click()
        look(page, axe, f"{name.split()[0].lower()}-check")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("link", name="The record")).to_be_visible()
