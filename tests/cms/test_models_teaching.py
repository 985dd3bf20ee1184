"""The catalogue and the pages of courses, events and learning material, as people meet them."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import CoursePage
from cms.policies import Access
from school.core import clock, registries
from school.courses.actions import booking, teaching
from school.courses.models import Event, Label
from school.people.roles import SCHOOL_EDUCATOR, STUDENT
from tests import factories as make
from tests.cms.making import make_material, make_page
from tests.cms.test_models import text
from tests.cms.test_searching import search
from tests.courses.making import ask, make_event, make_teacher, make_version

SignIn = Callable[..., Client]


def test_catalogue_before_the_first_course_says_what_will_appear(
    pages: None, client: Client
) -> None:
    assert "No course is taught yet" in text(client, "/courses/")


def test_catalogue_shows_a_course_with_its_next_date_and_its_page(
    pages: None, client: Client
) -> None:
    event = make_event()
    page = make_page(event.version.course)
    words = text(client, "/courses/")
    assert "1 course" in words
    assert "20 places left" in words
    assert f'<a href="{page.url}">Introductory Day</a>' in client.get("/courses/").content.decode()


def test_catalogue_narrowed_says_by_what_and_keeps_it_in_the_form(
    pages: None, client: Client
) -> None:
    version = make_version()
    label = Label.objects.create(kind="audience", slug="nurses", name="Nurses")
    version.course.labels.add(label)
    make_version("Seminar")
    answer = client.get("/courses/?audience=nurses&places=on").content.decode()
    assert "No course fits" in answer
    assert '<option value="nurses" selected>' in answer
    assert '<details class="nhsuk-details" open>' in answer
    words = text(client, "/courses/?audience=nurses")
    assert "1 course: Nurses" in words
    assert "Seminar" not in words


def test_catalogue_takes_as_many_queries_for_thirty_as_for_one(pages: None, client: Client) -> None:
    teacher = make_teacher()
    make_page(make_event(make_version("First", by=teacher), by=teacher).version.course)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/courses/?places=on")
        return len(seen)

    queries()
    one = queries()
    for number in range(30):
        version = make_version(f"Course {number}", by=teacher)
        make_event(version, by=teacher)
        make_page(version.course)
    assert (queries(), one <= 12) == (one, True)


def test_course_page_shows_the_record_and_no_number_of_its_own(pages: None, client: Client) -> None:
    version = make_version(valid_months=36)
    event = make_event(version, capacity=2)
    page = make_page(version.course, body=[("text", "<p>Come early.</p>")])
    ask(make.make_person("Alice Amber"), event)
    words = text(client, page.url)
    assert "You will be able to Knows the way a tracer takes." in words
    assert (
        "Level Introductory CPD 6 hours Certificate Valid for 36 months, as printed on it" in words
    )
    assert "1 place left 1 of 2 taken" in words
    assert "Come early." in words
    assert f'href="/events/{event.uuid}/"' in client.get(page.url).content.decode()
    ask(make.make_person("Bob Birch"), event)
    ask(make.make_person("Cora Cyan"), event)
    assert "Join the waiting list" in text(client, page.url)
    assert "Full, 1 waiting 2 of 2 taken" in text(client, page.url)


def test_course_page_names_what_is_asked_for_first(pages: None, client: Client) -> None:
    teacher = make_teacher()
    first = make_version("First Steps", by=teacher)
    page = make_page(make_version("Seminar", by=teacher, prerequisites=[first.course]).course)
    assert "First First Steps" in text(client, page.url)
    below = make_page(first.course)
    assert f'<a href="{below.url}">First Steps</a>' in client.get(page.url).content.decode()


@pytest.mark.parametrize("kind", ["course", "event", "learning"])
def test_page_of_teaching_takes_few_queries(pages: None, client: Client, kind: str) -> None:
    event = make_event()
    page = make_page(event)
    below = make_material(page, Access.OPEN)
    address = {
        "course": page.get_parent().url,
        "event": page.url,
        "learning": below.url,
    }[kind]
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 12, [query["sql"][:120] for query in seen]


def structured(client: Client, address: str) -> Any:
    """The data that search engines read on a page."""
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(address).content.decode()
    )
    assert found
    return json.loads(found[1])


def test_course_and_event_carry_structured_data(pages: None, client: Client) -> None:
    teacher = make_teacher()
    version = make_version("Seminar", by=teacher)
    version.course.title = "Seminar </script>"
    version.course.save()
    event = make_event(version, by=teacher, link="https://meet.example/secret")
    page = make_page(event, slug="next")
    data = structured(client, page.get_parent().url)
    assert (data["@type"], data["name"], data["timeRequired"]) == (
        "Course", "Seminar </script>", "PT360M",
    )  # fmt: skip
    assert [one["courseMode"] for one in data["hasCourseInstance"]] == ["Online"]
    data = structured(client, page.url)
    assert (data["@type"], data["eventStatus"], data["remainingAttendeeCapacity"]) == (
        "EducationEvent", "https://schema.org/EventScheduled", 20,
    )  # fmt: skip
    assert "meet.example" not in client.get(page.url).content.decode()


def test_search_engines_read_no_place_that_is_for_who_waits(pages: None, client: Client) -> None:
    event = make_event(capacity=1)
    page = make_page(event)
    ask(make.make_person("Alice Amber"), event)
    ask(make.make_person("Bob Birch"), event)
    Event.objects.filter(pk=event.pk).update(capacity=2)
    assert "Full, 1 waiting 1 of 2 taken" in text(client, page.url)
    assert structured(client, page.url)["remainingAttendeeCapacity"] == 0


def test_event_page_of_a_draft_is_for_those_who_write(pages: None, signed_in: SignIn) -> None:
    page = make_page(make_event(opened=False))
    assert Client().get(page.url).status_code == 404
    assert Client().get("/sitemap.xml").content.decode().count(page.url) == 0
    assert signed_in(SCHOOL_EDUCATOR).get(page.url).status_code == 200


def test_material_below_a_draft_is_for_those_who_write(pages: None, signed_in: SignIn) -> None:
    page = make_material(make_page(make_event(opened=False)), Access.OPEN)
    assert Client().get(page.url).status_code == 302
    assert Client().get("/sitemap.xml").content.decode().count(page.url) == 0
    assert search("slides").number == 0
    assert signed_in(STUDENT).get(page.url).status_code == 403
    assert signed_in(SCHOOL_EDUCATOR).get(page.url).status_code == 200


def test_event_page_of_a_cancelled_event_says_so(pages: None, client: Client) -> None:
    teacher = make_teacher()
    event = make_event(by=teacher)
    page = make_page(event)
    teaching.cancel_event(by=teacher, event=event, reason="Snow.", uuid=uuid4())
    words = text(client, page.url)
    assert "This event was cancelled" in words
    assert "Book a place" not in words
    assert "Book by" not in words


@pytest.mark.parametrize(
    ("access", "visitor", "stranger"),
    [(Access.OPEN, 200, 200), (Access.SIGNED_IN, 302, 200), (Access.BOOKED, 302, 403)],
)
def test_learning_material_is_for_whom_it_says(
    pages: None, signed_in: SignIn, access: Access, visitor: int, stranger: int
) -> None:
    page = make_material(make_page(make_event()), access)
    assert Client().get(page.url).status_code == visitor
    assert signed_in(STUDENT).get(page.url).status_code == stranger


@pytest.mark.parametrize("below", ["event", "course"])
def test_learning_material_opens_with_a_place_and_closes_without(
    pages: None, client: Client, below: str
) -> None:
    event = make_event()
    above = make_page(event)
    page = make_material(above if below == "event" else above.get_parent().specific, Access.BOOKED)
    person = make.make_person("Alice Amber")
    client.force_login(person.user)
    assert client.get(page.url).status_code == 403
    place = ask(person, event)
    assert client.get(page.url).status_code == 200
    booking.give_up(by=person, booking=place, uuid=uuid4())
    assert client.get(page.url).status_code == 403


def test_course_without_a_version_or_retired_says_so(pages: None, client: Client) -> None:
    version = make_version(published_on=clock.today() + timedelta(days=1))
    page = make_page(version.course)
    assert "This course is not taught yet" in text(client, page.url)
    other = make_version("Seminar")
    other.course.retired_on = clock.today()
    other.course.save()
    assert "This course is no longer offered" in text(client, make_page(other.course).url)


def test_public_page_is_linked_while_it_is_public(pages: None) -> None:
    event = make_event()
    course = event.version.course
    assert (registries.link(course), registries.link(event)) == (None, None)
    page = make_page(event)
    fresh = Event.objects.select_related("page", "version__course__page").get(pk=event.pk)
    assert (registries.link(fresh.version.course), registries.link(fresh)) == (
        f"/courses/{course.code}/", page.url,
    )  # fmt: skip
    CoursePage.objects.get().unpublish()
    fresh = Event.objects.select_related("version__course__page").get(pk=event.pk)
    assert registries.link(fresh.version.course) is None
    assert registries.desk(course) == f"/write/courses/{course.uuid}/"
