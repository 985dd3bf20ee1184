"""The whole log book: a student's own copies, and what a reader opens by a link."""

from collections.abc import Callable

from tests.access import booked as booked  # makes Alice's copy and whom it is shared with
from tests.access.table.row import NOT_FOUND, OWN, OWN_UNFILLED, PUBLIC, Row, to
from tests.access.world import World


def of_copy(page: str) -> Callable[[World], str]:
    """The address of a page about Alice's copy."""
    return lambda world: f"log-book/copies/{world.copy.entry.uuid}/{page}"


ROWS: dict[str, Row] = {
    "log-book/copies/": Row(what="One's own copies of the log book", get=OWN, post=OWN_UNFILLED),
    "log-book/copies/<uuid:copy>/file/<str:format>/": Row(
        what="A file of one's own copy", get=OWN, at=of_copy("file/pdf/")
    ),
    "log-book/copies/<uuid:copy>/share/": Row(
        what="Share one's own copy with a named reader",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_copy("share/"),
    ),
    "log-book/shared/<uuid:share>/": Row(
        what="When a reader opened a copy, and the end of their link",
        get=OWN,
        post=to(others=NOT_FOUND, alice=302),
        at=lambda world: f"log-book/shared/{world.other_share.uuid}/",
    ),
    "shared/<str:token>/": Row(
        what="A copy that a reader was sent a link to",
        get=PUBLIC,
        at=lambda world: f"shared/{world.token}/",
    ),
    "shared/<str:token>/file/<str:format>/": Row(
        what="A file of it", get=PUBLIC, at=lambda world: f"shared/{world.token}/file/json/"
    ),
}
