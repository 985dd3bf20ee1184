"""The evaluation form, and the figures that educators see."""

from uuid import uuid4

import pytest
from django.urls import reverse

from school.courses.actions.evaluating import evaluate
from school.courses.models import EventEvaluation
from school.courses.panels import day as panels
from tests.courses import day, making
from tests.courses.test_actions_evaluating import attended, give
from tests.placements.browsers import Viewer, browser

pytestmark = [pytest.mark.django_db]

ANSWERS = {f"question_{place}": "4" for place in range(5)}


def test_evaluation_is_sent_once_from_its_page() -> None:
    [alice] = attended("Alice Amber")
    address = reverse("evaluate_event", args=[alice.uuid])
    with day.at("18:00"):
        client = browser(alice.person, second_factor=False)
        assert "I would recommend it to a colleague." in client.get(address).text
        page = client.post(address, {"uuid": str(uuid4()), "comment": "Good"})
        assert (page.status_code, "Choose an answer: relevance" in page.text) == (422, True)
        data = {**ANSWERS, "uuid": str(uuid4()), "comment": "Scan 943 476 5919"}
        assert "This holds an NHS number" in client.post(address, data).text
        page = client.post(address, data | {"comment": "Good"}, follow=True)
        assert "Your evaluation is kept." in page.text
        assert "You gave your evaluation already." in page.text
    assert EventEvaluation.objects.get().ratings == "44444"


def test_evaluation_of_somebody_else_is_not_found() -> None:
    alice, bob = attended("Alice Amber", "Bob Birch")
    with day.at("18:00"):
        client = browser(bob.person, second_factor=False)
        assert client.get(reverse("evaluate_event", args=[alice.uuid])).status_code == 404


def test_educators_see_five_answers_drawn_and_no_name() -> None:
    bookings = attended("Ann Alder", "Ben Beech", "Cat Cedar", "Dan Dogwood", "Eve Elm")
    event = bookings[0].event
    address = reverse("event_evaluations", args=[event.uuid])
    with day.at("18:00"):
        client = browser(making.make_teacher("Other Educator"))
        for booking in bookings[:4]:
            give(booking, comment="The same words")
        page = client.get(address)
        assert "Too few answers to show" in page.text
        assert "The same words" not in page.text
        give(bookings[4], (1, 1, 1, 1, 1), comment="The same words")
        page = client.get(address)
    assert "5 answers" in page.text
    assert page.text.count("The same words") == 5
    assert "Relevance: 4.2 of 5, the average of 5 answers" in page.text
    assert "How many said what" in page.text
    assert not any(booking.person.name in page.text for booking in bookings)


def test_home_tells_of_what_waits() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        [panel] = panels.registers(Viewer(teacher))  # type: ignore[arg-type]
        assert [row["event"] for row in panel.context["rows"]] == [event]
        assert panels.registers(Viewer(alice.person)) == []  # type: ignore[arg-type]
        day.tick(teacher, event, (alice, morning))
    day.close(teacher, event)
    with day.at("18:00"):
        [panel] = panels.to_evaluate(Viewer(alice.person))  # type: ignore[arg-type]
        assert panel.context["waiting"] == [alice]
        evaluate(by=alice.person, booking=alice, ratings=(5,) * 5, comment="", uuid=uuid4())
        assert panels.to_evaluate(Viewer(alice.person)) == []  # type: ignore[arg-type]
