"""The educator's pages of the day: the room's screen, the register and its file, one person, closing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from school.core.squares import square
from school.courses.models import Attendance, Booking, Event
from school.courses.room import STEP, code
from tests import factories as make
from tests.courses import day
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db]

Queries = Callable[[int], AbstractContextManager[Any]]


def test_room_shows_a_code_that_changes_every_half_minute() -> None:
    teacher, event, _ = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    address = reverse("room_code", args=[morning.uuid])
    with day.at("09:05"):
        client = browser(teacher)
        now = datetime.now(UTC)
        whole, part = client.get(address), client.get(address, headers={"HX-Request": "true"})
    with time_machine.travel(now + STEP, tick=False):
        later = client.get(address, headers={"HX-Request": "true"})
    drawn = [
        square(f"http://testserver/attend/{morning.uuid}/{code(morning.uuid, at)}/")[1]
        for at in (now, now + STEP)
    ]
    assert [drawn[0] in page.text for page in (whole, part, later)] == [True, True, False]
    assert drawn[1] in later.text
    assert 'hx-trigger="every 30s"' in part.text
    assert "<html" not in part.text
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in whole.text
    assert "0 <small>of 1 on the register" in whole.text


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        ("08:29:59", "The code appears here on 19 November 2026, 08:30"),
        ("08:30:00", "QR code of this session"),
        ("12:00:00", "QR code of this session"),
        ("12:00:01", "This session is over"),
    ],
)
def test_room_shows_the_code_from_half_an_hour_before_to_the_end(wall: str, words: str) -> None:
    teacher, event, _ = day.made()
    [morning, _] = day.sessions(event)
    with day.at(wall):
        page = browser(teacher).get(reverse("room_code", args=[morning.uuid]))
    assert words in page.text


def test_register_ticks_many_in_one_post() -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    morning, afternoon = day.sessions(event)
    address = reverse("register", args=[event.uuid])
    data = {
        "batch": str(uuid4()),
        "seen": [f"{one.uuid}:{session.uuid}" for one in (alice, bob) for session in (morning, afternoon)],
    }  # fmt: skip
    with day.at("13:05"):
        client = browser(teacher)
        first = client.post(address, data, follow=True)
        again = client.post(address, data, follow=True)
        nobody = client.post(address, {"batch": str(uuid4())})
    assert "4 attendances were put on the register." in first.text
    assert "Nobody new was put on the register." in again.text
    assert nobody.status_code == 422
    assert "Tick somebody" in nobody.text
    assert Attendance.objects.count() == 4


def test_register_offers_ticks_for_sessions_that_began_only() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    morning, afternoon = day.sessions(event)
    with day.at("09:05"):
        page = browser(teacher).get(reverse("register", args=[event.uuid]))
    assert f'value="{alice.uuid}:{morning.uuid}"' in page.text
    assert f'value="{alice.uuid}:{afternoon.uuid}"' not in page.text
    assert "Close the register" not in page.text


def test_register_of_one_hundred_takes_as_few_queries_as_of_one(
    django_assert_max_num_queries: Queries,
) -> None:
    teacher, event, _ = day.made(capacity=100)
    # Made without their steps, which the register does not read: a hundred real requests take long.
    people = [make.make_person(f"Person {number:03}", account=False) for number in range(100)]
    bookings = [
        Booking.objects.create(event=event, person=person, state="booked", asked_at=day.BEFORE)
        for person in people
    ]
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        client = browser(teacher)
        day.tick(teacher, event, *((one, morning) for one in bookings[:50]))
        for name, arguments in (
            ("register", [event.uuid]),
            ("room_code", [morning.uuid]),
            ("booking_attendance", [bookings[0].uuid]),
            ("event_evaluations", [event.uuid]),
        ):
            with django_assert_max_num_queries(12):
                page = client.get(reverse(name, args=arguments))
            assert page.status_code == 200
        page = client.get(reverse("register", args=[event.uuid]))
    assert page.text.count('type="checkbox"') == 50


def test_closing_shows_what_came_of_it() -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    morning, afternoon = day.sessions(event)
    address = reverse("close_register", args=[event.uuid])
    with day.at("13:05"):
        client = browser(teacher)
        day.tick(teacher, event, (alice, morning), (alice, afternoon))
        assert client.post(address, {"uuid": str(uuid4())}).status_code == 422
    with time_machine.travel(day.AFTER, tick=False):
        assert (
            "1 attended, 1 did not attend."
            in client.get(reverse("register", args=[event.uuid])).text
        )
        assert client.post(address, {"uuid": "x"}).status_code == 422
        page = client.post(address, {"uuid": str(uuid4())}, follow=True)
    assert "The register is closed." in page.text
    assert "1 attended, 1 did not attend." in page.text
    assert Event.objects.get().state == Event.State.CLOSED
    assert day.states(alice, bob) == ["attended", "absent"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_register_is_taken_away_as_a_file(format: str) -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("13:05"):
        client = browser(teacher)
        day.tick(teacher, event, (alice, morning))
        answer = client.get(reverse("register_file", args=[event.uuid, format]))
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].endswith(f'.{format}"')
    if format == "csv":
        rows = body.decode("utf-8-sig").splitlines()
        assert rows[1:] == [
            'Name,"Morning, Thu 19 Nov, 09:00 to 12:00","Afternoon, Thu 19 Nov, 13:00 to 16:00",'
            '"Attended, hours",Outcome',
            "Alice Amber,there,,3,",
        ]
    assert client.get(reverse("register_file", args=[event.uuid, "pdf"])).status_code == 404


def test_everybody_but_school_educators_is_refused() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        client = browser(alice.person, second_factor=False)
        pages = [
            client.get(reverse("room_code", args=[morning.uuid])),
            client.get(reverse("register", args=[event.uuid])),
            client.post(reverse("close_register", args=[event.uuid])),
            client.get(reverse("register_file", args=[event.uuid, "csv"])),
            client.get(reverse("booking_attendance", args=[alice.uuid])),
            client.post(reverse("correct_attendance", args=[alice.uuid])),
            client.post(reverse("excuse_booking", args=[alice.uuid])),
            client.get(reverse("event_evaluations", args=[event.uuid])),
        ]
    assert {page.status_code for page in pages} == {403}


def test_draft_has_no_register() -> None:
    teacher, event, _ = day.made(opened=False)
    with day.at("09:05"):
        assert browser(teacher).get(reverse("register", args=[event.uuid])).status_code == 404
