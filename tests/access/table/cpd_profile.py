"""The regulator's profile: everybody builds their own, and finds nobody else's."""

from collections.abc import Callable

from tests.access import profiled as profiled  # makes Alice's frozen profile
from tests.access.table.row import OWN, SIGNED_IN, Row, to
from tests.access.world import World

# Nothing is what everybody else has already; Alice has chosen and written, which an empty form has not seen.
EMPTY = to(others=302, alice=409)
UNFILLED = to(others=422)


def of_profile(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's frozen profile."""
    return lambda world: f"cpd/profile/{world.cpd_profile.uuid}/{page}"


ROWS: dict[str, Row] = {
    "cpd/profile/": Row(what="Where one's own CPD profile stands", get=SIGNED_IN),
    "cpd/profile/choose/": Row(
        what="Choose the activities that it describes", get=SIGNED_IN, post=EMPTY
    ),
    "cpd/profile/write/": Row(what="Write its words", get=SIGNED_IN, post=EMPTY),
    "cpd/profile/check/": Row(
        what="Look at all of it, and freeze it", get=SIGNED_IN, post=UNFILLED
    ),
    "cpd/profile/<uuid:profile>/": Row(
        what="One of one's own frozen profiles", get=OWN, at=of_profile()
    ),
    "cpd/profile/<uuid:profile>/file/<str:ending>/": Row(
        what="A file of it", get=OWN, at=of_profile("file/zip/")
    ),
    "cpd/profile/<uuid:profile>/compare/<uuid:other>/": Row(
        what="What differs from one to another",
        get=OWN,
        at=lambda world: of_profile(f"compare/{world.cpd_profile.uuid}/")(world),
    ),
}
