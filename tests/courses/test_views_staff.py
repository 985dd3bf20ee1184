"""What managers do: decide requests, send their people, and see what they have booked."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine

from school.core import clock, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.courses.actions import attending
from school.courses.actions import booking as places
from school.courses.models import Booking, Event
from school.people.models import JobRole, Mail, Person, Post, PostTerm
from tests import factories as make
from tests.courses import day, making
from tests.courses.test_views_booking import page
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db

State = Booking.State


def works_for(manager: Person, *names: str, site: str = "Cumberland Infirmary") -> list[Person]:
    """People with a post at a site, led by a manager."""
    role, _ = JobRole.objects.get_or_create(
        code="radiographer", defaults={"title": "Radiographer", "staff_group": "AHP"}
    )
    found = []
    for name in names:
        person = make.make_person(name)
        fact = PostTerm(
            post=Post.objects.create(person=person),
            job_role=role,
            site=make.make_site(site),
            crew="static",
            line_manager=manager,
        )
        with ledger.writing(person.book) as pen:
            pen.append([Draft(fact=fact, book=person.book, about_from=clock.today())], by=PORTAL)
        found.append(person)
    return found


@pytest.fixture
def manager() -> Person:
    return make.make_person("Marek Standin")


def staff_page(event: Event) -> str:
    return f"/events/{event.uuid}/staff/"


def test_request_is_approved_with_one_tap(manager: Person) -> None:
    [alice] = works_for(manager, "Alice Amber")
    booking = making.ask(alice, making.make_event(needs_approval=True))
    client = browser(manager)
    assert "Alice Amber" in page(client, "/bookings/requests/")
    client.post(f"/bookings/{booking.uuid}/approve/", {"uuid": uuid4()})
    words = page(client, "/bookings/requests/")
    assert "Alice Amber: booked." in words
    assert "No request waits for you" in words
    booking.refresh_from_db()
    assert booking.state == State.BOOKED


def test_request_is_declined_with_a_reason(manager: Person) -> None:
    [alice] = works_for(manager, "Alice Amber")
    booking = making.ask(alice, making.make_event(needs_approval=True))
    client = browser(manager)
    path = f"/bookings/{booking.uuid}/decline/"
    assert client.post(path, {"uuid": uuid4(), "reason": ""}).status_code == 422
    client.post(path, {"uuid": uuid4(), "reason": "Two are away."})
    assert "Two are away." in page(browser(alice), f"/bookings/{booking.uuid}/")


def test_requests_of_others_are_not_seen(manager: Person) -> None:
    works_for(manager, "Bob Birch")
    making.ask(make.make_person("Alice Amber"), making.make_event(needs_approval=True))
    assert "No request waits for you" in page(browser(manager), "/bookings/requests/")


def test_many_are_sent_at_once_each_with_an_outcome_of_their_own(manager: Person) -> None:
    event = making.make_event(capacity=2)
    alice, bob, cara, dan = works_for(manager, "Alice Amber", "Bob Birch", "Cara Cedar", "Dan Dell")
    making.ask(bob, event)
    stranger = make.make_person("Olga Other")
    client = browser(manager)
    sent = {
        "uuid": str(uuid4()),
        "people": [str(one.uuid) for one in (alice, bob, cara)],
    }
    for _ in range(2):
        assert client.post(staff_page(event), sent).status_code == 302
        words = page(client, staff_page(event))
        assert "Alice Amber Booked" in words
        assert "Bob Birch There is a booking already: booked." in words
        assert "Cara Cedar On the waiting list" in words
    assert Booking.objects.count() == 3
    assert "Marek Standin asked for it on your behalf." in (
        Mail.objects.get(person=alice, kind="booking_booked").body
    )
    refused = client.post(staff_page(event), {"uuid": str(uuid4()), "people": [str(stranger.uuid)]})
    assert refused.status_code == 422
    assert client.post(staff_page(event), {"uuid": str(uuid4())}).status_code == 422
    assert not Booking.objects.filter(person__in=[dan, stranger]).exists()


def test_nomination_needs_no_further_approval(manager: Person) -> None:
    event = making.make_event(needs_approval=True)
    [alice] = works_for(manager, "Alice Amber")
    sent = {"uuid": str(uuid4()), "people": [str(alice.uuid)]}
    browser(manager).post(staff_page(event), sent)
    assert Booking.objects.get().state == State.BOOKED


def test_staff_are_shown_by_site(manager: Person) -> None:
    works_for(manager, "Alice Amber")
    works_for(manager, "Bob Birch", site="Freeman Hospital")
    event = making.make_event()
    client = browser(manager)
    assert "Alice Amber" in page(client, staff_page(event))
    words = page(client, f"{staff_page(event)}?site={make.make_site('Freeman Hospital').uuid}")
    assert ("Bob Birch" in words, "Alice Amber" in words) == (True, False)


def test_who_answers_for_nobody_finds_no_such_page() -> None:
    event = making.make_event()
    client = browser(make.make_person("Alice Amber"))
    assert client.get(staff_page(event)).status_code == 404
    assert "Book places for your staff" not in page(client, f"/events/{event.uuid}/")


def test_list_of_bookings_and_its_file_hold_ones_own_staff_only(manager: Person) -> None:
    [alice] = works_for(manager, "Alice Amber")
    event = making.make_event()
    making.ask(alice, event)
    making.ask(make.make_person("Olga Other"), event)
    client = browser(manager)
    words = page(client, "/bookings/staff/")
    assert ("Alice Amber" in words, "Olga Other" in words) == (True, False)
    assert "No booking here" in page(client, "/bookings/staff/?q=Olga")
    assert "No booking here" in page(client, "/bookings/staff/?when=past")
    answer = client.get("/bookings/staff/file/csv/")
    file = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert ("Alice Amber" in file, "Olga Other" in file) == (True, False)
    answer = client.get("/bookings/staff/file/xlsx/")
    assert b"".join(answer).startswith(b"PK")
    assert client.get("/bookings/staff/file/pdf/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_lists_take_few_queries_however_long(
    number: int, manager: Person, django_assert_max_num_queries: Any
) -> None:
    event = making.make_event(needs_approval=True, capacity=40)
    staff = works_for(manager, *(f"Person {n:02}" for n in range(number)))
    for person in staff:
        making.ask(person, event)
    client = browser(manager)
    for path in ("/bookings/requests/", "/bookings/staff/", staff_page(event)):
        client.get(path)
        with django_assert_max_num_queries(12):
            words = page(client, path)
        assert "Person 00" in words


def test_line_moves_when_a_manager_gives_a_place_up(manager: Person) -> None:
    [alice] = works_for(manager, "Alice Amber")
    event = making.make_event(capacity=1)
    booking = making.ask(alice, event)
    waits = making.ask(make.make_person("Olga Other"), event)
    places.give_up(by=manager, booking=booking, uuid=uuid4())
    waits.refresh_from_db()
    assert waits.state == State.HELD


def test_reason_of_an_excuse_is_for_the_person_and_the_school(manager: Person) -> None:
    teacher, event, _ = day.made()
    with time_machine.travel(day.BEFORE, tick=False):
        [alice] = works_for(manager, "Alice Amber")
        booking = making.ask(alice, event)
    path = f"/bookings/{booking.uuid}/"
    with day.at("09:05"):
        attending.excuse(by=teacher, booking=booking, reason="A treatment.")
        told = page(browser(manager), path)
        assert ("was excused" in told, "A treatment." in told) == (True, False)
        for reader in (alice, teacher):
            assert "A treatment." in page(browser(reader), path)
