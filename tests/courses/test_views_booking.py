"""The pages of an event and of a place at it: what they say, what they do, and who may."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from school.core import clock
from school.courses.actions import booking as places
from school.courses.models import Booking, Event
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.test_actions_booking import manager_of
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db

State = Booking.State
LINK, JOINING = "https://join.example/day", "Come to the north door."


def said(answer: Any) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return said(answer)


def of(booking: Booking, act: str = "") -> str:
    return f"/bookings/{booking.uuid}/{act}"


@pytest.fixture
def alice() -> Person:
    return make.make_person("Alice Amber")


@pytest.fixture
def event() -> Event:
    return making.make_event(capacity=2, link=LINK, joining=JOINING)


def test_visitor_reads_the_facts_and_not_how_to_join(client: Client, event: Event) -> None:
    words = page(client, f"/events/{event.uuid}/")
    assert "2 places left" in words
    assert "Knows the way a tracer takes." in words
    assert "Sign in to book" in words
    assert (LINK in words, JOINING in words) == (False, False)
    assert f"?next=/events/{event.uuid}/" in client.get(f"/events/{event.uuid}/").content.decode()


def test_draft_is_found_by_school_educators_only(client: Client) -> None:
    teacher = making.make_teacher()
    event = making.make_event(by=teacher, opened=False)
    assert client.get(f"/events/{event.uuid}/").status_code == 404
    assert browser(teacher).get(f"/events/{event.uuid}/").status_code == 200


def test_place_is_booked_in_two_taps_and_a_double_tap_books_once(
    alice: Person, event: Event
) -> None:
    client = browser(alice)
    form = client.get(f"/events/{event.uuid}/")
    [uuid] = re.findall(r'name="uuid" value="([^"]+)"', form.content.decode())
    for _ in range(2):
        answer = client.post(f"/events/{event.uuid}/book/", {"uuid": uuid, "needs": "A ramp"})
        booking = Booking.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, of(booking))
    words = page(client, of(booking))
    assert "You have a place" in words
    assert LINK in words
    assert JOINING in words
    assert "A ramp" in words
    assert "Your booking" in page(client, f"/events/{event.uuid}/")


def test_every_refusal_gives_its_reason_and_keeps_what_was_typed(
    alice: Person, event: Event
) -> None:
    other = making.make_event(making.make_version("Seminar"))
    making.ask(alice, other)
    client = browser(alice)
    words = page(client, f"/events/{event.uuid}/")
    assert "You cannot book a place here now It clashes with: Seminar" in words
    sent = {"uuid": str(uuid4()), "needs": "A ramp"}
    answer = client.post(f"/events/{event.uuid}/book/", sent)
    assert answer.status_code == 422
    assert "It clashes with: Seminar" in said(answer)
    assert not Booking.objects.filter(event=event).exists()


def test_booking_of_another_is_not_found(alice: Person, event: Event) -> None:
    booking = making.ask(alice, event)
    client = browser(make.make_person("Bob Birch"))
    for act in ("", "give-up/", "move/"):
        assert client.get(of(booking, act)).status_code == 404
    for act in ("take/", "say-no/", "approve/"):
        assert client.post(of(booking, act), {"uuid": uuid4()}).status_code == 404


def test_manager_sees_the_booking_and_never_the_needs(alice: Person, event: Event) -> None:
    booking = making.ask(alice, event, needs="A ramp")
    words = page(browser(manager_of(alice)), of(booking))
    assert "Alice Amber has a place" in words
    assert "ramp" not in words


def test_needs_are_changed_by_the_person_and_what_was_typed_stays(
    alice: Person, event: Event
) -> None:
    booking = making.ask(alice, event, needs="A ramp")
    client = browser(alice)
    assert "Change what you need" in page(client, of(booking))
    assert "A ramp" in page(client, of(booking, "needs/"))
    refused = client.post(of(booking, "needs/"), {"uuid": uuid4(), "needs": "Nuts " * 200})
    assert (refused.status_code, said(refused).count("Nuts")) == (422, 200)
    answer = client.post(of(booking, "needs/"), {"uuid": uuid4(), "needs": "No nuts"})
    assert (answer.status_code, answer["Location"]) == (302, of(booking))
    words = page(client, of(booking))
    assert ("No nuts" in words, "A ramp" in words) == (True, False)
    assert "No nuts" in page(
        browser(making.make_teacher("Ada Other")), f"/teaching/events/{event.uuid}/needs/"
    )
    assert browser(make.make_person("Bob Birch")).get(of(booking, "needs/")).status_code == 404


def test_who_waits_sees_their_place_in_line_and_not_how_to_join(event: Event) -> None:
    crowd = [make.make_person(name) for name in ("Ann", "Ben", "Cat", "Dan")]
    bookings = [making.ask(person, event) for person in crowd]
    words = page(browser(crowd[3]), of(bookings[3]))
    assert "You are number 2 in line" in words
    assert "it is held for 48 hours" in words
    assert (LINK in words, JOINING in words) == (False, False)


def test_held_place_is_taken_or_refused_with_one_tap(event: Event) -> None:
    crowd = [make.make_person(name) for name in ("Ann", "Ben", "Cat", "Dan")]
    bookings = [making.ask(person, event) for person in crowd]
    for n in range(2):
        places.give_up(by=crowd[n], booking=bookings[n], uuid=uuid4())
    client = browser(crowd[2])
    assert "A place is held for you" in page(client, of(bookings[2]))
    client.post(of(bookings[2], "take/"), {"uuid": uuid4()})
    assert "You have a place" in page(client, of(bookings[2]))
    client.post(of(bookings[2], "take/"), {"uuid": uuid4()})
    assert "No place is held: this booking is booked." in page(client, of(bookings[2]))
    other = browser(crowd[3])
    other.post(of(bookings[3], "say-no/"), {"uuid": uuid4()})
    assert "You have no place" in page(other, of(bookings[3]))


def test_held_place_that_ran_out_says_so(event: Event) -> None:
    crowd = [make.make_person(name) for name in ("Ann", "Ben", "Cat")]
    bookings = [making.ask(person, event) for person in crowd]
    places.give_up(by=crowd[0], booking=bookings[0], uuid=uuid4())
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        client = browser(crowd[2])
        assert "The place was not taken in time" in page(client, of(bookings[2]))
        client.post(of(bookings[2], "take/"), {"uuid": uuid4()})
        assert "The place was held until" in page(client, of(bookings[2]))


def test_giving_up_is_asked_about_and_then_done(alice: Person, event: Event) -> None:
    booking = making.ask(alice, event)
    client = browser(alice)
    assert "Give this booking up?" in page(client, of(booking, "give-up/"))
    sent = {"uuid": uuid4(), "reason": "On call"}
    assert client.post(of(booking, "give-up/"), sent).status_code == 302
    words = page(client, of(booking))
    assert "This booking is given up" in words
    assert "“On call”" in words


def test_booking_moves_to_a_date_with_places_left(alice: Person) -> None:
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    old, new = (
        making.make_event(version, by=teacher, day=clock.today() + timedelta(days=n))
        for n in (10, 20)
    )
    making.make_event(making.make_version("Seminar", by=teacher), by=teacher)
    booking = making.ask(alice, old)
    client = browser(alice)
    answer = client.get(of(booking, "move/")).content.decode()
    assert re.findall(r'name="event" type="radio" value="([^"]+)"', answer) == [str(new.uuid)]
    sent = {"uuid": uuid4(), "event": str(new.uuid)}
    moved = client.post(of(booking, "move/"), sent)
    assert moved["Location"] == of(Booking.objects.get(event=new))
    assert "It was moved to another date." in page(client, of(booking))


def test_no_other_date_teaches(alice: Person, event: Event) -> None:
    words = page(browser(alice), of(making.ask(alice, event), "move/"))
    assert "No other date can be booked now" in words


def test_once_begun_nothing_can_be_done(alice: Person, event: Event) -> None:
    booking = making.ask(alice, event)
    with time_machine.travel(event.starts + timedelta(minutes=1)):
        client = browser(alice)
        words = page(client, of(booking))
        assert "The event has begun" in words
        assert "Give the place up" not in words
        answer = client.post(of(booking, "give-up/"), {"uuid": uuid4()})
        assert answer.status_code == 422
        assert "no more places are given" in page(
            browser(make.make_person()), f"/events/{event.uuid}/"
        )


def test_event_page_takes_few_queries_whatever_stands_against_a_place(
    django_assert_max_num_queries: Any,
) -> None:
    """The dearest: a student with a placement and a course that asks for another first."""
    teacher = making.make_teacher()
    basics = making.make_version("Basics", by=teacher)
    version = making.make_version(by=teacher, prerequisites=[basics.course])
    event = making.make_event(version, by=teacher)
    placement = make.make_placement()
    make.plan_shift(placement, making.day_of(event), "08:00", "16:00")
    client = browser(placement.enrolment.person)
    client.get(f"/events/{event.uuid}/")
    with django_assert_max_num_queries(12):
        words = page(client, f"/events/{event.uuid}/")
    assert "This course asks for Basics first." in words
    assert "It clashes with: Planned shift" in words


@pytest.mark.parametrize("waiting", [1, 30])
def test_booking_page_takes_few_queries_however_long_the_line(
    waiting: int, django_assert_max_num_queries: Any
) -> None:
    event = making.make_event(capacity=1)
    crowd = [make.make_person(f"Person {n}") for n in range(waiting + 1)]
    bookings = [making.ask(person, event) for person in crowd]
    client = browser(crowd[-1])
    client.get(of(bookings[-1]))
    with django_assert_max_num_queries(12):
        words = page(client, of(bookings[-1]))
    assert f"You are number {waiting} in line" in words
