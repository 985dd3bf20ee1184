"""Marking an OSCE: an examiner's own stations, and what becomes of sheets for those who run the exam."""

from collections.abc import Callable

from tests.access import marked as marked  # makes an exam at which Bob examines
from tests.access.table.row import NOT_FOUND, SIGNED_IN, Row, to
from tests.access.world import World

EXAMINER = to(others=NOT_FOUND, bob=200)


def station(page: str = "") -> Callable[[World], str]:
    """The address of a page of the station at which Bob examines."""
    return lambda world: (
        f"osces/marking/{world.marked.exam.uuid}/{world.marked.stations[0].place.number}/{page}"
    )


ROWS: dict[str, Row] = {
    "osces/marking/": Row(what="Where I examine", get=SIGNED_IN),
    "osces/marking/<uuid:exam>/<int:place>/": Row(
        what="The mark sheets of my candidates at a station; 404 for all but its examiners",
        get=EXAMINER,
        post=to(others=NOT_FOUND, bob=422),
        at=station(),
        data=lambda world: {"candidate": "102", "close": "1"},
    ),
    "osces/marking/<uuid:exam>/<int:place>/marks/": Row(
        what="Where a tablet sends marks", post=to(others=NOT_FOUND, bob=422), at=station("marks/")
    ),
}
