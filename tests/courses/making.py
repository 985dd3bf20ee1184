"""Courses, events and bookings for tests, made by the same actions that the pages call."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from school.core import clock, days
from school.courses.actions import booking, teaching
from school.courses.models import Booking, Course, CourseVersion, Event
from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import SCHOOL_EDUCATOR
from tests import factories as make


def make_teacher(name: str = "Greta Placeholder") -> Person:
    """A School educator of the network."""
    person = make.make_person(name)
    make.make_grant(person, SCHOOL_EDUCATOR, ensure_network())
    return person


def make_version(
    title: str = "Introductory Day",
    *,
    by: Person | None = None,
    published_on: date | None = None,
    **columns: object,
) -> CourseVersion:
    """Version 1 of a course, published a month ago: 6 hours of credit."""
    teacher = by or make_teacher()
    course = teaching.save_course(
        by=teacher,
        uuid=uuid4(),
        code=title.lower().replace(" ", "-"),
        title=title,
        summary="What it is about.",
        level=Course.Level.INTRODUCTORY,
    )
    values = {"outcomes": ["Knows the way a tracer takes."], "credit_minutes": 360, **columns}
    return teaching.publish_version(
        by=teacher,
        course=course,
        uuid=uuid4(),
        published_on=published_on or clock.today() - timedelta(days=30),
        **values,  # type: ignore[arg-type]
    )


def details(starts: datetime, **columns: object) -> teaching.Details:
    """An online event of 20 places that can be booked from yesterday until it begins."""
    values = {
        "format": Event.Format.ONLINE,
        "capacity": 20,
        "opens": clock.now() - timedelta(days=1),
        "closes": starts,
        "contact": "school@example.org",
        **columns,
    }
    return teaching.Details(**values)  # type: ignore[arg-type]


def sessions(day: date) -> list[teaching.When]:
    """A day of two halves: 09:00 to 12:00 and 13:00 to 16:00."""
    return [
        teaching.When(*make.span(day, "09:00", "12:00"), "Morning"),
        teaching.When(*make.span(day, "13:00", "16:00"), "Afternoon"),
    ]


def make_event(
    version: CourseVersion | None = None,
    *,
    by: Person | None = None,
    day: date | None = None,
    opened: bool = True,
    **columns: object,
) -> Event:
    """An open event in a fortnight, 09:00 to 16:00 with an hour between."""
    teacher = by or make_teacher()
    version = version or make_version(by=teacher)
    when = sessions(day or clock.today() + timedelta(days=14))
    event = teaching.make_event(
        by=teacher,
        version=version,
        details=details(when[0].starts, **columns),
        sessions=when,
        uuid=uuid4(),
    )
    return teaching.open_event(by=teacher, event=event, uuid=uuid4()) if opened else event


def ask(person: Person, event: Event, needs: str = "") -> Booking:
    """A person asks for a place for themselves."""
    return booking.ask_for_place(by=person, person=person, event=event, uuid=uuid4(), needs=needs)


def day_of(event: Event) -> date:
    """The London day on which an event begins."""
    return days.london_day(event.starts)
