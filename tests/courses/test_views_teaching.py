"""The pages on which School educators look after courses and events."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from school.core import clock, days
from school.courses.actions import booking
from school.courses.models import Course, CourseVersion, Event, EventStep, Label
from school.people.models import AccessLog, Person
from tests import factories as make
from tests.courses import making
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Person:
    return making.make_teacher()


@pytest.fixture
def client(teacher: Person) -> Client:
    return browser(teacher)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def file(answer: Any) -> list[str]:
    """The lines of a CSV file after its first, which says what it holds."""
    return b"".join(answer.streaming_content).decode().splitlines()[1:]


def course_form(**columns: object) -> dict[str, object]:
    """A course as its form sends it."""
    return {
        "uuid": uuid4(),
        "title": "Seminar",
        "code": "seminar",
        "summary": "For senior clinicians.",
        "level": "advanced",
        **columns,
    }


def version_form(**columns: object) -> dict[str, object]:
    """A version that holds from today, as its form sends it."""
    today = clock.today()
    return {
        "uuid": uuid4(),
        "published_on_day": today.day,
        "published_on_month": today.month,
        "published_on_year": today.year,
        "outcomes": "Knows the tracers.\n\nReads a scan.",
        "credit_minutes": 90,
        "attendance_percent": 80,
        **columns,
    }


def event_form(**columns: object) -> dict[str, object]:
    """An online event in ten days, 09:00 to 12:00, as its form sends it."""
    day, today = clock.today() + timedelta(days=10), clock.today()
    return {
        "uuid": uuid4(),
        "format": "online",
        "day_1_day": day.day,
        "day_1_month": day.month,
        "day_1_year": day.year,
        "starts_1": "09:00",
        "ends_1": "12:00",
        "capacity": 12,
        "opens_on_day": today.day,
        "opens_on_month": today.month,
        "opens_on_year": today.year,
        "opens_at": "00:00",
        "hold_hours": 48,
        "contact": "school@example.org",
        **columns,
    }


def test_course_is_made_and_changed_with_its_labels(client: Client) -> None:
    Label.objects.create(kind=Label.Kind.TOPIC, slug="lymphoma", name="Lymphoma")
    sent = course_form(topic=["lymphoma"], new_role="Radiographers, Site leads")
    for _ in range(2):
        answer = client.post(reverse("make_course"), sent)
    course = Course.objects.get()
    assert answer["Location"] == reverse("taught_course", args=[course.uuid])
    assert [str(label) for label in course.labels.all()] == [
        "Radiographers",
        "Site leads",
        "Lymphoma",
    ]
    changed = course_form(uuid=uuid4(), title="Seminars", role=["site-leads"])
    client.post(reverse("change_course", args=[course.uuid]), changed)
    course.refresh_from_db()
    assert (course.title, [str(label) for label in course.labels.all()]) == (
        "Seminars",
        ["Site leads"],
    )


def test_refused_course_comes_back_full(client: Client, teacher: Person) -> None:
    making.make_version("Seminar", by=teacher)
    answer = client.post(reverse("make_course"), course_form(new_topic="Scatter"))
    assert answer.status_code == 422
    assert "Another course has this code" in text(answer)
    assert 'value="Scatter"' in text(answer)
    assert Label.objects.count() == 0


def test_version_is_shown_once_more_before_it_is_published(client: Client, teacher: Person) -> None:
    basics = making.make_version("Basics", by=teacher).course
    course = making.make_version("Seminar", by=teacher).course
    page = reverse("publish_version", args=[course.uuid])
    sent = version_form(first_1=str(basics.uuid), first_2=str(basics.uuid))
    shown = text(client.post(page, sent | {"check": "1"}))
    assert "Check before you publish" in shown
    assert "1 hour 30 minutes" in shown
    assert CourseVersion.objects.filter(course=course).count() == 1
    again = text(client.post(page, sent | {"change": "1"}))
    assert "Reads a scan." in again
    for _ in range(2):
        answer = client.post(page, sent | {"publish": "1"})
        assert answer["Location"] == reverse("taught_course", args=[course.uuid])
    version = CourseVersion.objects.get(course=course, number=2)
    assert version.outcomes == "Knows the tracers.\nReads a scan."
    assert [row.course for row in version.prerequisites.all()] == [basics]


def test_version_that_begins_too_early_says_so_at_its_day(client: Client, teacher: Person) -> None:
    version = making.make_version(by=teacher, published_on=clock.today())
    page = reverse("publish_version", args=[version.course.uuid])
    answer = client.post(page, version_form(publish="1"))
    assert answer.status_code == 422
    assert "A new one begins on a later day." in text(answer)


def test_event_is_made_opened_changed_and_cancelled(client: Client, teacher: Person) -> None:
    course = making.make_version(by=teacher).course
    page = reverse("make_event", args=[course.uuid])
    day = clock.today() + timedelta(days=11)
    second = {
        "day_2_day": day.day, "day_2_month": day.month, "day_2_year": day.year,
        "starts_2": "13", "ends_2": "16:30", "title_2": "Workshop",
    }  # fmt: skip
    sent = event_form(**second)
    for _ in range(2):
        client.post(page, sent)
    event = Event.objects.get()
    assert (event.state, event.closes) == (Event.State.DRAFT, event.starts)
    assert [(one.title, days.clock_time(one.ends)) for one in event.sessions.all()] == [
        ("", "12:00"),
        ("Workshop", "16:30"),
    ]
    assert "Check before you open" in text(client.get(reverse("open_event", args=[event.uuid])))
    client.post(reverse("open_event", args=[event.uuid]), {"uuid": uuid4()})
    client.post(reverse("change_event", args=[event.uuid]), event_form(capacity=3))
    event.refresh_from_db()
    assert (event.state, event.capacity, event.sessions.count()) == (Event.State.OPEN, 3, 1)
    cancel = reverse("cancel_event", args=[event.uuid])
    assert client.post(cancel, {"uuid": uuid4(), "reason": " "}).status_code == 422
    client.post(cancel, {"uuid": uuid4(), "reason": "No tracer"})
    steps = [step.state for step in EventStep.objects.order_by("entry__seq")]
    assert steps == ["open", "open", "cancelled"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"format": "in_person"}, "Choose the site, or enter the address"),
        ({"ends_1": "09:00"}, "A session ends after it begins"),
        ({"title_2": "Workshop"}, "Enter the day of session 2"),
        ({"closes_at": "12:00"}, "Enter the day booking closes, or leave the time empty"),
        ({"day_1_year": clock.today().year - 20}, "No version of this course holds on that day"),
    ],
)
def test_refused_event_says_why_and_keeps_what_was_typed(
    client: Client, teacher: Person, columns: dict[str, object], message: str
) -> None:
    course = making.make_version(by=teacher).course
    opens = {"opens_on_year": 2000, "joining": "Bring a pen."}
    answer = client.post(reverse("make_event", args=[course.uuid]), event_form(**opens | columns))
    assert answer.status_code == 422
    assert message in text(answer)
    assert "Bring a pen." in text(answer)
    assert Event.objects.count() == 0


def test_event_shows_who_comes_and_who_waits(client: Client, teacher: Person) -> None:
    event = making.make_event(by=teacher, capacity=1)
    making.ask(make.make_person("Ann Ash"), event)
    for name in ("Ben Box", "Cat Cob"):
        making.ask(make.make_person(name), event)
    gone = making.ask(make.make_person("Dan Dill"), event)
    booking.give_up(by=gone.person, booking=gone, uuid=uuid4())
    page = text(client.get(reverse("taught_event", args=[event.uuid])))
    assert [name in page for name in ("Ann Ash", "1. Ben Box", "2. Cat Cob", "Dan Dill")] == [
        True
    ] * 4
    lines = file(client.get(reverse("taught_event_file", args=[event.uuid, "csv"])))
    assert [line.split(",")[:3] for line in lines] == [
        ["Name", "State", "Place in line"],
        ["Ann Ash", "booked", ""],
        ["Ben Box", "on the waiting list", "1"],
        ["Cat Cob", "on the waiting list", "2"],
        ["Dan Dill", "given up", ""],
    ]
    xlsx = client.get(reverse("taught_event_file", args=[event.uuid, "xlsx"]))
    assert b"".join(xlsx.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_needs_are_read_on_a_page_of_their_own_that_leaves_a_trace(
    client: Client, teacher: Person
) -> None:
    event = making.make_event(by=teacher)
    ann, ben = make.make_person("Ann Ash"), make.make_person("Ben Box")
    making.ask(ann, event, needs="No nuts")
    making.ask(ben, event)
    page = text(client.get(reverse("taught_event", args=[event.uuid])))
    assert ("1 person told the School" in page, "No nuts" in page) == (True, False)
    assert AccessLog.objects.count() == 0
    assert "No nuts" in text(client.get(reverse("event_needs", args=[event.uuid])))
    assert [(row.viewer, row.person) for row in AccessLog.objects.all()] == [(teacher, ann)]


def test_events_are_listed_by_what_is_wanted(client: Client, teacher: Person) -> None:
    version = making.make_version(by=teacher)
    full = making.make_event(version, by=teacher, capacity=1)
    making.ask(make.make_person("Ann Ash"), full)
    draft = making.make_event(version, by=teacher, opened=False)
    other = making.make_event(making.make_version("Seminar", by=teacher), by=teacher)
    past = making.make_event(version, by=teacher)
    Event.objects.filter(pk=past.pk).update(
        opens=past.opens - timedelta(days=90),
        starts=past.starts - timedelta(days=60),
        ends=past.ends - timedelta(days=60),
        closes=past.closes - timedelta(days=60),
    )

    def listed(query: str) -> set[Event]:
        page = text(client.get(f"{reverse('taught_events')}?{query}"))
        held = (full, draft, other, past)
        return {one for one in held if reverse("taught_event", args=[one.uuid]) in page}

    assert listed("") == {full, other}
    assert listed("which=full") == {full}
    assert listed("which=drafts") == {draft}
    assert listed("which=past") == {past}
    assert listed("which=all") == {full, draft, other, past}
    assert listed(f"which=all&course={other.version.course.uuid}") == {other}
    assert listed("words=semin&sort=places") == {other}
    lines = file(client.get(f"{reverse('taught_events_file', args=['csv'])}?which=full"))
    assert [line.split(",")[0] for line in lines] == ["Course", "Introductory Day"]


def test_courses_are_listed_with_their_next_event(client: Client, teacher: Person) -> None:
    event = making.make_event(by=teacher)
    making.make_version("Seminar", by=teacher)
    page = text(client.get(f"{reverse('taught_courses')}?words=intro"))
    assert (days.long_date(making.day_of(event)) in page, "Seminar" in page) == (True, False)
    lines = file(client.get(f"{reverse('taught_courses_file', args=['csv'])}?sort=next"))
    assert [line.split(",")[0] for line in lines] == ["Course", "Introductory Day", "Seminar"]


def test_home_shows_the_next_events_and_the_drafts(client: Client, teacher: Person) -> None:
    empty = text(client.get(reverse("home")))
    assert "No event is coming" in empty
    event = making.make_event(by=teacher)
    making.make_event(event.version, by=teacher, opened=False)
    page = text(client.get(reverse("home")))
    assert ("0 of 20" in page, "1 event to open" in page) == (True, True)


@pytest.mark.engine
def test_pages_take_as_many_queries_for_one_row_as_for_thirty(
    client: Client, teacher: Person
) -> None:
    event = making.make_event(by=teacher, capacity=10)
    making.ask(make.make_person("Person 0"), event, needs="A ramp")
    pages = [
        reverse("taught_courses"),
        reverse("taught_course", args=[event.version.course.uuid]),
        reverse("taught_events"),
        reverse("taught_event", args=[event.uuid]),
        reverse("event_needs", args=[event.uuid]),
        reverse("home"),
    ]
    for page in pages:
        queries_of(client, page)
    few = [queries_of(client, page) for page in pages]
    for number in range(1, 30):
        making.ask(make.make_person(f"Person {number}"), event, needs="A ramp")
        version = making.make_version(f"Course {number}", by=teacher)
        version.course.labels.add(
            Label.objects.create(kind="topic", slug=f"t{number}", name=f"T{number}")
        )
        making.make_event(version, by=teacher)
        making.make_event(event.version, by=teacher)
    assert [queries_of(client, page) for page in pages] == few
    assert max(few) <= 12
