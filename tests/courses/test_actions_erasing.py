"""What people needed goes once it has served, and the record holds without it."""

from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from school.core.errors import Conflict
from school.core.models import ConflictingWrite, Erasure, PrivateText
from school.courses import booking_queries, tasks
from school.courses.actions import booking as places
from school.courses.models import Booking, Event
from tests import factories as make
from tests.courses import making

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def needs_of(*bookings: Booking) -> list[str]:
    return [booking_queries.told(one).needs for one in bookings]


def fortnight_after(event: Event) -> datetime:
    return event.ends + timedelta(days=14)


def test_needs_are_erased_a_fortnight_after_the_event_and_the_record_holds() -> None:
    event = making.make_event()
    booking = making.ask(make.make_person("Alice Amber"), event, needs="A ramp")
    other = making.ask(make.make_person("Bob Birch"), event)
    with time_machine.travel(fortnight_after(event) - timedelta(seconds=1), tick=False):
        assert tasks.forget_needs.func() == 0
    assert needs_of(booking, other) == ["A ramp", ""]
    with time_machine.travel(fortnight_after(event), tick=False):
        assert [tasks.forget_needs.func(), tasks.forget_needs.func()] == [1, 0]
    assert needs_of(booking, other) == ["", ""]
    assert [one.ground for one in Erasure.objects.all()] == ["retention"]
    assert not PrivateText.objects.filter(text__contains="ramp").exists()
    call_command("verify_records", stdout=StringIO())


def test_needs_go_with_the_place_and_travel_with_a_move() -> None:
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    old, new = (making.make_event(version, by=teacher) for _ in range(2))
    alice, bob = make.make_person("Alice Amber"), make.make_person("Bob Birch")
    moved = making.ask(alice, old, needs="No nuts")
    left = making.ask(bob, old, needs="A ramp")
    there = places.move_to(by=alice, booking=moved, event=new, uuid=uuid4())
    places.give_up(by=bob, booking=left, uuid=uuid4())
    assert needs_of(moved, there, left) == ["No nuts", "No nuts", "A ramp"]
    assert tasks.forget_needs.func() == 2
    assert needs_of(moved, there, left) == ["", "No nuts", ""]
    call_command("verify_records", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_needs_that_were_refused_with_a_second_request_go_too() -> None:
    event, alice, uuid = making.make_event(), make.make_person("Alice Amber"), uuid4()
    places.ask_for_place(by=alice, person=alice, event=event, uuid=uuid)
    with pytest.raises(Conflict):
        places.ask_for_place(by=alice, person=alice, event=event, uuid=uuid, needs="A ramp")
    assert ConflictingWrite.objects.count() == 1
    with time_machine.travel(fortnight_after(event), tick=False):
        tasks.forget_needs.func()
    assert ConflictingWrite.objects.count() == 0
