"""Statements of hours, and the check that is open to everybody."""

from collections.abc import Callable

from tests.access.table.row import NO_PERMISSION, PUBLIC, RECORD, Row, of_enrolment, to
from tests.access.world import World

CERTIFIERS = to(
    others=NO_PERMISSION, site_lead=404, university_tutor=404, coordinator=200, programme_lead=200
)
UNFILLED = to(
    others=NO_PERMISSION, site_lead=404, university_tutor=404, coordinator=422, programme_lead=422
)


def of_statement(page: str) -> Callable[[World], str]:
    """The address of a page about a statement of Alice's hours."""
    return lambda world: f"statements/{world.statement.entry.uuid}/{page}"


ROWS: dict[str, Row] = {
    "students/<uuid:enrolment>/statements/": Row(
        what="A student's statements of hours", get=RECORD, at=of_enrolment("statements/")
    ),
    "students/<uuid:enrolment>/statements/year-<int:year>/": Row(
        what="Check and issue a statement of a year's hours",
        get=CERTIFIERS,
        post=UNFILLED,
        at=of_enrolment("statements/year-3/"),
    ),
    "statements/<uuid:statement>/file/": Row(
        what="A statement of hours as PDF", get=RECORD, at=of_statement("file/")
    ),
    "statements/<uuid:statement>/withdraw/": Row(
        what="Withdraw a statement of hours",
        get=CERTIFIERS,
        post=UNFILLED,
        at=of_statement("withdraw/"),
    ),
    "verify/": Row(what="Where the code of any document of the School is typed", get=PUBLIC),
    "verify/<str:code>/": Row(
        what="Whether a document was issued and holds, and whether a file is unaltered",
        get=PUBLIC,
        at=lambda world: f"verify/{world.statement.code}/",
    ),
}
