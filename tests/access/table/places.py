"""The calendar, requests for places, mobile units, scanners and where students would like to be."""

from tests.access.table.row import (
    NOT_FOUND,
    PLACERS,
    UNPLACED,
    Row,
    of_site,
    to,
)

# Who runs Alice's site: its lead, and the coordinator of the network.
SEES_REQUEST = to(others=NOT_FOUND, site_lead=200, coordinator=200)

ROWS: dict[str, Row] = {
    "places/sites/<uuid:site>/ask/": Row(
        what="Ask a site for places", get=PLACERS, post=UNPLACED, at=of_site("ask/")
    ),
    "places/requests/<uuid:asked>/": Row(
        what="A request for places, and the site's answer to it",
        get=SEES_REQUEST,
        post=to(others=NOT_FOUND, site_lead=422, coordinator=422),
        at=lambda world: f"places/requests/{world.request.uuid}/",
    ),
    "places/requests/<uuid:asked>/take-back/": Row(
        what="Take a request for places back",
        post=to(others=NOT_FOUND, site_lead=403, coordinator=302),
        at=lambda world: f"places/requests/{world.request.uuid}/take-back/",
    ),
}
