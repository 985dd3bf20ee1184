"""What happens of itself: lists move, though whoever should have moved them did not get there."""

import pytest

from school.courses import tasks
from school.courses.models import Booking, Event
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db


def test_line_that_stood_still_moves_by_itself_once() -> None:
    """Goes wrong elsewhere: a waiting list that does not move."""
    event = making.make_event(capacity=1)
    bookings = [making.ask(make.make_person(name), event) for name in ("Ann Ash", "Ben Box")]
    # As if the process had ended between a place becoming free and its being offered.
    Event.objects.filter(pk=event.pk).update(capacity=2)
    assert [tasks.move_lists.func(), tasks.move_lists.func()] == [1, 0]
    assert [Booking.objects.get(pk=one.pk).state for one in bookings] == ["booked", "held"]
