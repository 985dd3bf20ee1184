"""From a course that does not exist yet to a certificate that holds no longer, by the links that people follow."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.setup import ensure_pages
from school.core import clock
from school.courses.actions.certifying import certify
from school.courses.models import Attainment, Booking, Event, Session
from school.courses.room import code
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.attained import keys
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_system import carry
from tests.people import cast
from tests.placements.browsers import browser

__all__ = ["keys"]
pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Dementia and the scanner"


def moved(event: Event, *, begins: timedelta, ends: timedelta) -> None:
    """Let the event begin and end so far from now; not by the actions, which change no past."""
    now = clock.now()
    times = {"starts": now + begins, "ends": now + ends}
    opens = times["starts"] - timedelta(days=2)
    Event.objects.filter(pk=event.pk).update(closes=times["starts"], opens=opens, **times)
    Session.objects.filter(event=event).update(**times)


def certified() -> None:
    """What a worker does with the attainment, in a thread: the seal keeps an event loop, and so does the browser."""

    def work() -> None:
        try:
            certify(Attainment.objects.get().entry.uuid)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(work).result()


def linked(kind: str) -> str:
    """The address in the newest mail of a kind, on the host of the test."""
    address = cast.newest_mail(kind).body.rsplit(maxsplit=1)[-1]
    return urlsplit(address).path


def fill_day(page: Page, group: str, day: date) -> None:
    """A day in its three boxes."""
    boxes = page.get_by_role("group", name=group, exact=True)
    for part in ("Day", "Month", "Year"):
        boxes.get_by_label(part).fill(str(getattr(day, part.lower())))


@pytest.fixture
def look(axe: Callable[[Page], None]) -> Callable[[Page, str], None]:
    """A page without a word from axe; kept as a picture where somebody asks for pictures."""

    def seen(page: Page, name: str) -> None:
        axe(page)
        if shots := os.environ.get("PORTAL_SHOTS"):
            page.screenshot(path=Path(shots) / f"round-{name}.png", full_page=True)

    return seen


@pytest.mark.usefixtures("keys")
def test_course_is_made_published_booked_attended_certified_and_revoked(
    new_page: Callable[..., Page], live_server: LiveServer, look: Callable[[Page, str], None]
) -> None:
    def opened(person: Person, size: dict[str, int]) -> Page:
        page = new_page(size)
        carry(browser(person), page, live_server)
        page.goto("/home/")
        return page

    make.make_network()
    ensure_pages()
    greta = opened(making.make_teacher("Greta Grey"), DESKTOP)
    make_course(greta, look)
    make_event(greta, look)
    write_page(greta, look)
    cora = opened(making.make_teacher("Cora Coral"), DESKTOP)
    approve_page(cora, look)
    event = Event.objects.get()
    olga, alice = make.make_person("Olga Other"), make.make_person("Alice Amber")
    making.ask(olga, event)

    stranger = new_page(PHONE)
    find_by_search(stranger, look)
    phone = opened(alice, PHONE)
    wait_for_place(phone, look)
    give_up(opened(olga, PHONE), look)
    take_place(phone, look)

    moved(event, begins=timedelta(hours=-1), ends=timedelta(hours=1))
    greta.get_by_role("link", name="School of Oncology").first.click()
    greta.get_by_role("region", name="Registers").get_by_role("link", name=TITLE).click()
    look(greta, "register")
    greta.get_by_role("link", name="Show the room’s code").click()
    expect(greta.get_by_role("img", name="QR code of this session")).to_be_visible()
    look(greta, "room")
    # What the phone's camera reads on that screen.
    session = event.sessions.get()
    phone.goto(f"/attend/{session.uuid}/{code(session.uuid, clock.now())}/")
    look(phone, "scanned")
    phone.get_by_role("button", name="I am here").tap()
    expect(phone.get_by_role("heading", name="You are on the register")).to_be_visible()
    look(phone, "on-the-register")

    moved(event, begins=timedelta(hours=-3), ends=timedelta(minutes=-1))
    greta.get_by_role("link", name="The register").click()
    look(greta, "register-over")
    greta.get_by_role("button", name="Close the register").click()
    expect(greta.get_by_text("The register is closed. Everyone’s outcome")).to_be_visible()
    assert Booking.objects.get(person=alice).state == Booking.State.ATTENDED
    certified()

    evaluate(phone, look)
    shown = get_certificate(phone, look)
    check(stranger, shown, "Valid", look)
    revoke(greta, look)
    stranger.get_by_role("link", name="Check another document").click()
    check(stranger, shown, "Revoked", look)


def make_course(page: Page, look: Callable[[Page, str], None]) -> None:
    """A course with its first version, from nothing."""
    look(page, "educator-home")
    page.get_by_role("link", name="Teaching").click()
    page.get_by_role("link", name="Make the first course").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the code")
    look(page, "course-refused")
    page.get_by_label("Code").fill("dementia-scanner")
    page.get_by_label("Summary").fill("Caring for people who live with dementia.")
    page.get_by_label("Introductory", exact=True).check()
    page.get_by_label("What it is about").fill("PET-CT, Dementia")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Found under: Dementia, PET-CT.")).to_be_visible()
    page.get_by_role("link", name="Publish the first version").click()
    page.get_by_label("Learning outcomes").fill("Says what a tracer is.\nGives somebody time.")
    page.get_by_label("CPD credit, in minutes").fill("120")
    look(page, "version")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check before you publish")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_text(f"{TITLE}, version 1 is published.")).to_be_visible()


def make_event(page: Page, look: Callable[[Page, str], None]) -> None:
    """An event of it with one place, opened."""
    page.get_by_role("link", name="Make an event").click()
    fill_day(page, "Day", clock.today() + timedelta(days=20))
    form = page.locator("form")
    form.get_by_label("Begins").first.fill("09:00")
    form.get_by_label("Ends").first.fill("11:00")
    page.get_by_label("Online", exact=True).check()
    page.get_by_label("Places", exact=True).fill("1")
    look(page, "event-form")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("heading", name="This is a draft")).to_be_visible()
    page.get_by_role("link", name="Check and open").click()
    look(page, "event-check")
    page.get_by_role("button", name="Open the event").click()
    expect(page.get_by_text("Nobody has a place yet")).to_be_visible()
    look(page, "event-open")


def write_page(page: Page, look: Callable[[Page, str], None]) -> None:
    """The public page of the course, handed to a second reader."""
    page.get_by_role("link", name="The course", exact=True).click()
    look(page, "course")
    page.get_by_role("link", name="Write its public page").click()
    look(page, "page-begin")
    page.get_by_role("button", name="Begin the page").click()
    expect(page.get_by_text("come from its record and are not written here")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Quotation").click()
    page.get_by_label("Words").fill("She held my hand, and I lay still.")
    page.get_by_label("Who says it").fill("A patient")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to a second reader").click()
    expect(page.get_by_text("has been submitted for moderation")).to_be_visible()
    page.get_by_role("link", name="Back to the portal").click()
    page.get_by_role("link", name="School of Oncology").first.click()


def approve_page(page: Page, look: Callable[[Page, str], None]) -> None:
    """Somebody else reads it, from the card on home."""
    look(page, "reader-home")
    page.get_by_role("region", name="1 page for a second reader").get_by_role("link", name=TITLE).click()  # fmt: skip
    expect(page.get_by_label("Who says it")).to_have_value("A patient")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve and Publish").click()
    expect(page.get_by_role("link", name="Current page status: live")).to_be_visible()


def find_by_search(page: Page, look: Callable[[Page, str], None]) -> None:
    """Somebody without an account finds the course by words."""
    page.goto("/")
    look(page, "visitor-home")
    page.get_by_role("contentinfo").get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("scanner dementia")
    page.get_by_role("button", name="Search").click()
    look(page, "visitor-search")
    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.get_by_text("She held my hand, and I lay still.")).to_be_visible()
    page.get_by_role("link", name="Join the waiting list").click()
    expect(page.get_by_role("link", name="Sign in to book")).to_be_visible()
    look(page, "visitor-event")


def wait_for_place(page: Page, look: Callable[[Page, str], None]) -> None:
    """A radiographer finds the event in the catalogue, full, and joins the line."""
    look(page, "radiographer-home")
    page.get_by_role("link", name="Courses and events").click()
    page.get_by_label("Words").fill("dementia")
    page.get_by_role("button", name="Show").click()
    look(page, "catalogue")
    page.get_by_role("link", name=TITLE, exact=True).click()
    look(page, "course-page")
    page.get_by_role("link", name="Join the waiting list").click()
    look(page, "event-full")
    page.get_by_role("button", name="Join the waiting list").click()
    expect(page.get_by_role("heading", name="You are number 1 in line")).to_be_visible()
    look(page, "booking-waiting")


def give_up(page: Page, look: Callable[[Page, str], None]) -> None:
    """Who has the place gives it up."""
    page.get_by_role("region", name="You are booked on").get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Give the place up").click()
    look(page, "give-up")
    page.get_by_role("button", name="Give it up").click()
    expect(page.get_by_role("heading", name="This booking is given up")).to_be_visible()


def take_place(page: Page, look: Callable[[Page, str], None]) -> None:
    """The place is held, says the mail, and is taken from it."""
    page.goto(linked("booking_held"))
    look(page, "booking-held")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("heading", name="You have a place")).to_be_visible()
    look(page, "booking-booked")


def evaluate(page: Page, look: Callable[[Page, str], None]) -> None:
    """Who was there says what they think of it."""
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("region", name="What did you think of it?").get_by_role("link").tap()
    expect(page.get_by_role("heading", name="What did you think of it?")).to_be_visible()
    look(page, "evaluate")
    for group in page.get_by_role("group").all():
        group.get_by_label("4: mostly").check(force=True)
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_text("Your evaluation is kept.")).to_be_visible()


def get_certificate(page: Page, look: Callable[[Page, str], None]) -> str:
    """The certificate, from the mail that says it is ready; its code."""
    page.goto(linked("certificate_issued"))
    look(page, "attainment")
    with page.expect_download() as pdf:
        page.get_by_role("link", name="Download the certificate").click()
    assert Path(pdf.value.path()).read_bytes().startswith(b"%PDF")
    address = page.get_by_role("link", name="/certificates/").get_attribute("href") or ""
    page.get_by_role("link", name="My learning").first.click()
    expect(page.get_by_role("region", name="What you attained")).to_contain_text(TITLE)
    look(page, "my-learning")
    return address.strip("/").rpartition("/")[2]


def check(page: Page, shown: str, verdict: str, look: Callable[[Page, str], None]) -> None:
    """Somebody types the code of a certificate."""
    if not page.get_by_label("Code on the document").is_visible():
        page.get_by_role("link", name="Check a document").click()
    look(page, "door")
    page.get_by_label("Code on the document").fill(shown.lower())
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("heading", name=verdict)).to_be_visible()
    look(page, f"check-{verdict.lower()}")


def revoke(page: Page, look: Callable[[Page, str], None]) -> None:
    """The educator revokes it, from the record of who has it."""
    page.get_by_role("link", name="Learners").click()
    page.get_by_label("Name").fill("Alice")
    page.get_by_role("button", name="Show").click()
    look(page, "learners")
    page.get_by_role("link", name="Alice Amber").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Revoke the certificate").click()
    page.get_by_label("Why").fill("Issued by mistake.")
    look(page, "revoke")
    page.get_by_role("button", name="Revoke the certificate").click()
    expect(page.get_by_text("Issued by mistake.")).to_be_visible()
    look(page, "revoked")
