"""The day of an event: being there, the register, and what people thought of it."""

from collections.abc import Callable

from tests.access.table.row import NO_PERMISSION, OWN, OWN_UNFILLED, SIGNED_IN, Row, to
from tests.access.world import World

TEACHERS = to(others=NO_PERMISSION, school_educator=200)
UNFILLED = to(others=NO_PERMISSION, school_educator=422)
# The event is in a fortnight, and nobody is let in yet.
NOT_YET = to(others=422)


def of_session(before: str, page: str = "") -> Callable[[World], str]:
    """The address of a page about the open event's session."""
    return lambda world: f"{before}/{world.event.sessions.get().uuid}/{page}"


def of_booking(page: str) -> Callable[[World], str]:
    """The address of a page about Alice's booking."""
    return lambda world: f"bookings/{world.booking.uuid}/{page}"


def of_event(page: str) -> Callable[[World], str]:
    """The address of a page about the open event."""
    return lambda world: f"events/{world.event.uuid}/{page}"


ROWS: dict[str, Row] = {
    "attend/<uuid:session>/": Row(
        what="Whether one is on the register of a session, and saying so",
        get=SIGNED_IN,
        post=NOT_YET,
        at=of_session("attend"),
    ),
    "attend/<uuid:session>/<slug:code>/": Row(
        what="Where the room’s code leads", get=NOT_YET, at=of_session("attend", "x/")
    ),
    "bookings/<uuid:booking>/code/": Row(
        what="One’s own code for the educator", get=OWN, at=of_booking("code/")
    ),
    "bookings/<uuid:booking>/attendance/": Row(
        what="Where somebody’s own code leads: their attendance",
        get=TEACHERS,
        post=UNFILLED,
        at=of_booking("attendance/"),
    ),
    "bookings/<uuid:booking>/attendance/correct/": Row(
        what="Correct somebody’s attendance",
        post=UNFILLED,
        at=of_booking("attendance/correct/"),
    ),
    "bookings/<uuid:booking>/attendance/excuse/": Row(
        what="Excuse what somebody missed", post=UNFILLED, at=of_booking("attendance/excuse/")
    ),
    "bookings/<uuid:booking>/evaluation/": Row(
        what="Evaluate an event one was at",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_booking("evaluation/"),
    ),
    "sessions/<uuid:session>/room/": Row(
        what="The code on the room’s screen", get=TEACHERS, at=of_session("sessions", "room/")
    ),
    "events/<uuid:event>/register/": Row(
        what="The register of an event", get=TEACHERS, post=UNFILLED, at=of_event("register/")
    ),
    "events/<uuid:event>/register/close/": Row(
        what="Close the register", post=UNFILLED, at=of_event("register/close/")
    ),
    "events/<uuid:event>/register/<str:format>/": Row(
        what="The register as a file", get=TEACHERS, at=of_event("register/csv/")
    ),
    "events/<uuid:event>/evaluations/": Row(
        what="What people thought of an event", get=TEACHERS, at=of_event("evaluations/")
    ),
}
