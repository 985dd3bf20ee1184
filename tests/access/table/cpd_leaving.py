"""CPD: one's own record taken away and brought, and files of other tools."""

from collections.abc import Callable

from tests.access import taken as taken  # makes Alice's copy, what she brought and her file
from tests.access.table.row import DONE, NOT_FOUND, OWN, OWN_UNFILLED, SIGNED_IN, Row, to
from tests.access.world import World

UNFILLED = to(others=422)


def of_file(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's file."""
    return lambda world: f"cpd/import/{world.cpd_file.uuid}/{page}"


ROWS: dict[str, Row] = {
    "cpd/take-away/": Row(what="Ask for a copy of one’s own CPD record", get=SIGNED_IN, post=DONE),
    "cpd/take-away/<uuid:work>/": Row(
        what="One’s own copy, as a ZIP",
        get=OWN,
        at=lambda world: f"cpd/take-away/{world.cpd_copy.uuid}/",
    ),
    "cpd/bring/": Row(what="Send a CPD record from another portal", get=SIGNED_IN, post=UNFILLED),
    "cpd/bring/<uuid:key>/": Row(
        what="What a record that one sent would bring in, and writing it",
        get=OWN,
        post=to(others=NOT_FOUND, alice=302),
        at=lambda world: f"cpd/bring/{world.cpd_brought.uuid}/",
    ),
    "cpd/import/": Row(
        what="Send a file of activities from another tool", get=SIGNED_IN, post=UNFILLED
    ),
    "cpd/import/<uuid:file>/": Row(
        what="What each row of one’s own file would do, and writing it",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_file(),
    ),
    "cpd/import/<uuid:file>/columns/": Row(
        what="Say which column of it is which",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_file("columns/"),
    ),
}
