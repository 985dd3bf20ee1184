"""Who waits when the event begins waits no longer, and is told."""

from datetime import timedelta

import pytest
import time_machine

from school.courses import booking_queries, standing, tasks
from school.courses.models import Booking
from school.people.models import Mail
from tests import factories as make
from tests.courses import making

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def states(*bookings: Booking) -> list[str]:
    return [Booking.objects.get(pk=one.pk).state for one in bookings]


def test_wait_ends_when_the_event_begins_and_the_person_is_told_once() -> None:
    teacher = making.make_teacher()
    event = making.make_event(by=teacher, capacity=1)
    asking = making.make_event(
        making.make_version("Seminar", by=teacher), by=teacher, needs_approval=True
    )
    booked, waits = (
        making.ask(make.make_person(name), event) for name in ("Alice Amber", "Bob Birch")
    )
    asked = making.ask(make.make_person("Cara Cedar"), asking)
    with time_machine.travel(event.starts - timedelta(seconds=1), tick=False):
        tasks.move_lists.func()
        assert states(booked, waits, asked) == ["booked", "waiting", "requested"]
    with time_machine.travel(event.starts, tick=False):
        tasks.move_lists.func()
        tasks.move_lists.func()
        assert states(booked, waits, asked) == ["booked", "declined", "declined"]
    assert booking_queries.told(waits).reason == "The event began, and no place had become free."
    assert "nobody had decided" in booking_queries.told(asked).reason
    mails = Mail.objects.filter(kind="booking_declined").order_by("pk")
    assert [mail.person.name for mail in mails if mail.person] == ["Bob Birch", "Cara Cedar"]
    assert "no place had become free" in mails[0].body
    assert standing.rebuild() == []
