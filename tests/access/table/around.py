"""Who stands in, and what is kept about sites beside their places."""

from uuid import uuid4

from tests.access.table.row import (
    NO_PERMISSION,
    NOT_FOUND,
    RECORD,
    WATCHERS,
    Row,
    of_enrolment,
    of_placement,
    of_site,
    to,
)

# Those who keep what Alice's site says of itself.
KEEPERS = to(others=NO_PERMISSION, site_lead=200, coordinator=200)
KEEPERS_UNFILLED = to(others=NO_PERMISSION, site_lead=422, coordinator=422)
# Those who read students' evaluations.
READERS = to(others=NO_PERMISSION, coordinator=200, programme_lead=200)
EDUCATORS = to(others=NO_PERMISSION, bob=200, dana=200)

ROWS: dict[str, Row] = {
    "cover/": Row(
        what="Who stands in for a practice educator, and naming somebody",
        get=EDUCATORS,
        post=to(others=NO_PERMISSION, bob=422, dana=422),
    ),
    "cover/<uuid:cover>/": Row(
        what="Change who stands in",
        get=to(others=NO_PERMISSION, bob=200, dana=404),
        post=to(others=NO_PERMISSION, bob=422, dana=404),
        at=lambda world: f"cover/{world.cover.entry.uuid}/",
    ),
    "cover/<uuid:cover>/cancel/": Row(
        what="Take back who stands in",
        post=to(others=NO_PERMISSION, bob=302, dana=404),
        at=lambda world: f"cover/{world.cover.entry.uuid}/cancel/",
        data=lambda world: {"uuid": str(uuid4())},
    ),
    "places/sites/<uuid:site>/patterns/": Row(
        what="A site's working patterns, and adding one",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=of_site("patterns/"),
    ),
    "places/sites/<uuid:site>/patterns/<uuid:pattern>/": Row(
        what="Change a working pattern",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=lambda world: f"places/sites/{world.site.uuid}/patterns/{world.pattern.uuid}/",
    ),
    "places/sites/<uuid:site>/patterns/<uuid:pattern>/remove/": Row(
        what="Take a working pattern away",
        post=to(others=NO_PERMISSION, site_lead=302, coordinator=302),
        at=lambda world: f"places/sites/{world.site.uuid}/patterns/{world.pattern.uuid}/remove/",
    ),
    "placements/<uuid:placement>/evaluation/": Row(
        what="A student's evaluation of a placement",
        get=to(others=NOT_FOUND, alice=200),
        post=to(others=NOT_FOUND, alice=422),
        at=of_placement("evaluation/"),
    ),
    "places/sites/<uuid:site>/evaluations/": Row(
        what="What students say of a site: averages of five or more, and comments for the School",
        get=to(others=NO_PERMISSION, bob=200, site_lead=200, coordinator=200, programme_lead=200),
        at=of_site("evaluations/"),
    ),
    "evaluations/": Row(what="What students say of all sites", get=READERS),
    "evaluations/file/<str:format>/": Row(
        what="The same as a file", get=READERS, at=lambda world: "evaluations/file/csv/"
    ),
    "audits/": Row(what="The quality audits of all sites", get=WATCHERS),
    "audits/file/<str:format>/": Row(
        what="The same as a file", get=WATCHERS, at=lambda world: "audits/file/csv/"
    ),
    "audits/actions/<uuid:action>/done/": Row(
        what="Note that what an audit asked for is done",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=lambda world: f"audits/actions/{world.audit_action.uuid}/done/",
    ),
    "places/sites/<uuid:site>/audits/": Row(
        what="A site's audits with what they asked for, and adding to it",
        get=WATCHERS,
        post=to(others=NO_PERMISSION, coordinator=422),
        at=of_site("audits/"),
    ),
    "shifts/sheet/": Row(
        what="The way to a student's own log sheet", get=to(others=NOT_FOUND, alice=302)
    ),
    "placements/<uuid:placement>/sheet/": Row(
        what="A paper log sheet to print", get=RECORD, at=of_placement("sheet/")
    ),
    "students/<uuid:enrolment>/paper/": Row(
        what="Enter what stands on a paper sheet",
        get=to(others=NOT_FOUND, site_lead=200, coordinator=200),
        post=to(others=NOT_FOUND, site_lead=422, coordinator=422),
        at=of_enrolment("paper/"),
    ),
}
