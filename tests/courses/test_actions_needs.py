"""What somebody needs at an event, said anew: the words before go, and nobody but the School reads the new ones."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from school.core.errors import DomainError, NotAllowed
from school.core.models import Erasure, PrivateText
from school.courses import booking_queries, queries, reminding, standing, teaching_queries
from school.courses.actions import booking as places
from school.courses.actions.needs import say_needs
from school.courses.models import Booking, Event
from tests import factories as make
from tests.courses import making

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def say(booking: Booking, words: str) -> None:
    say_needs(by=booking.person, booking=booking, needs=words, uuid=uuid4())


def read(event: Event) -> list[str]:
    """What the School reads."""
    return [words for _, words in teaching_queries.needs(event)]


def kept() -> list[str]:
    """Every word of needs that is held anywhere."""
    return list(PrivateText.objects.filter(name="needs").values_list("text", flat=True))


def test_needs_said_anew_take_the_place_of_those_before_and_the_record_holds() -> None:
    event = making.make_event()
    booking = making.ask(make.make_person("Alice Amber"), event, needs="A ramp")
    say(booking, " No nuts ")
    assert (queries.needs_of(booking), read(event), kept()) == ("No nuts", ["No nuts"], ["No nuts"])
    [erasure] = Erasure.objects.all()
    assert (erasure.ground, erasure.entry.actor) == ("request", booking.person.uuid)
    booking.refresh_from_db()
    assert booking.state == Booking.State.BOOKED
    told = booking_queries.told(booking)
    assert ([one.word for one in told.steps], told.needs) == (["Booked"], "No nuts")
    assert standing.rebuild() == []
    call_command("verify_records", stdout=StringIO())


def test_needs_are_said_for_the_first_time_while_a_place_is_held_and_taken_back() -> None:
    event = making.make_event(capacity=1)
    first = making.ask(make.make_person("Olga Other"), event)
    booking = making.ask(make.make_person("Alice Amber"), event)
    places.give_up(by=first.person, booking=first, uuid=uuid4())
    booking.refresh_from_db()
    until = booking.held_until
    say(booking, "A ramp")
    assert standing.rebuild() == []
    booking.refresh_from_db()
    assert (booking.state, booking.held_until, read(event)) == ("held", until, ["A ramp"])
    say(booking, "")
    assert (read(event), kept()) == ([], [])
    assert teaching_queries.told_needs(event).count() == 0


def test_same_words_or_the_same_request_again_write_nothing() -> None:
    booking = making.ask(make.make_person("Alice Amber"), making.make_event(), needs="A ramp")
    uuid = uuid4()
    for _ in range(2):
        say_needs(by=booking.person, booking=booking, needs="No nuts", uuid=uuid)
    say(booking, "No nuts")
    assert booking.steps.count() == 2
    for _ in range(2):
        say(booking, "")
    assert (booking.steps.count(), Erasure.objects.count()) == (2, 2)


def test_needs_are_said_by_the_person_while_they_can_be_of_use() -> None:
    teacher = making.make_teacher()
    event = making.make_event(by=teacher)
    booking = making.ask(make.make_person("Alice Amber"), event)
    with pytest.raises(NotAllowed):
        say_needs(by=teacher, booking=booking, needs="A ramp", uuid=uuid4())
    with (
        time_machine.travel(event.starts, tick=False),
        pytest.raises(DomainError, match="not open"),
    ):
        say(booking, "A ramp")
    places.give_up(by=booking.person, booking=booking, uuid=uuid4())
    with pytest.raises(DomainError, match="not open"):
        say(booking, "A ramp")
    assert kept() == []


def test_needs_said_late_put_no_reminder_off() -> None:
    event = making.make_event()
    booking = making.ask(make.make_person("Alice Amber"), event)
    with time_machine.travel(event.starts - timedelta(hours=20), tick=False):
        say(booking, "A ramp")
        [reminder] = reminding.due(event.starts - timedelta(hours=20))
    assert (reminder.booking, reminder.before) == (booking, 1)
