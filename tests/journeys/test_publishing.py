"""A School educator writes the page of a course, a second reads and approves it, and a visitor finds it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.setup import ensure_pages
from school.people.roles import SCHOOL_EDUCATOR
from tests.courses.making import make_event, make_version
from tests.factories import make_network
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_system import carry
from tests.people import cast

# Wagtail's editor is heavy, and the address of a page does not end at its first answer.
pytestmark = pytest.mark.django_db(transaction=True)


def picture(page: Page, name: str) -> None:
    """Keep a picture when somebody asked for them."""
    folder = os.environ.get("PORTAL_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def educator(name: str, new_page: Callable[..., Page], live_server: LiveServer) -> Page:
    """A School educator's browser on a desktop."""
    person = cast.with_account(name, SCHOOL_EDUCATOR)
    page = new_page(DESKTOP)
    carry(cast.signed_in(person, cast.with_app(person)), page, live_server)
    return page


def test_page_of_a_course_is_written_approved_and_found(
    new_page: Callable[..., Page], axe: Callable[[Page], None], live_server: LiveServer
) -> None:
    make_network()
    ensure_pages()
    event = make_event(make_version("Dementia and the scanner"))
    course = event.version.course

    writer = educator("Greta Grey", new_page, live_server)
    writer.goto(f"/teaching/courses/{course.uuid}/")
    writer.get_by_role("link", name="Write its public page").click()
    axe(writer)
    writer.get_by_role("button", name="Begin the page").click()
    expect(writer.get_by_text("come from its record and are not written here")).to_be_visible()
    expect(writer.get_by_role("button", name="Publish")).to_have_count(0)
    writer.get_by_role("button", name="Insert a block").first.click()
    writer.get_by_role("option", name="Quotation").click()
    writer.get_by_label("Words").fill("She held my hand, and I lay still.")
    writer.get_by_label("Who says it").fill("A patient")
    picture(writer, "publishing-editor")
    writer.get_by_role("button", name="More actions").click()
    writer.get_by_role("button", name="Submit to a second reader").click()
    expect(writer.get_by_text("has been submitted for moderation")).to_be_visible()

    visitor = new_page(PHONE)
    visitor.goto("/courses/")
    expect(visitor.get_by_role("heading", name="Dementia and the scanner")).to_be_visible()
    expect(visitor.get_by_role("link", name="Dementia and the scanner", exact=True)).to_have_count(
        0
    )

    reader = educator("Cora Coral", new_page, live_server)
    reader.goto("/admin/")
    reader.get_by_role("link", name="Dementia and the scanner").first.click()
    expect(reader.get_by_label("Who says it")).to_have_value("A patient")
    picture(reader, "publishing-reader")
    reader.get_by_role("button", name="More actions").click()
    reader.get_by_role("button", name="Approve and Publish").click()
    expect(reader.get_by_role("link", name="Current page status: live")).to_be_visible()

    visitor.goto("/")
    axe(visitor)
    visitor.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Courses and events"
    ).click()
    axe(visitor)
    visitor.get_by_label("Words").fill("dementia")
    visitor.get_by_role("button", name="Show").click()
    picture(visitor, "publishing-catalogue")
    visitor.get_by_role("link", name="Dementia and the scanner", exact=True).click()
    expect(visitor.get_by_text("She held my hand, and I lay still.")).to_be_visible()
    axe(visitor)
    picture(visitor, "publishing-course")
    visitor.get_by_role("contentinfo").get_by_role("link", name="Search").click()
    visitor.get_by_role("searchbox").fill("scanner dementia")
    visitor.get_by_role("button", name="Search").click()
    axe(visitor)
    visitor.get_by_role("link", name="Dementia and the scanner", exact=True).click()
    visitor.get_by_role("link", name="Book a place").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Dementia and the scanner")
