"""A programme lead on a phone imports another system's framework, mends it in the draft, and a second one publishes it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.competencies.models import FrameworkVersion
from school.people.models import Person
from tests import factories as make
from tests.journeys.conftest import PHONE
from tests.logbooks.competencies import planted
from tests.logbooks.competencies.frameworks import make_lead
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def file(name: str, data: bytes) -> Any:
    """A file as a phone gives it to a page."""
    return {"name": name, "mimeType": "application/json", "buffer": data}


def test_framework_is_imported_mended_and_published_by_a_second_person(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    make.make_network()

    def page_of(person: Person) -> Page:
        key = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(PHONE)
        page.context.add_cookies([cookie])
        return page

    page = page_of(make_lead("Wanda Writeman"))
    page.goto("/home/later/")
    page.get_by_role("link", name="Frameworks and their versions").click()
    axe(page)
    page.get_by_role("link", name="Import the first framework").click()
    axe(page)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what it is")
    axe(page)

    package = planted.case_package()
    package["CFItems"].append(package["CFItems"][5])
    page.get_by_label("1EdTech CASE 1.1").check()
    page.get_by_label("File", exact=True).set_input_files(file("twice.json", planted.as_bytes(package)))  # fmt: skip
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="Problems: ")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Send another file").click()

    sent = planted.as_bytes(planted.planted_case().came)
    page.get_by_label("1EdTech CASE 1.1").check()
    page.get_by_label("File", exact=True).set_input_files(file("planted.json", sent))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="Repairs: 11")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Make it a draft").click()
    expect(page.get_by_text("300 competencies in 13 groups.")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Change G7.7", exact=True).click()
    axe(page)
    page.get_by_label("Group", exact=True).select_option("G7")
    page.get_by_label("Year and task").select_option("3 osce")
    page.get_by_role("button", name="Save in the draft").click()
    # The group of what had no place went with the last competency in it.
    expect(page.get_by_text("300 competencies in 12 groups.")).to_be_visible()
    page.get_by_role("button", name="Give it to a second reader").click()
    expect(page.get_by_text("somebody who did not reads and publishes it")).to_be_visible()

    reader = page_of(make_lead("Rita Readwell"))
    reader.goto("/frameworks/")
    reader.get_by_role("link", name="Draft of the next version").click()
    reader.get_by_role("button", name="Publish this version").click()
    expect(reader.get_by_text("is published.")).to_be_visible()
    reader.get_by_role("link", name="Version 1").click()
    axe(reader)
    version = FrameworkVersion.objects.get()
    assert (version.number, version.competencies.count()) == (1, 300)
    assert version.competencies.get(code="G7.7").task == "osce"
