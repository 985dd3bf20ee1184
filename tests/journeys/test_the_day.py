"""The day of an event on phones: a press without network, one without script, and the register at 390 pixels."""

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
from school.courses.models import Attendance, Event, Session
from school.courses.room import code
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.journeys.conftest import PHONE
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def held(event: Event, *, began: timedelta, ended: timedelta) -> None:
    """Let the event have begun and ended so long ago; not by the actions, which change no past."""
    now = clock.now()
    times = {"starts": now - began, "ends": now - ended}
    Event.objects.filter(pk=event.pk).update(closes=now - began, opens=now - began * 2, **times)
    Session.objects.filter(event=event).update(**times)


def test_presses_without_network_and_without_script_reach_the_register(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    keys: dict[int, str] = {}

    def opened(person: Person, *, javascript: bool = True) -> Page:
        if person.pk not in keys:
            keys[person.pk] = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": keys[person.pk], "url": live_server.url}  # fmt: skip
        page = new_page(PHONE, javascript=javascript)
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
    narrow = opened(teacher)
    for name in ("register", "evaluations"):
        narrow.goto(f"/events/{event.uuid}/{name}/")
        look(narrow, name)
    narrow.goto(f"/sessions/{session.uuid}/room/")
    look(narrow, "room-over")
    narrow.goto(f"/bookings/{event.bookings.get(person=alice).uuid}/attendance/")
    look(narrow, "attendance")
