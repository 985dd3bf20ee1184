"""Whom mail does not reach: told to the students and coordinators whom it concerns, and shown on their home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from placements.models import Placement
from school.core import clock
from school.people import addresses, mail
from school.people.models import Mail, Person
from tests import factories
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def educator() -> Person:
    """The practice educator of Cumberland Infirmary."""
    return factories.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    """A placement that the educator supervises."""
    return factories.make_placement(factories.make_student(), educator=educator)


@pytest.fixture
def coordinator() -> Person:
    """A coordinator of the network."""
    return factories.make_coordinator()


def come_back(person: Person) -> None:
    """A digest to somebody was sent and came back, and the background told of it."""
    made = mail.owe(
        address=addresses.address_of(person),
        kind="hours_digest",
        subject="Hours wait for you",
        body="1 new shift.",
        person=person,
        urgent=True,
    )
    assert made is not None
    Mail.objects.filter(pk=made.pk).update(state="sent", attempts=1, sent_at=clock.now())
    assert mail.came_back(mail=made, error="5.1.1 No such user")
    for task in DBTaskResult.objects.filter(task_path="school.people.mail.tell_refused"):
        task.task.call(*task.args_kwargs["args"])


def test_students_who_wait_and_their_coordinators_are_told_once_a_month(
    educator: Person, placement: Placement, coordinator: Person
) -> None:
    factories.make_shift(placement, clock.today() - timedelta(days=1))
    other = factories.make_placement(factories.make_student("Ben Placeholder"), educator=educator)
    for _ in range(2):
        come_back(educator)
    told = Mail.objects.filter(kind="address_failed")
    assert {mail.person for mail in told} == {placement.enrolment.person, coordinator}
    assert len(told) == 2
    assert other.enrolment.person not in {mail.person for mail in told}
    assert [mail.subject for mail in told if educator.name in mail.subject] == []


def test_closed_link_is_told_to_the_coordinator_of_the_student(coordinator: Person) -> None:
    from tests.placements.test_actions_links import ask, newest_mail, refuse

    placement = factories.make_placement(factories.make_student())
    link = ask(placement, factories.make_shift(placement, clock.today() - timedelta(days=1)))
    for _ in range(2):
        refuse(newest_mail("confirmation_link"))
    told = Mail.objects.filter(kind="link_failed")
    assert {mail.person for mail in told} == {placement.enrolment.person, coordinator}
    assert link.address in Mail.objects.get(person=coordinator).body


def test_home_of_the_student_names_whom_mail_does_not_reach(
    educator: Person, placement: Placement
) -> None:
    client: Client = browser(placement.enrolment.person)
    assert "Mail to your supervisor comes back" not in client.get("/home/later/").content.decode()
    addresses.mark(addresses.address_of(educator).upper(), "5.1.1 No such user")
    page = client.get("/home/later/").content.decode()
    assert "Mail to your supervisor comes back" in page
    assert educator.name in page
    assert addresses.address_of(educator) not in page


def test_home_of_the_coordinator_lists_those_they_place_and_no_others(
    educator: Person, placement: Placement, coordinator: Person
) -> None:
    student = placement.enrolment.person
    stranger = factories.make_person("Stan Stranger")
    for person in (educator, student, stranger):
        addresses.mark(addresses.address_of(person), "5.1.1 No such user")
    page = browser(coordinator).get("/home/later/").content.decode()
    card = page[page.index("Mail comes back from these addresses") :].partition("</section>")[0]
    assert [one.name in card for one in (educator, student, stranger)] == [True, True, False]
    assert f'href="/people/{student.uuid}/"' in card


@pytest.mark.parametrize("size", [1, 30])
def test_home_of_the_coordinator_takes_at_most_12_queries(
    educator: Person, placement: Placement, coordinator: Person, size: int
) -> None:
    people = [factories.make_person(f"P{number} Sampleby") for number in range(size - 1)]
    for person in (educator, *people):
        addresses.mark(addresses.address_of(person), "5.1.1 No such user")
    client = browser(coordinator)
    client.get("/home/later/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/home/later/")
    assert len(queries) <= 12
