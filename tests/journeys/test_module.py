"""On a phone without JavaScript: somebody goes through a module, leaves, comes back, fails its quiz and passes it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.courses.models import Attainment
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses import modules as made
from tests.journeys.conftest import DESKTOP, PHONE
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_module_is_learned_left_resumed_failed_and_passed(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    def opened_by(person: Person, *, javascript: bool) -> Page:
        key = (
            browser(person, second_factor=person == teacher)
            .cookies[settings.SESSION_COOKIE_NAME]
            .value
        )
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(PHONE, javascript=javascript)
        page.context.add_cookies([cookie])
        return page

    teacher = making.make_teacher()
    module = made.make_module(by=teacher, pass_percent=50)
    alice = make.make_person("Alice Amber")
    looked = opened_by(alice, javascript=True)

    def seen(page: Page, name: str) -> None:
        """The same page with axe, and as pictures when they are asked for."""
        if page is not looked:
            looked.goto(page.url)
        axe(looked)
        shots = os.environ.get("PORTAL_SHOTS")
        for size in (DESKTOP, PHONE) if shots else ():
            looked.set_viewport_size(size)  # type: ignore[arg-type]
            looked.screenshot(
                path=Path(shots or "") / f"{name}-{size['width']}.png", full_page=True
            )

    def answer(page: Page, word: str) -> None:
        for group in page.get_by_role("group").all():
            group.get_by_label(word, exact=True).check()
        page.get_by_role("button", name="Send your answers").click()

    page = opened_by(alice, javascript=False)
    page.goto(module.version.course.page.url)
    page.get_by_role("link", name="Go to the module").click()
    expect(page.get_by_role("heading", name="0 of 2 parts done")).to_be_visible()
    seen(page, "module")
    page.get_by_role("link", name="Start").click()
    page.get_by_label("A photograph").check()
    page.get_by_role("button", name="Check your answer").click()
    expect(page.get_by_text("That is not right yet.")).to_be_visible()
    seen(page, "part-checked")
    page.get_by_label("PET", exact=True).check()
    page.get_by_role("button", name="Check your answer").click()
    expect(page.get_by_text("That is right.")).to_be_visible()
    page.get_by_role("button", name="Done, next").click()
    expect(page.get_by_role("heading", name="What helps")).to_be_visible()

    page.goto("/my-learning/")
    expect(page.get_by_text("1 of 2 parts")).to_be_visible()
    seen(page, "under-way")
    page.get_by_role("link", name="Dementia Awareness").click()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", name="What helps")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("link", name="Go to the quiz").click()
    seen(page, "quiz")
    page.get_by_role("button", name="Send your answers").click()
    expect(page.get_by_role("link", name="Choose an answer to question 2")).to_be_visible()
    answer(page, "Wrong")
    expect(page.get_by_role("heading", name="Not passed this time")).to_be_visible()
    seen(page, "failed")
    page.get_by_role("link", name="Try again").click()
    answer(page, "Right")
    expect(page.get_by_role("heading", name="You passed")).to_be_visible()
    seen(page, "passed")
    page.get_by_role("link", name="See what you attained").click()
    expect(page.get_by_role("heading", name="Dementia Awareness")).to_be_visible()
    assert Attainment.objects.get().person == alice

    for name in ("Ann", "Ben", "Cat", "Dan"):
        person = make.make_person(name)
        made.do_parts(person, module)
        made.sit(person, module, right=name < "C")
    looked = opened_by(teacher, javascript=True)
    looked.goto(f"/teaching/courses/{module.version.course.uuid}/")
    looked.get_by_role("link", name="Its online module").click()
    seen(looked, "taught-module")
    looked.get_by_role("link", name="How the questions did").click()
    seen(looked, "figures")
    looked.get_by_role("link", name="Question 0?").click()
    seen(looked, "question")
