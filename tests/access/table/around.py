"""Who stands in, and what is kept about sites beside their places."""

from uuid import uuid4

from tests.access.table.row import NO_PERMISSION, Row, of_site, to

# Those who keep what Alice's site says of itself.
KEEPERS = to(others=NO_PERMISSION, site_lead=200, coordinator=200)
KEEPERS_UNFILLED = to(others=NO_PERMISSION, site_lead=422, coordinator=422)
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
}
