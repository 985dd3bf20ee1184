"""Changes of a placement: another site, and a swap."""

from tests.access.table.row import PLACERS, UNPLACED, Row, of_placement

ROWS: dict[str, Row] = {
    "placements/<uuid:placement>/move/": Row(
        what="Move a placement to another site",
        get=PLACERS,
        post=UNPLACED,
        at=of_placement("move/"),
    ),
    "placements/<uuid:placement>/swap/": Row(
        what="Swap two students' placements", get=PLACERS, post=UNPLACED, at=of_placement("swap/")
    ),
}
