"""Who is reminded when, once each."""

from datetime import date, timedelta

import pytest
import time_machine

from school.core import clock
from school.courses import reminding, tasks
from school.people.models import Mail
from tests import factories as make
from tests.courses import making

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("booked", "left", "due"),
    [
        (20, 8, None),
        (20, 7, 7),
        (20, 4, 7),
        (8, 7, 7),
        (7, 7, None),
        (5, 3, None),
        (20, 1, 1),
        (5, 1, 1),
        (1, 1, None),
        (20, 0, 1),
    ],
)
def test_reminder_is_of_use_to_who_booked_before_it_came_due(
    booked: int, left: int, due: int | None
) -> None:
    days = [DAY - timedelta(days=number) for number in (booked, left)]
    assert reminding.which(DAY, *days) == due


@pytest.mark.django_db
def test_each_reminder_is_owed_once_with_how_to_join() -> None:
    event = making.make_event(link="https://join.example/1", joining="Come ten minutes early.")
    booking = making.ask(make.make_person("Alice Amber"), event)
    making.ask(make.make_person("Bob Birch"), event)
    owed = []
    for left in (8, 7, 6, 1, 0):
        with time_machine.travel(event.starts - timedelta(days=left, hours=1), tick=False):
            owed += [tasks.remind.func(), tasks.remind.func()]
    assert owed == [0, 0, 2, 0, 0, 0, 2, 0, 0, 0]
    mail = Mail.objects.filter(person=booking.person, kind="event_reminder").last()
    assert mail is not None
    assert "https://join.example/1" in mail.body
    assert "Come ten minutes early." in mail.body
    assert f"/bookings/{booking.uuid}/" in mail.body


@pytest.mark.django_db
def test_nobody_is_reminded_who_waits_or_whose_event_was_cancelled() -> None:
    event = making.make_event(capacity=1)
    for name in ("Alice Amber", "Bob Birch"):
        making.ask(make.make_person(name), event)
    with time_machine.travel(event.starts - timedelta(hours=30), tick=False):
        found = reminding.due(clock.now())
        assert [one.booking.person.name for one in found] == ["Alice Amber"]
        event.state = "cancelled"
        event.save()
        assert reminding.due(clock.now()) == []
