"""My learning, and the cards of places on home."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from school.core import clock
from school.courses.actions import booking as places
from school.courses.panels import booking as cards
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.test_views_booking import page
from tests.courses.test_views_staff import works_for
from tests.placements.browsers import Viewer, browser

pytestmark = pytest.mark.django_db


def titles(person: Person) -> list[str]:
    """The cards on somebody's home, by their templates."""
    found = cards.panels(Viewer(person))  # type: ignore[arg-type]
    return [one.template.split("panel_")[1].removesuffix(".html") for one in found]


def test_empty_page_teaches() -> None:
    words = page(browser(make.make_person("Alice Amber")), "/my-learning/")
    assert "No booking yet" in words


def test_held_place_stands_first_and_past_ones_last() -> None:
    teacher = making.make_teacher()
    alice, bob = make.make_person("Alice Amber"), make.make_person("Bob Birch")
    made = {}
    for n, name in enumerate(("Basics", "Seminar", "Full", "Over", "Left")):
        version = making.make_version(name, by=teacher)
        day = clock.today() + timedelta(days=3 if name == "Over" else 10 + n)
        made[name] = making.make_event(
            version, by=teacher, day=day, capacity=1 if name in ("Basics", "Full") else 9
        )
    first = making.ask(bob, made["Basics"])
    making.ask(bob, made["Full"])
    for name in ("Basics", "Seminar", "Full", "Over"):
        making.ask(alice, made[name])
    left = making.ask(alice, made["Left"])
    places.give_up(by=alice, booking=left, uuid=uuid4())
    with time_machine.travel(made["Over"].ends + timedelta(hours=1)):
        places.give_up(by=bob, booking=first, uuid=uuid4())
        client = browser(alice)
        words = page(client, "/my-learning/")
        file = b"".join(client.get("/my-learning/file/csv/").streaming_content)  # type: ignore[attr-defined]
    headings = (
        "A place is held for you",
        "Basics",
        "Your places",
        "Seminar",
        "Waiting",
        "Full",
        "Past and given up",
        "Left",
        "Over",
    )
    at = [words.index(one) for one in headings]
    assert at == sorted(at)
    assert file.decode().count("\r\n") == 7


def test_home_shows_a_held_place_first_then_requests_then_places() -> None:
    alice, bob = make.make_person("Alice Amber"), make.make_person("Bob Birch")
    assert titles(alice) == []
    teacher = making.make_teacher()
    event = making.make_event(by=teacher, capacity=1)
    first = making.ask(bob, event)
    making.ask(alice, event)
    assert titles(alice) == []
    places.give_up(by=bob, booking=first, uuid=uuid4())
    assert titles(alice) == ["held"]
    [cara] = works_for(alice, "Cara Cedar")
    asking = making.make_event(
        making.make_version("Seminar", by=teacher), by=teacher, needs_approval=True
    )
    making.ask(cara, asking)
    assert titles(alice) == ["held", "requests"]
    assert "A place is held for you" in page(browser(alice), "/home/learning/")


@pytest.mark.parametrize("number", [1, 30])
def test_my_learning_takes_few_queries_however_much_is_learned(
    number: int, django_assert_max_num_queries: Any
) -> None:
    teacher, alice = making.make_teacher(), make.make_person("Alice Amber")
    version = making.make_version(by=teacher)
    for n in range(number):
        day = clock.today() + timedelta(days=5 + n)
        making.ask(alice, making.make_event(version, by=teacher, day=day))
    client = browser(alice)
    client.get("/my-learning/")
    with django_assert_max_num_queries(12):
        words = page(client, "/my-learning/")
    assert words.count("Introductory Day") >= number
