"""What staff are entitled to do, and the page of a site for an inspector."""

from collections.abc import Callable

from tests.access import entitled as entitled  # makes somebody of the site with an entitlement
from tests.access.table.row import NO_PERMISSION, Row, to
from tests.access.world import World

KEEPERS = to(others=NO_PERMISSION, site_lead=200, workforce_manager=200)
UNFILLED = to(others=NO_PERMISSION, site_lead=422, workforce_manager=422)


def of_tess(page: str = "") -> Callable[[World], str]:
    """The address of a page about what she is entitled to do."""
    return lambda world: f"people/{world.entitlement.person.uuid}/entitlements/{page}"


UNASKED = to(others=NO_PERMISSION, site_lead=404, workforce_manager=404)


def of_elm(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's site for an inspector."""
    return lambda world: f"coverage/irmer/{world.site.slug}/{page}"


ROWS: dict[str, Row] = {
    "people/<uuid:person>/entitlements/": Row(
        what="What somebody is entitled to do under IR(ME)R; everybody sees their own",
        get=KEEPERS,
        post=UNFILLED,
        at=of_tess(),
    ),
    "people/<uuid:person>/entitlements/<uuid:entitlement>/": Row(
        what="Review an entitlement, or end it",
        get=KEEPERS,
        post=UNFILLED,
        at=lambda world: of_tess(f"{world.entitlement.entry.uuid}/")(world),
    ),
    "coverage/irmer/": Row(what="The sites whose people one sees, for an inspector", get=KEEPERS),
    "coverage/irmer/<slug:site>/": Row(
        what="Who works at a site, entitled to what under IR(ME)R, with the training behind it",
        get=KEEPERS,
        at=of_elm(),
    ),
    "coverage/irmer/<slug:site>/file/<str:format>/": Row(
        what="The same as CSV or XLSX", get=KEEPERS, at=of_elm("file/csv/")
    ),
    "coverage/irmer/<slug:site>/pdf/": Row(
        what="Have a PDF of it made", post=UNASKED, at=of_elm("pdf/")
    ),
    "coverage/irmer/<slug:site>/pdf/<uuid:work>/": Row(
        what="The PDF, for whoever asked for it",
        get=UNASKED,
        at=of_elm("pdf/00000000-0000-4000-8000-000000000001/"),
    ),
}
