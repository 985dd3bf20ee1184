"""The calendar, requests for places, mobile units, scanners and where students would like to be."""

from tests.access.table.row import (
    NO_PERMISSION,
    NOT_FOUND,
    PLACERS,
    SIGNED_IN,
    UNPLACED,
    WATCHERS,
    Row,
    of_site,
    to,
)

# Who runs Alice's site: its lead, and the coordinator of the network.
RUNS_SITE = to(others=NO_PERMISSION, site_lead=200, coordinator=200)
RUNS_UNFILLED = to(others=NO_PERMISSION, site_lead=422, coordinator=422)
SEES_REQUEST = to(others=NOT_FOUND, site_lead=200, coordinator=200)

ROWS: dict[str, Row] = {
    "calendar/": Row(what="The calendar of who is where", get=WATCHERS),
    "calendar/file/<str:format>/": Row(
        what="The calendar as a file", get=WATCHERS, at=lambda world: "calendar/file/csv/"
    ),
    "preferences/": Row(
        what="Where a student would like to be placed",
        get=SIGNED_IN,
        post=to(others=NOT_FOUND),
    ),
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
    "places/sites/<uuid:site>/units/": Row(
        what="Record where a mobile unit stands",
        get=RUNS_SITE,
        post=RUNS_UNFILLED,
        at=of_site("units/"),
    ),
    "places/sites/<uuid:site>/static/": Row(
        what="Record that a scanner becomes static",
        get=RUNS_SITE,
        post=RUNS_UNFILLED,
        at=of_site("static/"),
    ),
    "places/units/<uuid:stay>/": Row(
        what="Change when a mobile unit stands at a site",
        get=to(others=NOT_FOUND, site_lead=200, coordinator=200),
        post=to(others=NOT_FOUND, site_lead=422, coordinator=422),
        at=lambda world: f"places/units/{world.stay.uuid}/",
    ),
    "places/units/<uuid:stay>/remove/": Row(
        what="Take a mobile unit's stay off",
        post=to(others=NOT_FOUND, site_lead=302, coordinator=302),
        at=lambda world: f"places/units/{world.stay.uuid}/remove/",
    ),
}
