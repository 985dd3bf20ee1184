"""What the catalogue finds, and what it says of places."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from school.core import clock
from school.courses import catalogue
from school.courses.actions import booking, teaching
from school.courses.catalogue import Choices, Filter
from school.courses.forms.catalogue import CatalogueForm
from school.courses.models import Course, CourseVersion, Event, Label, Module
from school.people.models import Person
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Person:
    return making.make_teacher()


def labelled(version: CourseVersion, kind: Label.Kind, name: str) -> None:
    """Gives a course a label."""
    slug = name.lower().replace(" ", "-")
    label = Label.objects.get_or_create(kind=kind, slug=slug, defaults={"name": name})[0]
    version.course.labels.add(label)


def titles(**wanted: object) -> list[str]:
    """The courses that a filter finds, in order."""
    found = catalogue.courses_found(Filter(**wanted), clock.today())  # type: ignore[arg-type]
    return [one.course.title for one in found.object_list]


def test_filter_says_the_same_in_an_address() -> None:
    said = "words=dementia+care&topic=dementia&format=online&from=2026-10-24&places=on&sort=soonest"
    wanted = Filter.of(QueryDict(said))
    assert wanted.query_string() == said
    assert Filter.of(QueryDict("format=paper&from=24/10/2026&sort=price&page=2")) == Filter()
    assert Filter(sort="soonest").is_empty()


def test_filter_asks_only_what_something_can_be_chosen_of() -> None:
    choices = Choices(audience=[], role=[], topic=[("tracers", "Tracers")], region=[])
    assert list(CatalogueForm(Filter(), choices).fields)[:3] == ["words", "topic", "format"]


def test_courses_are_found_once_their_first_version_holds_and_until_they_retire(
    teacher: Person,
) -> None:
    making.make_version("Basics", by=teacher)
    making.make_version("Next year", by=teacher, published_on=clock.today() + timedelta(days=1))
    gone = making.make_version("Old ways", by=teacher).course
    gone.retired_on = clock.today()
    gone.save()
    assert titles() == ["Basics"]


def test_courses_are_found_by_labels_and_by_every_word(teacher: Person) -> None:
    seminar = making.make_version("Seminar", by=teacher)
    labelled(seminar, Label.Kind.AUDIENCE, "Senior clinicians")
    labelled(seminar, Label.Kind.TOPIC, "Lymphoma")
    labelled(making.make_version("Basics", by=teacher), Label.Kind.TOPIC, "Dementia")
    assert titles(audience="senior-clinicians", topic="lymphoma") == ["Seminar"]
    assert titles(audience="senior-clinicians", topic="dementia") == []
    assert titles(words="seminar lymph") == ["Seminar"]
    assert titles(words="seminar dementia") == []
    assert catalogue.choices().topic == [
        ("dementia", "Dementia"),
        ("lymphoma", "Lymphoma"),
    ]


def test_courses_are_found_by_where_and_when_they_are_held(teacher: Person) -> None:
    site = make.make_site()
    away = making.make_version("At the site", by=teacher)
    day = clock.today() + timedelta(days=20)
    making.make_event(away, by=teacher, format=Event.Format.IN_PERSON, site=site, day=day)
    online = making.make_version("Online", by=teacher)
    making.make_event(online, by=teacher)
    making.make_event(making.make_version("Draft", by=teacher), by=teacher, opened=False)
    module = making.make_version("Module", by=teacher)
    Module.objects.create(version=module)
    assert titles() == ["At the site", "Draft", "Module", "Online"]
    assert titles(sort="soonest") == ["Online", "At the site", "Draft", "Module"]
    assert titles(region=site.network_region) == ["At the site"]
    assert titles(format="online") == ["Online"]
    assert titles(format="module") == ["Module"]
    assert titles(from_=day) == ["At the site"]
    assert titles(until=day - timedelta(days=1)) == ["Online"]
    found = catalogue.course_found(away.course, clock.today())
    assert found is not None
    assert [one.where for one in found.events] == [site.name]


def test_places_left_are_those_that_somebody_could_take(teacher: Person) -> None:
    event = making.make_event(by=teacher, capacity=2)
    course = event.version.course

    def said() -> str:
        found = catalogue.course_found(course, clock.today())
        assert found is not None
        return found.events[0].words

    bookings = []
    for name, words in (("Ann", "1 place left"), ("Ben", "Full")):
        bookings.append(making.ask(make.make_person(name), event))
        assert said() == words
    assert titles(places=True) == []
    making.ask(make.make_person("Cat"), event)
    booking.give_up(by=bookings[0].person, booking=bookings[0], uuid=uuid4())
    # The place is held for Cat.
    assert said() == "Full"
    teaching.change_event(
        by=teacher,
        event=event,
        details=making.details(event.starts, capacity=5),
        sessions=making.sessions(making.day_of(event)),
        uuid=uuid4(),
    )
    assert said() == "3 places left"
    assert titles(places=True) == [course.title]


def test_course_shows_the_version_that_holds_on_the_day(teacher: Person) -> None:
    first = making.make_version(by=teacher)
    second = teaching.publish_version(
        by=teacher,
        course=first.course,
        uuid=uuid4(),
        published_on=clock.today(),
        outcomes=["More."],
        credit_minutes=60,
    )
    shown = [
        catalogue.course_found(first.course, clock.today() - timedelta(days=ago))
        for ago in (0, 1, 40)
    ]
    assert [one.version if one else None for one in shown] == [second, first, None]


@pytest.mark.engine
def test_page_takes_as_many_queries_for_one_course_as_for_thirty(
    teacher: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    making.make_event(making.make_version("Course 0", by=teacher), by=teacher)
    with django_assert_num_queries(5):
        assert titles() == ["Course 0"]
    for number in range(1, 30):
        version = making.make_version(f"Course {number:02}", by=teacher)
        labelled(version, Label.Kind.TOPIC, f"Topic {number}")
        for _ in range(number % 3):
            making.make_event(version, by=teacher)
    wanted = Filter(words="course", sort="soonest")
    with django_assert_num_queries(5):
        found = catalogue.courses_found(wanted, clock.today())
    assert (len(found.object_list), found.paginator.count) == (20, Course.objects.count())
