"""What is asked again once a booking goes on: whether the page said something else before, who is due elsewhere, and where a move ends."""

import re
from uuid import uuid4

import pytest

from school.core.errors import Conflict, DomainError
from school.courses import queries
from school.courses.actions import booking as places
from school.courses.models import Booking, Event
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.test_actions_booking import manager_of, people, steps
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db

State = Booking.State


def held_for(person: Person, event: Event) -> Booking:
    """A place of an event of one place that is held for somebody: another had it and gave it up."""
    other = make.make_person("Olga Other")
    first, waiting = making.ask(other, event), making.ask(person, event)
    places.give_up(by=other, booking=first, uuid=uuid4())
    waiting.refresh_from_db()
    assert waiting.state == State.HELD
    return waiting


# The page said something else before


def test_place_that_was_taken_is_not_said_no_to_with_the_same_page() -> None:
    """Goes wrong elsewhere: told that the place goes to the next, and still booked."""
    [alice] = people("Alice Amber")
    booking = held_for(alice, making.make_event(capacity=1))
    uuid = uuid4()
    places.take_place(by=alice, booking=booking, uuid=uuid)
    with pytest.raises(Conflict, match="this booking is booked"):
        places.say_no(by=alice, booking=booking, uuid=uuid)
    assert steps(booking) == ["waiting", "held", "booked"]


def test_place_that_was_said_no_to_is_not_taken_with_the_same_page() -> None:
    [alice] = people("Alice Amber")
    booking = held_for(alice, making.make_event(capacity=1))
    uuid = uuid4()
    for _ in range(2):
        places.say_no(by=alice, booking=booking, uuid=uuid)
    with pytest.raises(Conflict, match="this booking is declined"):
        places.take_place(by=alice, booking=booking, uuid=uuid)
    assert steps(booking) == ["waiting", "held", "declined"]


def test_each_answer_to_a_held_place_has_an_identity_of_its_own() -> None:
    [alice] = people("Alice Amber")
    booking = held_for(alice, making.make_event(capacity=1))
    answer = browser(alice).get(f"/bookings/{booking.uuid}/").content.decode()
    assert len(set(re.findall(r'name="uuid" value="([^"]+)"', answer))) == 2


def test_request_that_was_approved_is_not_declined_with_the_same_page() -> None:
    [alice] = people("Alice Amber")
    manager = manager_of(alice)
    asked = making.ask(alice, making.make_event(needs_approval=True))
    uuid = uuid4()
    for _ in range(2):
        places.approve(by=manager, booking=asked, uuid=uuid)
    with pytest.raises(Conflict):
        places.refuse(by=manager, booking=asked, reason="Rota", uuid=uuid)
    assert steps(asked) == ["requested", "booked"]


# Due elsewhere


def two_at_one_hour(**columns: object) -> list[Event]:
    """Two events of two courses at the same hours."""
    teacher = making.make_teacher()
    versions = [making.make_version(title, by=teacher) for title in ("Seminar", "Basics")]
    return [making.make_event(version, by=teacher, **columns) for version in versions]


def test_request_is_not_approved_for_who_is_booked_elsewhere_meanwhile() -> None:
    [alice] = people("Alice Amber")
    manager = manager_of(alice)
    first, second = (making.ask(alice, one) for one in two_at_one_hour(needs_approval=True))
    places.approve(by=manager, booking=first, uuid=uuid4())
    with pytest.raises(DomainError, match="It clashes with: Seminar"):
        places.approve(by=manager, booking=second, uuid=uuid4())
    assert [steps(first), steps(second)] == [["requested", "booked"], ["requested"]]


def test_line_passes_over_who_is_due_elsewhere_and_they_keep_their_place_in_it() -> None:
    alice, bob, cara, dan = people("Alice Amber", "Bob Birch", "Cara Cedar", "Dan Dell")
    full, other = two_at_one_hour(capacity=1)
    first = making.ask(cara, full)
    waiting = [making.ask(person, full) for person in (alice, bob)]
    making.ask(alice, other)
    places.give_up(by=cara, booking=first, uuid=uuid4())
    assert [steps(one) for one in waiting] == [["waiting"], ["waiting", "held"]]
    assert [row.person for row in queries.line(full)] == [alice]
    places.say_no(by=bob, booking=waiting[1], uuid=uuid4())
    assert making.ask(dan, full).state == State.BOOKED


def test_held_place_is_taken_unless_something_came_between() -> None:
    placement = make.make_placement()
    person, event = placement.enrolment.person, making.make_event(capacity=1)
    booking = held_for(person, event)
    make.plan_shift(placement, making.day_of(event), "08:00", "16:00")
    with pytest.raises(DomainError, match="It clashes with: Planned shift"):
        places.take_place(by=person, booking=booking, uuid=uuid4())
    assert steps(booking) == ["waiting", "held"]


# Where a move ends


def two_dates(**second: object) -> list[Event]:
    """Two dates of a course; the second with other columns."""
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    return [making.make_event(version, by=teacher, **columns) for columns in ({}, second)]


def test_place_is_kept_when_the_other_date_is_full() -> None:
    """Goes wrong elsewhere: a sure place given away for the end of a line."""
    alice, bob = people("Alice Amber", "Bob Birch")
    old, new = two_dates(capacity=1)
    booking = making.ask(alice, old)
    making.ask(bob, new)
    with pytest.raises(DomainError, match="no free place, so this booking stands"):
        places.move_to(by=alice, booking=booking, event=new, uuid=uuid4())
    assert (steps(booking), new.bookings.count()) == (["booked"], 1)


def test_place_is_kept_when_the_other_date_wants_approval() -> None:
    [alice] = people("Alice Amber")
    old, new = two_dates(needs_approval=True)
    booking = making.ask(alice, old)
    with pytest.raises(DomainError, match="wants approval first"):
        places.move_to(by=alice, booking=booking, event=new, uuid=uuid4())
    assert (steps(booking), new.bookings.count()) == (["booked"], 0)


def test_approval_moves_with_the_booking() -> None:
    [alice] = people("Alice Amber")
    manager = manager_of(alice)
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    old, new = (making.make_event(version, by=teacher, needs_approval=True) for _ in range(2))
    booking = making.ask(alice, old)
    places.approve(by=manager, booking=booking, uuid=uuid4())
    moved = places.move_to(by=alice, booking=booking, event=new, uuid=uuid4())
    assert (moved.state, steps(booking)) == (State.BOOKED, ["requested", "booked", "cancelled"])
