"""The pages of those who follow students, whole records, and what a university and a trust are sent."""

from collections.abc import Callable

from school.core import clock
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, Row, of_enrolment, to
from tests.access.world import World

FOLLOWERS = to(others=NO_PERMISSION, university_tutor=200, programme_lead=200)
CERTIFIERS = to(others=NO_PERMISSION, coordinator=200, programme_lead=200)
INTERRUPTERS = to(others=NOT_FOUND, coordinator=200, university_tutor=200, programme_lead=200)
UNFILLED = to(others=NOT_FOUND, coordinator=422, university_tutor=422, programme_lead=422)
DONE = to(others=NOT_FOUND, coordinator=302, university_tutor=302, programme_lead=302)


def of_interruption(act: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's interruption."""
    return lambda world: f"students/{world.enrolment.uuid}/interruptions/{world.interruption.entry.uuid}/{act}"  # fmt: skip


def asked(world: World) -> str:
    """What a marks file is asked for: Alice's cohort in year 3, today."""
    day = clock.today()
    parts = [f"{name}_day={day.day}&{name}_month={day.month}&{name}_year={day.year}" for name in ("as_of", "known_on")]  # fmt: skip
    return f"cohort={world.enrolment.cohort.uuid}&year=3&{'&'.join(parts)}"


ROWS: dict[str, Row] = {
    "tutor/": Row(what="The students one follows, who is behind and why", get=FOLLOWERS),
    "tutor/file/<str:format>/": Row(
        what="The same as a file", get=FOLLOWERS, at=lambda world: "tutor/file/csv/"
    ),
    "tutor/marks/": Row(
        what="What the marks file will say",
        get=FOLLOWERS,
        at=lambda world: f"tutor/marks/?{asked(world)}",
    ),
    "tutor/marks/file/<str:format>/": Row(
        what="The marks file of a cohort",
        get=FOLLOWERS,
        at=lambda world: f"tutor/marks/file/csv/?{asked(world)}",
    ),
    "tariff/": Row(what="Education-tariff weeks by trust", get=CERTIFIERS),
    "tariff/<str:what>/file/<str:format>/": Row(
        what="Education-tariff weeks as a file",
        get=CERTIFIERS,
        at=lambda world: "tariff/placements/file/csv/",
    ),
    "students/<uuid:enrolment>/whole/": Row(
        what="Everything of one student on one page",
        get=to(
            others=NOT_FOUND, alice=200, coordinator=200, university_tutor=200, programme_lead=200
        ),
        at=of_enrolment("whole/"),
    ),
    "students/<uuid:enrolment>/interrupt/": Row(
        what="Interrupt studies", get=INTERRUPTERS, post=UNFILLED, at=of_enrolment("interrupt/")
    ),
    "students/<uuid:enrolment>/interruptions/<uuid:interruption>/": Row(
        what="Resume studies", get=INTERRUPTERS, post=UNFILLED, at=of_interruption()
    ),
    "students/<uuid:enrolment>/interruptions/<uuid:interruption>/cancel/": Row(
        what="Take an interruption back", post=DONE, at=of_interruption("cancel/")
    ),
}
