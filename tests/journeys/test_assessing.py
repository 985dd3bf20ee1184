"""On a tablet: taps are kept until the server has them, wait for their owner, and a second assessor rates blind."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.competencies import shipped_assessments
from logbooks.competencies.models import Assessment, AssessmentForm
from placements import reference
from school.people.models import Person
from tests.logbooks.competencies.attempts import Attempts, make_attempts
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = {"width": 820, "height": 1180}
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('soo-assessment:')).length"

# Every draft is so many minutes older.
AGED = """(minutes) => {
  for (const [key, text] of Object.entries(localStorage)) {
    const draft = JSON.parse(text);
    localStorage.setItem(key, JSON.stringify({ ...draft, at: draft.at - minutes * 60000 }));
  }
}"""


def sign_in(page: Page, person: Person, address: str) -> None:
    """Somebody else takes the device."""
    key = browser(person, second_factor=False).cookies[settings.SESSION_COOKIE_NAME].value
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}
    page.context.clear_cookies()
    page.context.add_cookies([cookie])


def rate(page: Page, item: str, how: str) -> None:
    page.get_by_role("group", name=item).get_by_label(how, exact=True).check()


def test_assessment_on_a_tablet_with_a_second_assessor(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    here = make_attempts()
    page = new_page(TABLET)

    # Given an assessor who opens the form beside the scanner
    sign_in(page, here.dilys, live_server.url)
    page.goto(f"/placements/{here.placement.uuid}/assess/")
    axe(page)
    page.get_by_role("link", name="Half-body").click()
    axe(page)
    size = page.locator(".nhsuk-radios__input").first.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 44
    said = page.locator("[data-kept]")
    expect(said).to_have_text("0 of 2 rated. Nothing is saved before you sign and send it.")

    # When she rates one item, it is kept on the device, and the page says that it is not sent
    rate(page, "Asks who it is", "Met")
    expect(said).to_have_text("1 of 2 kept on this device, not sent yet.")

    # Then it is offered when the page is opened anew, with its day, to nobody but her, and filled in when she wants it
    page.reload()
    offered = page.get_by_text("You rated 1 of 2 items here on")
    expect(offered).to_contain_text(re.compile(r"day \d+ \w+ \d{4} at \d\d:\d\d and did not send"))
    expect(said).to_have_text("0 of 2 rated. Nothing is saved before you sign and send it.")
    axe(page)
    sign_in(page, here.cara, live_server.url)
    page.reload()
    expect(said).to_have_text("0 of 2 rated. Nothing is saved before you sign and send it.")
    expect(offered).to_have_count(0)
    sign_in(page, here.dilys, live_server.url)
    page.reload()
    page.get_by_role("button", name="Bring it back").click()
    expect(said).to_have_text("1 of 2 kept on this device, not sent yet.")
    expect(offered).to_have_count(0)

    # When there is no network, pressing the button loses nothing
    rate(page, "Measures glucose", "Not met")
    page.get_by_label("Ready", exact=True).check()
    page.get_by_label("Ask a second assessor").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign the assessment").click()
    expect(said).to_contain_text("There is no network.")
    page.context.set_offline(False)
    page.wait_for_timeout(1100)  # the button takes no second press within a second

    # And when the server finds something missing, it says what, with everything still there
    page.get_by_role("button", name="Sign the assessment").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Enter what the student should do differently"
    )
    axe(page)
    expect(said).to_contain_text("2 of 2 kept on this device")
    page.get_by_label("Feedback", exact=True).fill("Measure before the injection.")
    page.get_by_role("button", name="Sign the assessment").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt 1")
    axe(page)
    assert page.evaluate(KEPT) == 0
    first = Assessment.objects.get()
    assert first.device_time is not None

    # Then the student and the second assessor see that it waits, and nothing of it
    for person in (here.amara, here.cara):
        sign_in(page, person, live_server.url)
        page.goto(f"/assessments/{first.entry.uuid}/")
        expect(page.get_by_text("A second assessor is still to come")).to_be_visible()
        expect(page.get_by_text("Measure before the injection.")).to_have_count(0)
        axe(page)

    # When the second assessor has rated, all see both
    page.get_by_role("link", name="Rate it as the second assessor").click()
    axe(page)
    rate(page, "Asks who it is", "Met")
    rate(page, "Measures glucose", "Met")
    page.get_by_label("Ready", exact=True).check()
    page.get_by_role("button", name="Sign the assessment").click()
    expect(page.get_by_text("1 of 2 items that both saw")).to_be_visible()
    axe(page)

    # And the student signs that she has read it
    sign_in(page, here.amara, live_server.url)
    page.goto("/log-book/assessments/")
    axe(page)
    page.get_by_role("link", name="Attempt 1").click()
    page.get_by_role("button", name="Sign that I have read it").click()
    expect(page.get_by_text("that they have read this")).to_be_visible()
    axe(page)


def test_shared_tablet_forgets_what_was_rated(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    here = make_attempts()
    page = new_page(TABLET)
    sign_in(page, here.dilys, live_server.url)
    form = AssessmentForm.objects.latest("pk")
    address = f"/placements/{here.placement.uuid}/assess/{form.uuid}/"
    page.goto(address)
    rate(page, "Asks who it is", "Met")
    assert page.evaluate(KEPT) == 1

    # Three days later it is forgotten, on whichever page the device shows first
    page.evaluate(AGED, 3 * 24 * 60 + 1)
    page.goto("/sign-offs/")
    assert page.evaluate(KEPT) == 0

    # Who signs out is warned once of what is not sent, and takes it off the device
    page.goto(address)
    expect(page.get_by_role("button", name="Bring it back")).to_have_count(0)
    rate(page, "Asks who it is", "Met")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("is not sent yet")
    axe(page)
    assert page.evaluate(KEPT) == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server.url}/")
    assert page.evaluate(KEPT) == 0


def test_whole_form_on_a_phone_without_script(
    new_page: Callable[..., Page], live_server: LiveServer
) -> None:
    here: Attempts = make_attempts()
    shipped_assessments.load()
    reference.forget()
    page = new_page(javascript=False)
    sign_in(page, here.dilys, live_server.url)
    form = AssessmentForm.objects.get(code="half-body")
    page.goto(f"/placements/{here.placement.uuid}/assess/{form.uuid}/")
    for box in page.get_by_label("Met", exact=True).all():
        box.check()
    page.get_by_label("Ready, and does it with ease").check()
    page.get_by_role("button", name="Sign the assessment").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PET-CT half-body assessment")
    assert Assessment.objects.get().passed
