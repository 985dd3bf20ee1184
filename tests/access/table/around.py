"""Who stands in, and what is kept about sites beside their places."""

from uuid import uuid4

from tests.access.table.row import NO_PERMISSION, Row, to

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
}
