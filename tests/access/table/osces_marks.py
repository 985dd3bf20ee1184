"""OSCEs: the marks of an exam that was held here, their quality, judges' ratings and the standard."""

from collections.abc import Callable

from tests.access import examined as examined  # freezes an exam
from tests.access.table.osces import ANOTHERS, DONE, EXAMINERS, KEY, UNFILLED
from tests.access.table.row import Row
from tests.access.world import World


def held(page: str = "") -> Callable[[World], str]:
    """The address of a page of the exam that is frozen."""
    return lambda world: f"osces/exams/{world.exam_held.uuid}/{page}"


ROWS: dict[str, Row] = {
    "osces/exams/<uuid:exam>/marks/": Row(
        what="What the closed sheets of an exam come to", get=EXAMINERS, at=held("marks/")
    ),
    "osces/exams/<uuid:exam>/marks/what-if/": Row(
        what="Standards side by side on them", get=EXAMINERS, at=held("marks/what-if/")
    ),
    "osces/exams/<uuid:exam>/marks/stations/<int:place>/": Row(
        what="One station of them; 404 before a sheet is closed",
        get=ANOTHERS,
        at=held("marks/stations/1/"),
    ),
    "osces/exams/<uuid:exam>/marks/<str:table>/file/<str:format>/": Row(
        what="Their tables and figures as a file; 404 before a sheet is closed",
        get=ANOTHERS,
        at=held("marks/stations/file/csv/"),
    ),
    "osces/exams/<uuid:exam>/marks/pdf/": Row(
        what="Ask for the report as a PDF", post=DONE, at=held("marks/pdf/")
    ),
    "osces/exams/<uuid:exam>/marks/pdf/<uuid:work>/": Row(
        what="The PDF", get=ANOTHERS, at=held(f"marks/pdf/{KEY}/")
    ),
    "osces/exams/<uuid:exam>/quality/": Row(
        what="What is amiss with the data of an exam", get=EXAMINERS, at=held("quality/")
    ),
    "osces/exams/<uuid:exam>/standard/": Row(
        what="The board’s decision, shown and then recorded",
        get=EXAMINERS,
        post=UNFILLED,
        at=held("standard/"),
    ),
    "osces/exams/<uuid:exam>/ratings/": Row(
        what="Its stations for judges; for its examiners too", get=EXAMINERS, at=held("ratings/")
    ),
    "osces/exams/<uuid:exam>/ratings/<int:place>/": Row(
        what="A judge’s rating of a station; for its examiners too",
        get=EXAMINERS,
        post=UNFILLED,
        at=held("ratings/1/"),
    ),
}
