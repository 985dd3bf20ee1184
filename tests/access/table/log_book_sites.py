"""Examinations by site: for those who follow students."""

from tests.access.table.row import Row
from tests.access.table.tutor import FOLLOWERS

ROWS: dict[str, Row] = {
    "log-books/sites/": Row(what="Sites by the examinations students met there", get=FOLLOWERS),
    "log-books/sites/file/<str:format>/": Row(
        what="The same as a file", get=FOLLOWERS, at=lambda world: "log-books/sites/file/csv/"
    ),
}
