"""Training coverage: its figures, the people behind them, and passports."""

from tests.access.table.row import NO_PERMISSION, NOT_FOUND, SIGNED_IN, Row, to
from tests.access.world import World

# Figures are for those who keep staff, lead a site or read reports; names are not for the last of them.
FIGURES = to(others=NO_PERMISSION, workforce_manager=200, site_lead=200, report_viewer=200)
NAMES = to(others=NO_PERMISSION, workforce_manager=200, site_lead=200)


def of_alice(world: World) -> str:
    """Alice's passport: her own, and theirs who see everybody's training."""
    return f"coverage/passport/{world.people['alice'].uuid}/"


def csv_of(page: str) -> str:
    """The address of a page's file."""
    return f"coverage/{page}file/csv/"


ROWS: dict[str, Row] = {
    "coverage/": Row(what="Training coverage", get=FIGURES),
    "coverage/file/<str:format>/": Row(
        what="The same as a file", get=FIGURES, at=lambda world: csv_of("")
    ),
    "coverage/trend/": Row(what="Coverage over time", get=FIGURES),
    "coverage/people/": Row(what="The people behind a figure", get=NAMES),
    "coverage/people/file/<str:format>/": Row(
        what="The same as a file", get=NAMES, at=lambda world: csv_of("people/")
    ),
    "coverage/lapses/": Row(what="What lapses next", get=FIGURES),
    "coverage/lapses/file/<str:format>/": Row(
        what="Whose training lapses, as a file", get=NAMES, at=lambda world: csv_of("lapses/")
    ),
    "coverage/passport/": Row(what="One’s own training passport", get=SIGNED_IN),
    "coverage/passport/<uuid:person>/": Row(
        what="Somebody’s training passport",
        get=to(others=NOT_FOUND, alice=200, workforce_manager=200),
        at=of_alice,
    ),
}
