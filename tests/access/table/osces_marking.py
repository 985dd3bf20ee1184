"""Marking an OSCE: an examiner's own stations, and what becomes of sheets for those who run the exam."""

from collections.abc import Callable

from tests.access import banked as banked  # makes an exam at which Bob examines
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, SIGNED_IN, Row, to
from tests.access.world import World

RUNS = to(others=NO_PERMISSION, programme_lead=200, school_educator=200)
ITS = to(others=NOT_FOUND, bob=200, programme_lead=200, school_educator=200)
EXAMINER = to(others=NOT_FOUND, bob=200)


def station(page: str = "") -> Callable[[World], str]:
    """The address of a page of the station at which Bob examines."""
    return lambda world: (
        f"osces/marking/{world.exam_day.exam.uuid}/{world.exam_day.stations[0].place.number}/{page}"
    )


def exam(page: str) -> Callable[[World], str]:
    """The address of a page of the exam at which Bob examines."""
    return lambda world: f"osces/marking/{world.exam_day.exam.uuid}/{page}"


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
    "osces/marking/<uuid:exam>/sheets/": Row(
        what="All mark sheets of an exam", get=RUNS, at=exam("sheets/")
    ),
    "osces/marking/<uuid:exam>/sheets/<uuid:sheet>/": Row(
        what="What a closed sheet says; 404 for all but its examiner and those who run OSCEs",
        get=ITS,
        post=to(others=NOT_FOUND, bob=422, programme_lead=422, school_educator=422),
        at=lambda world: f"{exam('sheets/')(world)}{world.closed_sheet.uuid}/",
    ),
    "osces/marking/<uuid:exam>/sheets/<uuid:sheet>/answer/": Row(
        what="Accept or refuse an amendment; 404 where none waits",
        post=to(others=NOT_FOUND),
        at=lambda world: f"{exam('sheets/')(world)}{world.closed_sheet.uuid}/answer/",
    ),
    "osces/marking/<uuid:exam>/paper/<int:number>/<int:place>/": Row(
        what="Type a sheet that was marked on paper",
        get=RUNS,
        post=to(others=NO_PERMISSION, programme_lead=422, school_educator=422),
        at=exam("paper/102/1/"),
        data=lambda world: {"close": "1"},
    ),
}
