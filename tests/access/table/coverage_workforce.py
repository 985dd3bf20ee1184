"""The workforce itself: figures for who sees figures, names for who sees names."""

from tests.access.table.row import NO_PERMISSION, Row, to

FIGURES = to(others=NO_PERMISSION, site_lead=200, workforce_manager=200, report_viewer=200)
UNASKED = to(others=NO_PERMISSION, site_lead=404, workforce_manager=404, report_viewer=404)

ROWS: dict[str, Row] = {
    "coverage/workforce/": Row(
        what="The workforce on a day: people, whole-time equivalents, who came and went, crews by month",
        get=FIGURES,
    ),
    "coverage/workforce/<str:table>/file/<str:format>/": Row(
        what="A table of the workforce as CSV or XLSX",
        get=FIGURES,
        at=lambda world: "coverage/workforce/people/file/csv/",
    ),
    "coverage/attended/": Row(what="Who attended a course in a window, by site", get=FIGURES),
    "coverage/attended/file/<str:format>/": Row(
        what="The same as CSV or XLSX, once it says which course and window",
        get=UNASKED,
        at=lambda world: "coverage/attended/file/csv/",
    ),
    "coverage/hours/": Row(
        what="Placement hours: how soon decided, and against the band, without names", get=FIGURES
    ),
    "coverage/hours/<str:table>/file/<str:format>/": Row(
        what="One of its tables as CSV or XLSX",
        get=FIGURES,
        at=lambda world: "coverage/hours/cohorts/file/csv/",
    ),
}
