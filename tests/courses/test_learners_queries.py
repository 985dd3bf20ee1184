"""Who booked, attended and attained, as the lists that are taken away hold it."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from school.courses import learners_queries as learned
from school.courses.actions import booking
from school.courses.actions.attaining import void_attainment
from school.courses.models import Attainment
from school.people.models import AccessLog
from tests import factories as make
from tests.courses import day, making
from tests.courses.attained import attain, blank, certify, keys
from tests.placements.browsers import browser

__all__ = ["blank", "keys"]
pytestmark = pytest.mark.django_db


def lines(answer: Any) -> list[str]:
    """The lines of a CSV file after its first, which says what it holds."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]


@pytest.mark.usefixtures("blank")
def test_course_lists_its_bookings_with_what_came_of_them_and_attainments_without_one() -> None:
    teacher, event, [alice, bob, cara] = day.made("Alice Amber", "Bob Birch", "Cara Cedar")
    course = event.version.course
    with day.at("08:00"):
        booking.give_up(by=cara.person, booking=cara, uuid=uuid4())
    with day.at("17:00"):
        morning, afternoon = day.sessions(event)
        day.tick(teacher, event, (alice, morning), (alice, afternoon), (bob, morning))
        day.close(teacher, event)
        certificate = certify(Attainment.objects.get())
        elsewhere = attain(make.make_person("Dan Dill"), event.version, day=date(2026, 11, 3))
        gone = attain(make.make_person("Eva Elm"), event.version)
        void_attainment(by=teacher, attainment=gone, reason="Not hers.", uuid=uuid4())
        found = learned.of_course(course)
        client = browser(teacher)
        body = lines(client.get(reverse("course_learners_file", args=[course.uuid, "csv"])))
        people = lines(client.get(reverse("taught_event_file", args=[event.uuid, "csv"])))
    assert [(one.person.name, one.state, one.hours, one.attained_on) for one in found] == [
        ("Alice Amber", "attended", 6.0, day.DAY),
        ("Bob Birch", "attended in part", 3.0, None),
        ("Cara Cedar", "given up", None, None),
        ("Dan Dill", "", None, elsewhere.entry.about_from),
    ]
    assert found[0].certificate.replace("-", "") == certificate.code
    assert [line.split(",")[0] for line in body] == [
        "Name", "Alice Amber", "Bob Birch", "Cara Cedar", "Dan Dill",
    ]  # fmt: skip
    assert [line.split(",")[5:7] for line in people[1:]] == [
        ["6", "2026-11-19"],
        ["3", ""],
        ["", ""],
    ]
    names = AccessLog.objects.filter(viewer=teacher).values_list("person__name", flat=True)
    assert {*names} == {"Alice Amber", "Bob Birch", "Cara Cedar", "Dan Dill"}


def test_list_of_a_course_takes_four_queries_however_long(
    django_assert_num_queries: Any,
) -> None:
    teacher, event, _ = day.made(*(f"Person {n}" for n in range(30)))
    attain(make.make_person("Dan Dill"), event.version)
    with django_assert_num_queries(4):
        assert len(learned.of_course(event.version.course)) == 31
    page = reverse("course_learners_file", args=[event.version.course.uuid, "xlsx"])
    assert b"".join(browser(teacher).get(page).streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert browser(making.make_teacher("Ada Other")).get(page[:-5] + "pdf/").status_code == 404
