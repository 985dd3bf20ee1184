"""Courses in versions, and events opened, changed and cancelled."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses import queries
from school.courses.actions import teaching
from school.courses.models import Booking, Course, CourseVersion, Event
from school.people.models import Mail, Person
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Person:
    return making.make_teacher()


def change(
    teacher: Person,
    event: Event,
    *,
    uuid: UUID | None = None,
    by_days: int = 0,
    title: str = "",
    **columns: object,
) -> Event:
    """The same event with other details, moved by days from where it was found."""
    sessions = list(event.sessions.all())
    later = event.starts + timedelta(days=by_days) - sessions[0].starts
    when = [
        teaching.When(one.starts + later, one.ends + later, title or one.title) for one in sessions
    ]
    given = making.details(when[0].starts, **{"opens": event.opens, **columns})
    return teaching.change_event(
        by=teacher, event=event, details=given, sessions=when, uuid=uuid or uuid4()
    )


def test_only_school_educators_teach(teacher: Person) -> None:
    version = making.make_version(by=teacher)
    bob = make.make_person("Bob Birch")
    with pytest.raises(NotAllowed):
        making.make_version("Another", by=bob)
    with pytest.raises(NotAllowed):
        making.make_event(version, by=bob)
    event = making.make_event(version, by=teacher)
    with pytest.raises(NotAllowed):
        change(bob, event)
    with pytest.raises(NotAllowed):
        teaching.cancel_event(by=bob, event=event, reason="Why not", uuid=uuid4())


def test_versions_follow_one_another_and_the_first_stays(teacher: Person) -> None:
    first = making.make_version(by=teacher)
    course = first.course
    sent = {
        "uuid": course.uuid,
        "code": course.code,
        "title": "Introductory Day, hybrid",
        "summary": "New.",
        "level": Course.Level.INTRODUCTORY,
    }
    with pytest.raises(Conflict, match="with other content"):
        teaching.save_course(by=teacher, **sent)  # type: ignore[arg-type]
    teaching.save_course(by=teacher, changing=True, **sent)  # type: ignore[arg-type]
    course.refresh_from_db()
    values = {"by": teacher, "course": course, "outcomes": ["More."], "credit_minutes": 60}
    with pytest.raises(DomainError, match="begins on a later day"):
        teaching.publish_version(published_on=first.published_on, uuid=uuid4(), **values)  # type: ignore[arg-type]
    uuid = uuid4()
    for _ in range(2):
        second = teaching.publish_version(published_on=clock.today(), uuid=uuid, **values)  # type: ignore[arg-type]
    assert [(one.number, one.title) for one in CourseVersion.objects.all()] == [
        (1, "Introductory Day"),
        (2, "Introductory Day, hybrid"),
    ]
    assert queries.version_on(course, clock.today()) == second
    assert queries.version_on(course, clock.today() - timedelta(days=1)) == first


def test_course_does_not_ask_for_itself(teacher: Person) -> None:
    course = making.make_version(by=teacher).course
    with pytest.raises(DomainError, match="cannot ask for itself"):
        teaching.publish_version(
            by=teacher,
            course=course,
            uuid=uuid4(),
            published_on=clock.today(),
            outcomes=["More."],
            credit_minutes=60,
            prerequisites=[course],
        )
    assert course.versions.count() == 1


def test_two_courses_have_two_codes(teacher: Person) -> None:
    making.make_version(by=teacher)
    with pytest.raises(DomainError, match="Another course has this code"):
        making.make_version(by=teacher)


@pytest.mark.parametrize(
    ("hours", "closes", "message"),
    [
        ([], 0, "Enter when the event is held."),
        ([(10, 10)], 0, "A session ends after it begins."),
        ([(9, 12), (11, 13)], 0, "Two sessions overlap."),
        ([(9, 12)], 1, "Booking closes before the event begins."),
    ],
)
def test_sessions_make_sense(
    teacher: Person, hours: list[tuple[int, int]], closes: int, message: str
) -> None:
    start = clock.now() + timedelta(days=14)
    when = [
        teaching.When(start + timedelta(hours=first - 9), start + timedelta(hours=last - 9))
        for first, last in hours
    ]
    details = making.details(start + timedelta(hours=closes))
    with pytest.raises(DomainError, match=message):
        teaching.make_event(
            by=teacher,
            version=making.make_version(by=teacher),
            details=details,
            sessions=when,
            uuid=uuid4(),
        )
    assert Event.objects.count() == 0


def test_event_is_opened_once(teacher: Person) -> None:
    event = making.make_event(by=teacher, opened=False)
    uuid = uuid4()
    for _ in range(2):
        opened = teaching.open_event(by=teacher, event=event, uuid=uuid)
    assert (opened.state, event.steps.count()) == (Event.State.OPEN, 1)
    with pytest.raises(Conflict):
        teaching.open_event(by=teacher, event=event, uuid=uuid4())


def test_more_places_go_to_the_line_and_fewer_than_given_are_refused(teacher: Person) -> None:
    event = making.make_event(by=teacher, capacity=2)
    bookings = [making.ask(make.make_person(name), event) for name in ("Ann", "Ben", "Cat")]
    with pytest.raises(DomainError, match="2 places are booked or held"):
        change(teacher, event, capacity=1)
    change(teacher, event, capacity=3)
    bookings[2].refresh_from_db()
    assert bookings[2].state == Booking.State.HELD


@pytest.mark.parametrize("opened", [True, False])
def test_change_sent_again_is_one_and_another_under_its_uuid_is_refused(
    teacher: Person, opened: bool
) -> None:
    event, uuid = making.make_event(by=teacher, opened=opened), uuid4()
    for _ in range(2):
        change(teacher, event, uuid=uuid, capacity=30)
    if opened:
        with pytest.raises(Conflict, match="Open the change of this event anew"):
            change(teacher, event, uuid=uuid, capacity=40)
        with pytest.raises(Conflict, match="Open the change of this event anew"):
            change(teacher, event, uuid=uuid, title="Another title", capacity=30)
    event.refresh_from_db()
    assert (event.capacity, event.steps.count()) == (30, 2 if opened else 0)


def test_moved_event_takes_the_version_of_its_day_while_nobody_booked(teacher: Person) -> None:
    event = making.make_event(by=teacher)
    first = event.version
    second = teaching.publish_version(
        by=teacher,
        course=first.course,
        uuid=uuid4(),
        published_on=making.day_of(event) + timedelta(days=1),
        outcomes=["More."],
        credit_minutes=60,
    )
    uuid = uuid4()
    for _ in range(2):
        moved = change(teacher, event, uuid=uuid, by_days=7)
    assert (moved.version, moved.steps.count()) == (second, 2)
    making.ask(make.make_person("Ann"), moved)
    moved = change(teacher, moved, by_days=1)
    with pytest.raises(DomainError, match="people booked version 2"):
        change(teacher, moved, by_days=-8)
    moved.refresh_from_db()
    assert moved.version == second


def test_people_are_told_of_another_venue_and_not_of_more_places(teacher: Person) -> None:
    event = making.make_event(by=teacher)
    making.ask(make.make_person("Ann"), event)
    change(teacher, event, capacity=21)
    assert Mail.objects.filter(kind="event_changed").count() == 0
    change(teacher, event, capacity=21, venue="Room 5")
    assert Mail.objects.filter(kind="event_changed").count() == 1


def test_event_that_began_stays_as_it_is(teacher: Person) -> None:
    event = making.make_event(by=teacher)
    with time_machine.travel(event.starts, tick=False):
        with pytest.raises(DomainError, match="has begun"):
            change(teacher, event, capacity=30)
        with pytest.raises(DomainError, match="has begun"):
            teaching.cancel_event(by=teacher, event=event, reason="Snow", uuid=uuid4())


def test_cancelled_event_keeps_nobody_waiting(teacher: Person) -> None:
    event = making.make_event(by=teacher, capacity=1)
    bookings = [making.ask(make.make_person(name), event) for name in ("Ann", "Ben")]
    with pytest.raises(DomainError, match="Enter why"):
        teaching.cancel_event(by=teacher, event=event, reason="", uuid=uuid4())
    uuid = uuid4()
    for _ in range(2):
        teaching.cancel_event(by=teacher, event=event, reason="No tracer", uuid=uuid)
    assert {one.state for one in Booking.objects.all()} == {Booking.State.CANCELLED_BY_SCHOOL}
    told = Mail.objects.filter(kind="booking_by_school")
    assert [("No tracer" in mail.body) for mail in told] == [True] * len(bookings)
