"""The log of examinations: a student's own pages, and what those who may open their log book read."""

from collections.abc import Callable

from tests.access import logged as logged  # makes what Alice logged
from tests.access.table.row import OWN, OWN_UNFILLED, RECORD, SIGNED_IN, Row
from tests.access.world import World


def of_examination(page: str = "") -> Callable[[World], str]:
    """The address of a page about the examination that Alice logged."""
    return lambda world: f"log-book/examinations/{world.examination.entry.uuid}/{page}"


def of_log_book(page: str = "") -> Callable[[World], str]:
    """The address of what others read of Alice's log."""
    return lambda world: f"log-books/{world.enrolment.uuid}/examinations/{page}"


def of_file(page: str = "") -> Callable[[World], str]:
    """The address of the file beside Alice's examination."""
    return lambda world: f"log-book/files/{world.evidence_file.entry.uuid}/{page}"


ROWS: dict[str, Row] = {
    "log-book/examinations/": Row(what="One's own examinations", get=SIGNED_IN),
    "log-book/examinations/log/": Row(what="Log an examination", get=SIGNED_IN, post=OWN_UNFILLED),
    "log-book/examinations/range/": Row(
        what="The range of one's own examinations as a picture", get=SIGNED_IN
    ),
    "log-book/examinations/file/<str:format>/": Row(
        what="The same as a file",
        get=SIGNED_IN,
        at=lambda world: "log-book/examinations/file/csv/",
    ),
    "log-book/examinations/<uuid:entry>/": Row(
        what="An examination with its corrections", get=RECORD, at=of_examination()
    ),
    "log-book/examinations/<uuid:entry>/correct/": Row(
        what="Correct an examination", get=OWN, post=OWN_UNFILLED, at=of_examination("correct/")
    ),
    "log-book/examinations/<uuid:entry>/take-back/": Row(
        what="Take an examination back",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_examination("take-back/"),
        data=lambda world: {"uuid": "none"},
    ),
    "log-book/examinations/<uuid:entry>/files/add/": Row(
        what="Put a file beside an examination",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_examination("files/add/"),
    ),
    "log-book/files/<uuid:file>/": Row(
        what="A file beside an examination", get=RECORD, at=of_file()
    ),
    "log-book/files/<uuid:file>/take-away/": Row(
        what="Take a file away",
        get=OWN,
        post=OWN_UNFILLED,
        at=of_file("take-away/"),
        data=lambda world: {"uuid": "none"},
    ),
    "log-books/<uuid:enrolment>/examinations/": Row(
        what="A student's examinations", get=RECORD, at=of_log_book()
    ),
    "log-books/<uuid:enrolment>/examinations/file/<str:format>/": Row(
        what="The same as a file", get=RECORD, at=of_log_book("file/csv/")
    ),
    "log-books/<uuid:enrolment>/examinations/range/": Row(
        what="The range of a student's examinations as a picture",
        get=RECORD,
        at=of_log_book("range/"),
    ),
}
