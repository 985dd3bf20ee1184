"""Races for places: in the actions themselves, by a crowd at the real server, and by one person who taps twice."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from school.courses import queries, standing, tasks
from school.courses.actions import booking as places
from school.courses.models import Booking, BookingStep
from school.people.models import Person
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
    """Goes wrong elsewhere: two people given the last place at once."""
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


@pytest.mark.django_db(transaction=True)
def test_last_places_go_to_as_many_as_there_are_and_the_rest_stand_in_line() -> None:
    event = making.make_event(capacity=3)
    crowd = [make.make_person(f"Person {letter}") for letter in "ABCDEFGH"]
    ready = threading.Barrier(len(crowd))
    wrong: list[BaseException] = []

    def take(person: Person) -> None:
        try:
            ready.wait(20)
            making.ask(person, event)
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(one,)) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert wrong == []
    assert queries.taken(event) == 3
    assert len(queries.line(event)) == 5
    assert standing.rebuild() == []


@pytest.mark.django_db(transaction=True)
def test_place_given_up_while_others_ask_is_given_once() -> None:
    event = making.make_event(capacity=2)
    holders = [make.make_person(name) for name in ("Ann", "Ben")]
    others = [make.make_person(name) for name in ("Cat", "Dan", "Eve")]
    held = [making.ask(person, event) for person in holders]
    making.ask(others[0], event)
    wrong: list[BaseException] = []

    def run(act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    acts = [
        *(lambda one=one: places.give_up(by=one.person, booking=one, uuid=uuid4()) for one in held),
        *(lambda one=one: making.ask(one, event) for one in others[1:]),
        lambda: places.offer_places(event),
    ]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    tasks.move_lists.func()
    assert wrong == []
    assert queries.taken(event) == 2
    assert standing.rebuild() == []
