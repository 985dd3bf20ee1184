"""During a placement: meetings, causes for concern, and what a student needs."""

from collections.abc import Callable

from tests.access.table.row import (
    NOT_FOUND,
    OWN,
    OWN_UNFILLED,
    RECORD,
    SIGNED_IN,
    Row,
    of_placement,
    to,
)
from tests.access.world import World

# Who takes part in a meeting between a student and the site; a tutor has others of their own.
BETWEEN = to(others=NOT_FOUND, alice=200, bob=200, site_lead=200)
BETWEEN_UNFILLED = to(others=NOT_FOUND, alice=422, bob=422, site_lead=422)
# Bob raised the concern and named the tutor; nobody else hears of it, whatever their role.
READS = to(others=NOT_FOUND, bob=200, university_tutor=200)
UNREAD = to(others=NOT_FOUND, bob=422, university_tutor=422)


def of_meeting(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's meeting."""
    return lambda world: f"meetings/{world.meeting.entry.uuid}/{page}"


def of_concern(world: World) -> str:
    """The address of the concern about Alice."""
    return f"concerns/{world.concern.entry.uuid}/"


def of_need(world: World) -> str:
    """The address of what Alice needs."""
    return f"needs/{world.need.entry.uuid}/"


ROWS: dict[str, Row] = {
    "placements/<uuid:placement>/meetings/": Row(
        what="The meetings of a placement", get=RECORD, at=of_placement("meetings/")
    ),
    "placements/<uuid:placement>/meetings/write/": Row(
        what="Write a meeting down, and sign it",
        get=to(
            others=NOT_FOUND,
            alice=200,
            bob=200,
            site_lead=200,
            university_tutor=200,
            programme_lead=200,
        ),
        post=to(
            others=NOT_FOUND,
            alice=422,
            bob=422,
            site_lead=422,
            university_tutor=422,
            programme_lead=422,
        ),
        at=of_placement("meetings/write/"),
    ),
    "meetings/<uuid:meeting>/": Row(
        what="The record of a meeting, and signing it",
        get=RECORD,
        post=BETWEEN_UNFILLED,
        at=of_meeting(),
    ),
    "meetings/<uuid:meeting>/write/": Row(
        what="Write the record of a meeting anew",
        get=BETWEEN,
        post=BETWEEN_UNFILLED,
        at=of_meeting("write/"),
    ),
    "placements/<uuid:placement>/concern/": Row(
        what="Raise a cause for concern",
        get=RECORD,
        post=to(
            others=NOT_FOUND,
            alice=422,
            bob=422,
            site_lead=422,
            coordinator=422,
            university_tutor=422,
            programme_lead=422,
        ),
        at=of_placement("concern/"),
    ),
    "concerns/": Row(what="The causes for concern that one reads", get=SIGNED_IN),
    "concerns/<uuid:concern>/": Row(what="A cause for concern", get=READS, at=of_concern),
    "concerns/<uuid:concern>/step/": Row(
        what="Say what was done about a concern, or close it",
        post=UNREAD,
        at=lambda world: of_concern(world) + "step/",
    ),
    "concerns/<uuid:concern>/reader/": Row(
        what="Let somebody else read a concern",
        post=UNREAD,
        at=lambda world: of_concern(world) + "reader/",
    ),
    "needs/": Row(what="What one needs on placement, and who reads it", get=OWN, post=OWN_UNFILLED),
    "needs/<uuid:need>/": Row(
        what="Change what one needs, or who reads it", get=OWN, post=OWN_UNFILLED, at=of_need
    ),
    "needs/<uuid:need>/take-back/": Row(
        what="Take back what one needs",
        get=OWN,
        post=OWN_UNFILLED,
        at=lambda world: of_need(world) + "take-back/",
    ),
}
