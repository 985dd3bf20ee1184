"""An event for everyone, one's own booking, and what those do who answer for somebody."""

from collections.abc import Callable

from tests.access import (
    sent as sent,
)  # makes somebody who asks for a place, and whom others answer for
from tests.access.table.row import NOT_FOUND, PUBLIC, SIGNED_IN, Row, to
from tests.access.world import World

# Alice's booking: herself, and who looks after events.
OWN = to(others=NOT_FOUND, alice=200, school_educator=200)
OWN_UNFILLED = to(others=NOT_FOUND, alice=422, school_educator=422)
OWN_DONE = to(others=NOT_FOUND, alice=302, school_educator=302)
OF_ALICE = to(others=NOT_FOUND, alice=200)
OF_ALICE_UNFILLED = to(others=NOT_FOUND, alice=422)
# Sam: the line manager, and who keeps staff records or runs the site.
STAFF = to(others=NOT_FOUND, bob=200, site_lead=200, coordinator=200, workforce_manager=200)
STAFF_UNFILLED = to(
    others=NOT_FOUND, bob=422, site_lead=422, coordinator=422, workforce_manager=422
)
# Sam's request: the same, and who looks after events.
DECIDE = {**STAFF, "school_educator": 200}
DECIDE_UNFILLED = {**STAFF_UNFILLED, "school_educator": 422}
DECIDED = {name: 302 if status == 200 else status for name, status in DECIDE.items()}


def of_event(page: str = "") -> Callable[[World], str]:
    """The address of a page about the open event."""
    return lambda world: f"events/{world.event.uuid}/{page}"


def of_booking(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's booking."""
    return lambda world: f"bookings/{world.booking.uuid}/{page}"


def of_request(page: str) -> Callable[[World], str]:
    """The address of a page about Sam's request."""
    return lambda world: f"bookings/{world.asked.uuid}/{page}"


ROWS: dict[str, Row] = {
    "events/<uuid:event>/": Row(what="An event", get=PUBLIC, at=of_event()),
    "events/<uuid:event>/book/": Row(
        what="Ask for a place for oneself",
        get=to(others=302),
        post=to(others=422),
        at=of_event("book/"),
    ),
    "events/<uuid:event>/staff/": Row(
        what="Book places for one’s staff",
        get=STAFF,
        post=STAFF_UNFILLED,
        at=of_event("staff/"),
    ),
    "bookings/requests/": Row(what="Requests that wait for oneself", get=SIGNED_IN),
    "bookings/staff/": Row(what="Bookings of one’s staff", get=SIGNED_IN),
    "bookings/staff/file/<str:format>/": Row(
        what="Bookings of one’s staff as a file",
        get=SIGNED_IN,
        at=lambda world: "bookings/staff/file/csv/",
    ),
    "bookings/<uuid:booking>/": Row(what="A booking", get=OWN, at=of_booking()),
    "bookings/<uuid:booking>/take/": Row(
        what="Take a place that is held", post=OWN_DONE, at=of_booking("take/")
    ),
    "bookings/<uuid:booking>/say-no/": Row(
        what="Say no to a place that is held", post=OWN_DONE, at=of_booking("say-no/")
    ),
    "bookings/<uuid:booking>/give-up/": Row(
        what="Give a booking up", get=OWN, post=OWN_UNFILLED, at=of_booking("give-up/")
    ),
    "bookings/<uuid:booking>/needs/": Row(
        what="Say anew what one needs to take part",
        get=OF_ALICE,
        post=OF_ALICE_UNFILLED,
        at=of_booking("needs/"),
    ),
    "bookings/<uuid:booking>/move/": Row(
        what="Move a booking to another date",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_booking("move/"),
    ),
    "bookings/<uuid:booking>/approve/": Row(
        what="Approve a request for a place", post=DECIDED, at=of_request("approve/")
    ),
    "bookings/<uuid:booking>/decline/": Row(
        what="Decline a request for a place",
        get=DECIDE,
        post=DECIDE_UNFILLED,
        at=of_request("decline/"),
    ),
    "my-learning/": Row(what="What one learns", get=SIGNED_IN),
    "my-learning/file/<str:format>/": Row(
        what="One’s own bookings as a file",
        get=SIGNED_IN,
        at=lambda world: "my-learning/file/csv/",
    ),
}
