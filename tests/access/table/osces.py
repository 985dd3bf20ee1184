"""Marks of OSCEs that were given elsewhere: for whoever examines them; a file only for whoever sent it."""

from uuid import UUID

from tests.access.table.row import NO_PERMISSION, NOT_FOUND, Row, to

KEY = UUID("9f6a4f30-41b8-4f0f-8a0e-0b8b3f6d2c11")
EXAMINERS = to(others=NO_PERMISSION, programme_lead=200, school_educator=200)
UNFILLED = to(others=NO_PERMISSION, programme_lead=422, school_educator=422)
ANOTHERS = to(others=NO_PERMISSION, programme_lead=NOT_FOUND, school_educator=NOT_FOUND)

ROWS: dict[str, Row] = {
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
