"""OSCEs: the bank of stations, exams made of it, and marks that were given elsewhere, a file only for whoever sent it."""

from collections.abc import Callable
from uuid import UUID

from tests.access import banked as banked  # makes a draft, a published version and an exam
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, Row, to
from tests.access.world import World

KEY = UUID("9f6a4f30-41b8-4f0f-8a0e-0b8b3f6d2c11")
EXAMINERS = to(others=NO_PERMISSION, programme_lead=200, school_educator=200)
UNFILLED = to(others=NO_PERMISSION, programme_lead=422, school_educator=422)
ANOTHERS = to(others=NO_PERMISSION, programme_lead=NOT_FOUND, school_educator=NOT_FOUND)

# External examiners read frozen exams and their stations, and nothing else.
READERS = to(others=NO_PERMISSION, programme_lead=200, school_educator=200, external_examiner=200)
UNFROZEN = to(
    others=NO_PERMISSION, programme_lead=200, school_educator=200, external_examiner=NOT_FOUND
)
DONE = to(others=NO_PERMISSION, programme_lead=302, school_educator=302)


def drafted(page: str = "") -> Callable[[World], str]:
    """The address of a page of the station that is being written."""
    return lambda world: f"osces/stations/{world.station_draft.uuid}/{page}"


def published(page: str = "") -> Callable[[World], str]:
    """The address of a page of the station that is published."""
    return lambda world: f"osces/stations/{world.station_version.station.uuid}/{page}"


def exam(page: str = "") -> Callable[[World], str]:
    """The address of a page of the exam that is being designed."""
    return lambda world: f"osces/exams/{world.exam.uuid}/{page}"


ROWS: dict[str, Row] = {
    "osces/stations/": Row(what="The bank of stations", get=EXAMINERS),
    "osces/stations/new/": Row(what="Write a station", get=EXAMINERS, post=UNFILLED),
    "osces/stations/<uuid:station>/": Row(
        what="A station with its draft and versions", get=EXAMINERS, at=drafted()
    ),
    "osces/stations/<uuid:station>/change/": Row(
        what="Write on a draft", get=EXAMINERS, post=UNFILLED, at=drafted("change/")
    ),
    "osces/stations/<uuid:station>/next/": Row(
        what="Begin the next version", post=DONE, at=published("next/")
    ),
    "osces/stations/<uuid:station>/submit/": Row(
        what="Give a draft to a second reader", post=DONE, at=drafted("submit/")
    ),
    "osces/stations/<uuid:station>/return/": Row(
        what="Give a draft back", post=DONE, at=drafted("return/")
    ),
    "osces/stations/<uuid:station>/publish/": Row(
        what="Publish what a second person has read", post=DONE, at=drafted("publish/")
    ),
    "osces/stations/<uuid:station>/drop/": Row(
        what="Let a draft go", post=DONE, at=drafted("drop/")
    ),
    "osces/stations/<uuid:station>/versions/<int:number>/": Row(
        what="A published version", get=UNFROZEN, at=published("versions/1/")
    ),
    "osces/stations/<uuid:station>/versions/<int:number>/sheet/": Row(
        what="Its blank mark sheet on paper",
        get=ANOTHERS,
        post=DONE,
        at=published("versions/1/sheet/"),
    ),
    "osces/exams/": Row(what="Exams, coming and past", get=READERS),
    "osces/exams/new/": Row(what="Design an exam", get=EXAMINERS, post=UNFILLED),
    "osces/exams/<uuid:exam>/": Row(
        what="The design of an exam with its blueprint", get=UNFROZEN, at=exam()
    ),
    "osces/exams/<uuid:exam>/change/": Row(
        what="Write on an exam", get=EXAMINERS, post=UNFILLED, at=exam("change/")
    ),
    "osces/exams/<uuid:exam>/submit/": Row(
        what="Give an exam to a second reader", post=DONE, at=exam("submit/")
    ),
    "osces/exams/<uuid:exam>/return/": Row(what="Give an exam back", post=DONE, at=exam("return/")),
    "osces/exams/<uuid:exam>/drop/": Row(
        what="Let an exam go that was not frozen", post=DONE, at=exam("drop/")
    ),
    "osces/exams/<uuid:exam>/freeze/": Row(
        what="Freeze what a second person has read", post=DONE, at=exam("freeze/")
    ),
    "osces/marks/": Row(
        what="Send marks of an OSCE and examine them", get=EXAMINERS, post=UNFILLED
    ),
    "osces/marks/<uuid:key>/": Row(
        what="What marks come to; 404 for all but whoever sent them",
        get=ANOTHERS,
        at=lambda world: f"osces/marks/{KEY}/",
    ),
    "osces/marks/<uuid:key>/what-if/": Row(
        what="Standards side by side on them",
        get=ANOTHERS,
        at=lambda world: f"osces/marks/{KEY}/what-if/",
    ),
    "osces/marks/<uuid:key>/stations/<int:place>/": Row(
        what="One station of them",
        get=ANOTHERS,
        at=lambda world: f"osces/marks/{KEY}/stations/1/",
    ),
    "osces/marks/<uuid:key>/<str:table>/file/<str:format>/": Row(
        what="Their tables and figures as a file",
        get=ANOTHERS,
        at=lambda world: f"osces/marks/{KEY}/stations/file/csv/",
    ),
    "osces/marks/<uuid:key>/pdf/": Row(
        what="Ask for the report as a PDF",
        post=ANOTHERS,
        at=lambda world: f"osces/marks/{KEY}/pdf/",
    ),
    "osces/marks/<uuid:key>/pdf/<uuid:work>/": Row(
        what="The PDF",
        get=ANOTHERS,
        at=lambda world: f"osces/marks/{KEY}/pdf/{KEY}/",
    ),
}
