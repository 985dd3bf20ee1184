"""The day of an event on phones: the room's code, a press without network, the register closed, the evaluation given."""

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
from school.courses.models import Attendance, Booking, Event, EventEvaluation, Session
from school.courses.room import code
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.journeys.conftest import DESKTOP, PHONE
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def held(event: Event, *, began: timedelta, ended: timedelta) -> None:
    """Let the event have begun and ended so long ago; not by the actions, which change no past."""
    now = clock.now()
    times = {"starts": now - began, "ends": now - ended}
    Event.objects.filter(pk=event.pk).update(closes=now - began, opens=now - began * 2, **times)
    Session.objects.filter(event=event).update(**times)


def test_day_of_an_event_from_the_rooms_code_to_the_evaluation(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    keys: dict[int, str] = {}

    def opened(person: Person, size: dict[str, int] = PHONE, *, javascript: bool = True) -> Page:
        if person.pk not in keys:
            keys[person.pk] = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": keys[person.pk], "url": live_server.url}  # fmt: skip
        page = new_page(size, javascript=javascript)
        page.context.add_cookies([cookie])
        return page

    def look(page: Page, name: str) -> None:
        axe(page)
        if shots := os.environ.get("PORTAL_SHOTS"):
            width = page.viewport_size["width"] if page.viewport_size else 0
            page.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)

    teacher = making.make_teacher()
    event = making.make_event(by=teacher)
    alice, bob = make.make_person("Alice Amber"), make.make_person("Bob Birch")
    for person in (alice, bob):
        making.ask(person, event)
    event.sessions.last().delete()
    held(event, began=timedelta(hours=2), ended=timedelta(hours=-1))
    session = event.sessions.get()

    # The educator comes from home to the room's screen.
    desk = opened(teacher, DESKTOP)
    desk.goto("/home/")
    desk.get_by_role("link", name="Introductory Day").first.click()
    desk.goto(f"/events/{event.uuid}/register/")
    look(desk, "register")
    desk.get_by_role("link", name="Show the room’s code").click()
    expect(desk.get_by_role("img", name="QR code of this session")).to_be_visible()
    expect(desk.get_by_text("0 of 2 on the register")).to_be_visible()
    look(desk, "room")

    # Alice scans, loses the network, presses, and it is sent when the network is back.
    phone = opened(alice)
    phone.goto(f"/attend/{session.uuid}/{code(session.uuid, clock.now())}/")
    look(phone, "scanned")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="I am here").tap()
    expect(phone.get_by_role("heading", name="Not sent yet")).to_be_visible()
    look(phone, "not-sent")
    assert Attendance.objects.count() == 0
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="You are on the register")).to_be_visible()
    look(phone, "on-the-register")

    # Bob's phone runs no script.
    plain = opened(bob, javascript=False)
    plain.goto(f"/attend/{session.uuid}/{code(session.uuid, clock.now())}/")
    plain.get_by_role("button", name="I am here").tap()
    expect(plain.get_by_role("heading", name="You are on the register")).to_be_visible()
    assert Attendance.objects.count() == 2

    held(event, began=timedelta(hours=3), ended=timedelta(minutes=1))
    desk.goto(f"/events/{event.uuid}/register/")
    desk.get_by_role("button", name="Close the register").click()
    expect(desk.get_by_text("The register is closed. Everyone’s outcome")).to_be_visible()
    look(desk, "closed")
    desk.goto(f"/bookings/{event.bookings.get(person=alice).uuid}/attendance/")
    look(desk, "attendance")
    assert set(Booking.objects.values_list("state", flat=True)) == {"attended"}

    phone.goto("/home/")
    phone.get_by_role("region", name="What did you think of it?").get_by_role("link").tap()
    expect(phone.get_by_role("heading", name="What did you think of it?")).to_be_visible()
    look(phone, "evaluate")
    for group in phone.get_by_role("group").all():
        group.get_by_label("4: mostly").check(force=True)
    phone.get_by_label("What else the School should know").fill("The room was cold.")
    phone.get_by_role("button", name="Send").tap()
    expect(phone.get_by_text("Your evaluation is kept.")).to_be_visible()
    narrow = opened(teacher)
    for name in ("register", "evaluations"):
        narrow.goto(f"/events/{event.uuid}/{name}/")
        look(narrow, name)
    narrow.goto(f"/sessions/{session.uuid}/room/")
    look(narrow, "room-over")
    assert EventEvaluation.objects.get().ratings == "44444"
