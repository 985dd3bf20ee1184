"""A crowd at the real server for the last places, and one person who taps twice."""

from uuid import uuid4

import pytest

from school.courses.models import Booking, BookingStep
from tests import factories as make
from tests.benchmarks import crowd
from tests.benchmarks.population import session_of
from tests.courses import making

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("people", "places"),
    [(40, 5), pytest.param(crowd.PEOPLE, crowd.PLACES, marks=pytest.mark.slow)],
)
def test_crowd_gets_the_last_places_and_the_rest_stand_in_line(
    people: int, places: int, transactional_db: None, real_server: str
) -> None:
    made = crowd.gather(people, places)
    answers = crowd.rush(real_server, made["path"], made["sessions"])
    assert crowd.problems(answers, crowd.found(made["event"]), people, places) == []


def test_same_wish_ten_times_at_once_is_one_booking(
    transactional_db: None, real_server: str
) -> None:
    event = making.make_event()
    session = session_of(make.make_person("Alice Amber").user)
    uuid = uuid4()
    answers = crowd.rush(real_server, f"/events/{event.uuid}/book/", [session] * 10, uuid)
    assert [one.status for one in answers] == [302] * 10
    assert (Booking.objects.count(), BookingStep.objects.count()) == (1, 1)
