"""What stands against a place, each with its reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from school.core import clock, days, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.courses import conditions
from school.courses.actions import booking as places
from school.courses.actions import teaching
from school.courses.models import Attainment, CourseVersion, Equivalence, Event
from school.people.models import Person
from school.people.network import network_book
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return make.make_person("Alice Amber")


def attain(person: Person, version: CourseVersion, days_ago: int = 10) -> Attainment:
    """A person attained a version some days ago."""
    fact = Attainment(person=person, course_version=version, source="import")
    day = clock.today() - timedelta(days=days_ago)
    with ledger.writing(person.book) as pen:
        pen.append([Draft(fact=fact, book=person.book, about_from=day)], by=PORTAL)
    return fact


def test_nothing_stands_against_a_place_at_an_open_event(alice: Person) -> None:
    assert conditions.reasons_against(making.make_event(), alice) == []


def test_draft_cannot_be_booked(alice: Person) -> None:
    event = making.make_event(opened=False)
    assert conditions.reasons_against(event, alice) == ["Places at this event cannot be booked."]


def test_cancelled_event_cannot_be_booked(alice: Person) -> None:
    teacher = making.make_teacher()
    event = making.make_event(by=teacher)
    event = teaching.cancel_event(by=teacher, event=event, reason="No tracer", uuid=uuid4())
    assert conditions.reasons_against(event, alice) == ["This event was cancelled."]


def test_booking_has_a_window(alice: Person) -> None:
    opens = clock.now() + timedelta(days=1)
    event = making.make_event(opens=opens, closes=opens + timedelta(days=2))
    assert conditions.reasons_against(event, alice) == [
        f"Booking opens on {conditions.said(opens)}."
    ]
    with time_machine.travel(opens, tick=False):
        assert conditions.reasons_against(event, alice) == []
    with time_machine.travel(event.closes, tick=False):
        assert conditions.reasons_against(event, alice) == [
            f"Booking closed on {conditions.said(event.closes)}. Write to school@example.org."
        ]


def test_event_that_began_gives_no_places(alice: Person) -> None:
    event = making.make_event()
    with time_machine.travel(event.starts, tick=False):
        assert conditions.reasons_against(event, alice)[0] == (
            "This event has begun, so no more places are given."
        )


def test_nobody_books_twice(alice: Person) -> None:
    event = making.make_event()
    making.ask(alice, event)
    reasons = conditions.reasons_against(event, alice)
    assert reasons[0] == "There is a booking already: booked."


def test_prerequisite_is_attained_by_the_day_of_the_event_or_by_something_equal(
    alice: Person,
) -> None:
    teacher = making.make_teacher()
    basics = making.make_version("Basics", by=teacher)
    other = making.make_version("Basics elsewhere", by=teacher)
    version = making.make_version(by=teacher, prerequisites=[basics.course])
    event = making.make_event(version, by=teacher)
    missing = ["This course asks for Basics first."]
    assert conditions.reasons_against(event, alice) == missing
    attain(alice, other)
    assert conditions.reasons_against(event, alice) == missing
    same = Equivalence(attained=other.course, counts_as=basics.course)
    with ledger.writing(network_book()) as pen:
        begins = making.day_of(event)
        pen.append([Draft(fact=same, book=network_book(), about_from=begins)], by=PORTAL)
    assert conditions.reasons_against(event, alice) == []
    bob = make.make_person("Bob Birch")
    attain(bob, basics, days_ago=-30)
    assert conditions.reasons_against(event, bob) == missing


def test_another_event_at_the_same_hour_clashes(alice: Person) -> None:
    teacher = making.make_teacher()
    other = making.make_event(making.make_version("Seminar", by=teacher), by=teacher)
    booked = making.ask(alice, other)
    event = making.make_event(making.make_version("Basics", by=teacher), by=teacher)
    day = days.long_date(making.day_of(event))
    assert conditions.reasons_against(event, alice) == [
        f"It clashes with: Seminar, {day}, 09:00 to 12:00."
    ]
    places.give_up(by=alice, booking=booked, uuid=uuid4())
    assert conditions.reasons_against(event, alice) == []


def test_shift_on_a_placement_clashes() -> None:
    placement = make.make_placement()
    event = making.make_event()
    make.plan_shift(placement, making.day_of(event), "08:00", "16:00")
    [reason] = conditions.reasons_against(event, placement.enrolment.person)
    assert reason.startswith("It clashes with: Planned shift at Cumberland Infirmary")
    assert event.state == Event.State.OPEN
