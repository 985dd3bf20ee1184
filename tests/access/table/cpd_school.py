"""CPD as others see it: who it is shared with, and the School."""

from collections.abc import Callable

from tests.access import shared as shared  # makes what Alice shares and asks
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, SIGNED_IN, Row, to
from tests.access.world import World

UNFILLED = to(others=422)
READER = to(others=NOT_FOUND, bob=200)
SCHOOL = to(others=NO_PERMISSION, school_educator=200, workforce_manager=200)


def of_share(page: str = "", name: str = "cpd_share") -> Callable[[World], str]:
    """The address of a page about what Alice shares with Bob."""
    return lambda world: f"cpd/shared/{getattr(world, name).uuid}/{page}"


ROWS: dict[str, Row] = {
    "cpd/share/": Row(
        what="Share something of one’s own CPD with a line manager", get=SIGNED_IN, post=UNFILLED
    ),
    "cpd/share/<uuid:share>/end/": Row(
        what="End a share",
        post=to(others=NOT_FOUND, alice=302),
        at=lambda world: f"cpd/share/{world.cpd_share.uuid}/end/",
    ),
    "cpd/shared/": Row(what="What is shared with oneself", get=SIGNED_IN),
    "cpd/shared/<uuid:share>/": Row(
        what="An activity that Alice shares with Bob", get=READER, at=of_share()
    ),
    "cpd/shared/<uuid:share>/evidence/<uuid:file>/": Row(
        what="A file that shows it",
        get=READER,
        at=lambda world: of_share(f"evidence/{world.cpd_evidence.uuid}/")(world),
    ),
    "cpd/shared/<uuid:share>/pdf/": Row(
        what="The PDF of a profile that Alice shares with Bob",
        get=READER,
        at=of_share("pdf/", "cpd_profile_share"),
    ),
    "cpd/help/": Row(what="Ask the School for help with CPD", get=SIGNED_IN, post=UNFILLED),
    "cpd/help/<uuid:asked>/seen-to/": Row(
        what="Say that it was seen to",
        post=to(others=NOT_FOUND, alice=302, school_educator=302, workforce_manager=302),
        at=lambda world: f"cpd/help/{world.cpd_help.uuid}/seen-to/",
    ),
    "cpd/school/": Row(what="Windows, who asked for help, and hours by site", get=SCHOOL),
    "cpd/school/file/<str:format>/": Row(
        what="The same hours as a file", get=SCHOOL, at=lambda world: "cpd/school/file/csv/"
    ),
}
