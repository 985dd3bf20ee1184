"""On a phone: a student logs an examination, is told what points to a patient while typing, and sees the range grow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.competencies.models import ExaminationType, LogEntry
from placements import reference
from school.core.free_text import findings
from tests.core import notes
from tests.core.test_free_text import CASES
from tests.journeys.test_system import carry
from tests.logbooks.competencies.book import make_log_book
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db(transaction=True)

NHS_NUMBER = "943 476 5919"
SAME = 300  # notes of each kind that the page and the server read


def test_only_tracers_of_the_examination_are_left_to_choose(
    phone: Page, live_server: LiveServer
) -> None:
    book = make_log_book()
    ExaminationType.objects.create(
        code="rare-brain", name="Rare brain", tracers=book.rare.code, position=3, source="a test"
    )
    reference.forget()
    key = browser(book.student, second_factor=False).cookies[settings.SESSION_COOKIE_NAME].value
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
    phone.context.add_cookies([cookie])
    phone.goto("/log-book/examinations/log/")
    phone.get_by_label("FDG", exact=True).check()
    phone.get_by_label("Rare brain", exact=True).check()
    expect(phone.get_by_label("FDG", exact=True)).to_be_hidden()
    expect(phone.get_by_label("Raretracer", exact=True)).to_be_checked()
    phone.get_by_label("Half body", exact=True).check()
    phone.get_by_label("FDG", exact=True).check()
    expect(phone.get_by_label("Raretracer", exact=True)).not_to_be_checked()


def test_examination_is_logged_on_a_phone(
    phone: Page, live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    book = make_log_book()
    key = browser(book.student, second_factor=False).cookies[settings.SESSION_COOKIE_NAME].value
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
    phone.context.add_cookies([cookie])

    # Given a student on placement who opens the page
    phone.goto("/log-book/examinations/log/")
    axe(phone)

    # When she says what she saw, and writes a number that names the patient
    phone.get_by_label("Half body", exact=True).check()
    phone.get_by_label("FDG", exact=True).check()
    phone.get_by_label("Observed", exact=True).check()
    phone.get_by_label("Supervising operator").select_option(label=book.educator.name)
    phone.get_by_text("Reflection, if you want").click()
    expect(phone.get_by_label("Feelings", exact=True)).to_be_hidden()
    phone.get_by_label("What?", exact=True).fill(f"I saw {NHS_NUMBER} with Mrs Smith.")

    # Then the page says so before anything is sent, and so does the server
    said = phone.get_by_role("status").filter(has_text="NHS number")
    expect(said).to_contain_text(f"“{NHS_NUMBER}” is an NHS number. Take it out")
    expect(said).to_contain_text("“Mrs Smith” looks like a name.")
    axe(phone)
    phone.get_by_role("button", name="Log it").click()
    expect(phone.get_by_role("alert")).to_contain_text(f"“{NHS_NUMBER}” is an NHS number.")
    axe(phone)

    # When she writes what the page told her, it is logged under the portal's own number
    phone.get_by_label("What?", exact=True).fill("I saw the patient.")
    phone.get_by_role("button", name="Log it").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Case 1")
    axe(phone)
    assert LogEntry.objects.get().device_time is not None

    # And the next one begins as this one was, and the list and the picture hold it
    phone.get_by_role("link", name="Log another").click()
    expect(phone.get_by_label("Half body", exact=True)).to_be_checked()
    phone.goto("/log-book/examinations/")
    axe(phone)
    phone.get_by_role("link", name="The range as a picture").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Range of examinations")
    axe(phone)


def test_page_reads_words_as_the_server_does(phone: Page, live_server: LiveServer) -> None:
    texts = [
        *(text for text, _ in CASES),
        *(note for note, _ in notes.planted(many=SAME)),
        *notes.without(many=SAME),
    ]
    phone.goto("/accessibility/")
    found = phone.evaluate(
        """async (texts) => {
            const { findings, message } = await import("/static/js/free-text.js");
            return texts.map((text) => findings(text).map(message));
        }""",
        texts,
    )
    expected = [[one.message for one in findings(text)] for text in texts]
    assert [
        (text, seen, meant)
        for text, seen, meant in zip(texts, found, expected, strict=True)
        if seen != meant
    ] == []


def test_what_is_found_while_one_clicks_takes_no_click_away(
    desktop: Page, live_server: LiveServer
) -> None:
    carry(browser(make_log_book().student, second_factor=False), desktop, live_server)
    desktop.goto("/cpd/add/")
    # The box is left by the very click on what stands below it, before its words were looked at.
    desktop.get_by_label("What it was", exact=True).fill("A talk with Mr Smith")
    desktop.get_by_label("Formal learning", exact=True).click(delay=600)
    expect(desktop.get_by_role("status").filter(has_text="looks like a name")).to_be_visible()
    expect(desktop.get_by_label("Formal learning", exact=True)).to_be_checked()
