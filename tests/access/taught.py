"""What a School educator gives: a course with an open event at which Alice has a place, and a draft."""

from datetime import timedelta
from uuid import uuid4

from school.core import clock
from school.courses.actions import booking, teaching
from school.courses.actions.calendars import make_feed
from school.courses.models import Course, Event
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """The event is online, in a fortnight; Alice told of what she needs."""
    by = world.people["school_educator"]
    course = teaching.save_course(
        by=by,
        uuid=uuid4(),
        code="introductory-day",
        title="Introductory Day",
        summary="For clinical teams.",
        level=Course.Level.INTRODUCTORY,
    )
    version = teaching.publish_version(
        by=by,
        course=course,
        uuid=uuid4(),
        published_on=clock.today() - timedelta(days=30),
        outcomes=["Knows the way a tracer takes."],
        credit_minutes=360,
    )
    now = clock.now()
    events = []
    for days in (14, 15):
        starts = now + timedelta(days=days)
        details = teaching.Details(
            format=Event.Format.ONLINE,
            capacity=20,
            opens=now - timedelta(days=1),
            closes=starts,
            contact="school@example.org",
        )
        when = [teaching.When(starts, starts + timedelta(hours=3))]
        events.append(
            teaching.make_event(
                by=by, version=version, details=details, sessions=when, uuid=uuid4()
            )
        )
    event, draft = events
    teaching.open_event(by=by, event=event, uuid=uuid4())
    alice = world.people["alice"]
    world.things |= {
        "course": course,
        "version": version,
        "event": event,
        "draft": draft,
        "booking": booking.ask_for_place(
            by=alice, person=alice, event=event, uuid=uuid4(), needs="A ramp"
        ),
        "feed": make_feed(by=alice),
    }


MAKERS.append(make)
