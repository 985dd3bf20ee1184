"""The page behind a scanned code, what it sends, and one's own code."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from school.courses.models import Attendance, Booking, Session
from school.courses.room import code
from school.people.models import Person
from tests import factories as make
from tests.courses import day
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db]

Queries = Callable[[int], AbstractContextManager[Any]]


def scan(client: Client, session: Session) -> Any:
    """Open the address that the room's screen shows now."""
    return client.get(
        reverse("attend_scanned", args=[session.uuid, code(session.uuid, datetime.now(UTC))])
    )


def sent(client: Client, session: Session, answer: HttpResponse, **more: str) -> Any:
    """Press the button of a scanned page."""
    form = answer.context["arriving"]  # type: ignore[attr-defined]
    data = {name: str(form[name].value() or "") for name in form.fields} | more
    return client.post(reverse("attend", args=[session.uuid]), data, follow=True)


def person_of(booking: Booking) -> Client:
    return browser(booking.person, second_factor=False)


def test_scanning_writes_nothing_and_pressing_writes_once() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        client = person_of(alice)
        page = scan(client, morning)
        assert page.status_code == 200
        assert "You are at Introductory Day" in page.text
        assert "as long as the register is not closed" in page.text
        assert "Morning, Thursday 19 November 2026, 09:00 to 12:00" in page.text
        assert Attendance.objects.count() == 0
        for _ in range(2):
            done = sent(client, morning, page, device_time="2026-11-19T09:05:01Z")
            assert "You are on the register" in done.text
        assert scan(client, morning).status_code == 302
    fact = Attendance.objects.get()
    assert fact.device_time == datetime(2026, 11, 19, 9, 5, 1, tzinfo=UTC)


def test_old_code_says_what_to_do_and_keeps_the_script() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        address = reverse("attend_scanned", args=[morning.uuid, "x" * 20])
        page = person_of(alice).get(address)
    assert page.status_code == 422
    assert "Scan the one that is there now" in page.text
    assert "js/attend.js" in page.text
    assert '<form method="post" action="/attend/' not in page.text


def test_ticket_sent_by_another_account_is_refused() -> None:
    _, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        page = scan(person_of(alice), morning)
        refused = sent(person_of(bob), morning, page)
    assert refused.status_code == 403
    assert "Somebody else scanned this code" in refused.text
    assert Attendance.objects.count() == 0


def test_what_cannot_be_read_is_refused_in_words() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        client = person_of(alice)
        answers = [
            client.post(reverse("attend", args=[morning.uuid]), data)
            for data in ({}, {"uuid": "x", "ticket": "x"}, {"uuid": str(uuid4()), "ticket": "x"})
        ]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert "Scan the code on the screen" in answers[2].text


def test_device_time_that_makes_no_sense_is_left_out() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        client = person_of(alice)
        sent(client, morning, scan(client, morning), device_time="tomorrow")
    assert Attendance.objects.get().device_time is None


def test_pages_of_the_day_take_few_queries(django_assert_max_num_queries: Queries) -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        client = person_of(alice)
        with django_assert_max_num_queries(12):
            page = scan(client, morning)
        with django_assert_max_num_queries(12):
            client.get(reverse("attend", args=[morning.uuid]))
        with django_assert_max_num_queries(12):
            client.get(reverse("booking_code", args=[alice.uuid]))
    assert page.status_code == 200


def test_code_of_a_booking_is_its_persons_own() -> None:
    _, _, [alice, bob] = day.made("Alice Amber", "Bob Birch", capacity=1)
    address = reverse("booking_code", args=[alice.uuid])
    with day.at("09:05"):
        page = person_of(alice).get(address)
        assert 'aria-label="QR code of your booking"' in page.text
        assert person_of(bob).get(address).status_code == 404
        # On the waiting list there is nothing to show.
        assert person_of(bob).get(reverse("booking_code", args=[bob.uuid])).status_code == 404


def test_account_without_a_person_is_told_so() -> None:
    _, event, _ = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        person = make.make_person("Cat Cedar")
        client = browser(person, second_factor=False)
        Person.objects.filter(pk=person.pk).update(user=None)
        assert client.get(reverse("attend", args=[morning.uuid])).status_code == 403


def test_session_that_is_over_and_who_has_no_place_are_told_so() -> None:
    _, event, [alice, bob] = day.made("Alice Amber", "Bob Birch", capacity=1)
    [morning, _] = day.sessions(event)
    address = reverse("attend", args=[morning.uuid])
    with day.at("09:05"):
        assert "Scan the code on the screen" in person_of(alice).get(address).text
        page = person_of(bob).get(address).text
        assert ("You have no place at this event" in page, "Scan the code" in page) == (True, False)
    with day.at("12:00:01"):
        pages = [person_of(one).get(address).text for one in (alice, bob)]
    assert ["</span> This session is over</h1>" in page for page in pages] == [True] * 2
    assert ["Scan the code" in page for page in pages] == [False] * 2
    assert ["You are not on its register" in page for page in pages] == [True, False]
