"""Courses and events: looked after by School educators, and their places in people's calendars."""

from collections.abc import Callable

from tests.access import taught as taught  # makes a course, its events and Alice's booking
from tests.access.table.row import DONE, NO_PERMISSION, PUBLIC, SIGNED_IN, Row, to
from tests.access.world import World

TEACHERS = to(others=NO_PERMISSION, school_educator=200)
UNFILLED = to(others=NO_PERMISSION, school_educator=422)


def of_course(page: str = "") -> Callable[[World], str]:
    """The address of a School educator's page about the course."""
    return lambda world: f"teaching/courses/{world.course.uuid}/{page}"


def of_event(page: str = "") -> Callable[[World], str]:
    """The address of a School educator's page about the open event."""
    return lambda world: f"teaching/events/{world.event.uuid}/{page}"


ROWS: dict[str, Row] = {
    "teaching/courses/": Row(what="The courses, for those who teach", get=TEACHERS),
    "teaching/courses/file/<str:format>/": Row(
        what="The courses as a file", get=TEACHERS, at=lambda world: "teaching/courses/file/csv/"
    ),
    "teaching/courses/make/": Row(what="Make a course", get=TEACHERS, post=UNFILLED),
    "teaching/courses/<uuid:course>/": Row(
        what="A course with its versions and events", get=TEACHERS, at=of_course()
    ),
    "teaching/courses/<uuid:course>/learners/<str:format>/": Row(
        what="Who booked, attended and attained a course, as a file",
        get=TEACHERS,
        at=of_course("learners/csv/"),
    ),
    "teaching/courses/<uuid:course>/change/": Row(
        what="Change a course", get=TEACHERS, post=UNFILLED, at=of_course("change/")
    ),
    "teaching/courses/<uuid:course>/version/": Row(
        what="Publish the next version of a course",
        get=TEACHERS,
        post=UNFILLED,
        at=of_course("version/"),
    ),
    "teaching/courses/<uuid:course>/event/": Row(
        what="Make an event of a course", get=TEACHERS, post=UNFILLED, at=of_course("event/")
    ),
    "teaching/events/": Row(what="The events, for those who teach", get=TEACHERS),
    "teaching/events/file/<str:format>/": Row(
        what="The events as a file", get=TEACHERS, at=lambda world: "teaching/events/file/xlsx/"
    ),
    "teaching/events/<uuid:event>/": Row(
        what="An event with those who come", get=TEACHERS, at=of_event()
    ),
    "teaching/events/<uuid:event>/file/<str:format>/": Row(
        what="Who comes to an event, as a file", get=TEACHERS, at=of_event("file/csv/")
    ),
    "teaching/events/<uuid:event>/needs/": Row(
        what="What people need at an event", get=TEACHERS, at=of_event("needs/")
    ),
    "teaching/events/<uuid:event>/change/": Row(
        what="Change an event", get=TEACHERS, post=UNFILLED, at=of_event("change/")
    ),
    "teaching/events/<uuid:event>/open/": Row(
        what="Open an event",
        get=TEACHERS,
        post=UNFILLED,
        at=lambda world: f"teaching/events/{world.draft.uuid}/open/",
    ),
    "teaching/events/<uuid:event>/cancel/": Row(
        what="Cancel an event", get=TEACHERS, post=UNFILLED, at=of_event("cancel/")
    ),
    "my-learning/calendar/": Row(what="The address of one’s own calendar", get=SIGNED_IN),
    "my-learning/calendar/make/": Row(what="Make the address of one’s calendar", post=DONE),
    "my-learning/calendar/renew/": Row(what="Make that address anew", post=DONE),
    "calendars/courses.ics": Row(what="The coming events as a calendar", get=PUBLIC),
    "calendars/<str:token>.ics": Row(
        what="Somebody’s places as a calendar, for whoever knows the address",
        get=PUBLIC,
        at=lambda world: f"calendars/{world.feed.token}.ics",
    ),
}
