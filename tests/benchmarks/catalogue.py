"""Courses and events to measure with, in a database that holds the demo network; prints what there is as JSON.

python -m tests.benchmarks.catalogue PEOPLE

300 courses with a page each and 2,000 open events to come, a few people at each; a register of an event under
way with 100 people on it; and for each of PEOPLE turns somebody to ask, somebody to write and a course of its own.
Many rows are made at once, but every fact is written by the ledger, so that the record books stay whole.
"""

import json
import sys
import time
from datetime import timedelta
from itertools import count
from typing import Any

import django

COURSES, EVENTS, POOL, AT_EACH, REGISTER = 300, 2000, 200, 5, 100
# Record books that are held at once.
TOGETHER = 250
DAY = timedelta(days=1)


def main(turns: int) -> dict[str, Any]:
    """Makes everything; returns the turns and the addresses."""
    django.setup()
    from django.urls import reverse

    from cms.setup import ensure_pages
    from school.people.network import ensure_network
    from school.people.roles import SCHOOL_EDUCATOR
    from tests import factories
    from tests.benchmarks.population import session_of

    # Every run has rows of its own, also in a database that holds those of another.
    run = time.time_ns()
    factories._numbers = count(run)
    ensure_pages()
    teacher = factories.make_person("Greta Placeholder")
    factories.make_grant(teacher, SCHOOL_EDUCATOR, ensure_network())
    people = make_people(POOL)
    versions = make_courses(run)
    events = make_events(teacher, versions)
    book(people, [(one, number) for number, one in enumerate(events)], AT_EACH)
    marks, held = make_register(teacher, versions[-1], people)
    own = make_pages(versions, events, turns)
    educators = []
    for number in range(turns):
        educator = factories.make_person(f"Teacher {number}")
        factories.make_grant(educator, SCHOOL_EDUCATOR, ensure_network())
        educators.append(session_of(educator.user, second_factor=True))
    return {
        "turns": [
            {
                "people": [
                    session_of(factories.make_person(f"Learner {number}").user) for _ in range(4)
                ],
                "educator": educators[number],
                "teacher": session_of(teacher.user, second_factor=True),
                "course": own[number][0],
                "date": reverse("book_place", args=[own[number][1].uuid]),
                "mark": marks[number],
            }
            for number in range(turns)
        ],
        "paths": {
            "public home": "/",
            "catalogue": "/courses/",
            "soonest": reverse("book_place", args=[events[0].uuid]),
            "register": reverse("register", args=[held.uuid]),
        },
    }


def make_people(number: int) -> list[Any]:
    """People without an account, each with a record book."""
    from school.core.models import Book
    from school.people.models import Person

    books = Book.objects.bulk_create([Book(kind=Book.Kind.PERSON) for _ in range(number)])
    return Person.objects.bulk_create(
        Person(book=book, name=f"Person {n:03}") for n, book in enumerate(books)
    )


def make_courses(run: int) -> list[Any]:
    """Courses of one version each, the first to stand first in the catalogue."""
    from django.utils.text import slugify

    from school.core import clock
    from school.courses.models import Course, CourseVersion, Label

    names = {
        Label.Kind.AUDIENCE: ["Radiographers", "Senior clinicians", "Support workers"],
        Label.Kind.ROLE: ["Reporting", "Imaging"],
        Label.Kind.TOPIC: ["Dementia", "Radiation protection", "Tracers", "Safety"],
    }
    labels = [
        Label.objects.get_or_create(kind=kind, slug=slugify(name), defaults={"name": name})[0]
        for kind, few in names.items()
        for name in few
    ]
    courses = Course.objects.bulk_create(
        Course(
            code=f"course-{number:03}-{run}",
            title=f"A course {number:03}",
            summary="What everybody in a scanner’s control room asks about, and how to answer it well.",
            level=Course.Level.INTRODUCTORY,
        )
        for number in range(COURSES)
    )
    Course.labels.through.objects.bulk_create(
        Course.labels.through(course=course, label=labels[(number + step) % len(labels)])
        for number, course in enumerate(courses)
        for step in (0, 3, 5)
    )
    return CourseVersion.objects.bulk_create(
        CourseVersion(
            course=course,
            number=1,
            published_on=clock.today() - 30 * DAY,
            title=course.title,
            outcomes="Knows the way a tracer takes.\nKnows what to tell a patient.\nKnows whom to ask.",
            credit_minutes=360,
        )
        for course in courses
    )


def make_events(teacher: Any, versions: list[Any]) -> list[Any]:
    """Open events of the courses in turn, soonest first from soon on, of two sessions each."""
    from school.core import clock

    first = clock.now() + timedelta(hours=2)
    starts = [first + number * timedelta(hours=4) for number in range(EVENTS)]
    return open_events(teacher, list(zip(versions * (EVENTS // COURSES + 1), starts, strict=False)))


def open_events(teacher: Any, wanted: list[tuple[Any, Any]]) -> list[Any]:
    """Events of versions at times, and the fact that each was opened."""
    from school.core import clock, days, ledger
    from school.core.ledger import Draft
    from school.core.models import Book
    from school.courses.models import Event, EventStep, Session
    from school.people.models import Site

    sites = list(Site.objects.order_by("name"))
    books = Book.objects.bulk_create([Book(kind=Book.Kind.EVENT) for _ in wanted])
    events = []
    for number, (version, starts) in enumerate(wanted):
        site = sites[number % len(sites)]
        online = number % 3 == 2
        events.append(
            Event(
                book=books[number],
                version=version,
                state=Event.State.OPEN,
                format=Event.Format.ONLINE if online else Event.Format.IN_PERSON,
                site=None if online else site,
                region="" if online else site.network_region,
                venue="" if online else "Seminar room",
                starts=starts,
                ends=starts + timedelta(hours=5),
                opens=clock.now() - 30 * DAY,
                closes=starts,
                capacity=120,
                contact="school@example.org",
            )
        )
    Event.objects.bulk_create(events)
    Session.objects.bulk_create(
        Session(
            event=event,
            title=title,
            starts=event.starts + timedelta(hours=hours),
            ends=event.starts + timedelta(hours=hours + 2),
        )
        for event in events
        for title, hours in (("Morning", 0), ("Afternoon", 3))
    )
    for begin in range(0, len(events), TOGETHER):
        some = events[begin : begin + TOGETHER]
        with ledger.writing(*(event.book for event in some)) as pen:
            pen.append(
                [
                    Draft(
                        fact=EventStep(
                            event=event,
                            course_version=event.version,
                            state=Event.State.OPEN,
                            starts=event.starts,
                            ends=event.ends,
                        ),
                        book=event.book,
                        about_from=days.london_day(event.starts),
                    )
                    for event in some
                ],
                by=teacher.uuid,
            )
    return events


def book(people: list[Any], wanted: list[tuple[Any, int]], places: int) -> list[Any]:
    """Places at each event for some people, counted on from a number of theirs."""
    from school.core import clock, days, ledger
    from school.core.ledger import Draft
    from school.core.models import PORTAL
    from school.courses.models import Booking, BookingStep

    now = clock.now()
    bookings = Booking.objects.bulk_create(
        Booking(
            event=event,
            person=people[(first + step) % len(people)],
            state=Booking.State.BOOKED,
            asked_at=now,
        )
        for event, first in wanted
        for step in range(places)
    )
    with ledger.writing(*(person.book for person in people)) as pen:
        pen.append(
            [
                Draft(
                    fact=BookingStep(
                        booking=one, event=one.event, person=one.person, state=one.state
                    ),
                    book=one.person.book,
                    about_from=days.london_day(one.event.starts),
                )
                for one in bookings
            ],
            by=PORTAL,
        )
    return bookings


def make_register(teacher: Any, version: Any, people: list[Any]) -> tuple[list[str], Any]:
    """An event that began an hour ago with everybody on its register to tick; what ticks each of them."""
    from school.core import clock
    from school.courses.models import Session

    [event] = open_events(teacher, [(version, clock.now() - timedelta(hours=1))])
    # Both sessions are under way, so that every line has two boxes.
    Session.objects.filter(event=event).update(starts=event.starts)
    morning = Session.objects.filter(event=event).earliest("pk")
    bookings = book(people[:REGISTER], [(event, 0)], REGISTER)
    return [f"{one.uuid}:{morning.uuid}" for one in bookings], event


def make_pages(versions: list[Any], events: list[Any], turns: int) -> list[tuple[str, Any]]:
    """A public page for every course, and for the dates of those that are measured; their addresses and first dates."""
    from cms.models import CourseIndexPage, CoursePage, EventPage

    above = CourseIndexPage.objects.get()
    body = [("text", "<p>Come ten minutes early. Tea is on the landing.</p>")]
    found = []
    for number, version in enumerate(versions):
        course = version.course
        page = CoursePage(course=course, title=course.title, slug=course.code, body=body)
        above.add_child(instance=page)
        if len(found) < turns:
            dates = events[number::COURSES]
            for event in dates:
                page.add_child(
                    instance=EventPage(
                        event=event, title=course.title, slug=str(event.pk), body=body
                    )
                )
            found.append((page.url, dates[0]))
    return found


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
