"""Before the first day: what a site asks, checks, the joining pack, and what is declared in confidence."""

from tests.access.table.row import (
    NO_PERMISSION,
    NOT_FOUND,
    OWN,
    OWN_UNFILLED,
    RECORD,
    SIGNED_IN,
    Row,
    of_placement,
    of_site,
    to,
)
from tests.access.world import World

# Who runs Alice's site, and who sees who is not ready.
RUNS_SITE = to(others=NO_PERMISSION, site_lead=200, coordinator=200)
# Who records that Alice showed something: never she herself.
CHECKS = to(others=NOT_FOUND, bob=200, site_lead=200, coordinator=200)
UNCHECKED = to(others=NOT_FOUND, bob=422, site_lead=422, coordinator=422)
PROTECTS = to(others=NO_PERMISSION, radiation_protection=200)
UNREAD = to(others=NO_PERMISSION, radiation_protection=422)


def of_check(world: World) -> str:
    """The address of a page about a check of Alice's."""
    return f"placements/{world.placement.uuid}/checks/{world.check.entry.uuid}/"


def of_wearer(world: World) -> str:
    """The address of Alice's dose readings, for who reads her badge."""
    return f"dose-readings/{world.enrolment.uuid}/"


ROWS: dict[str, Row] = {
    "places/sites/<uuid:site>/settings/": Row(
        what="The checks that a site asks for, and its guide",
        get=RUNS_SITE,
        post=to(others=NO_PERMISSION, site_lead=302, coordinator=302),
        at=of_site("settings/"),
    ),
    "placements/<uuid:placement>/checks/": Row(
        what="The checks of a placement, and recording one",
        get=CHECKS,
        post=UNCHECKED,
        at=of_placement("checks/"),
    ),
    "placements/<uuid:placement>/checks/<uuid:check>/": Row(
        what="Correct a check", get=CHECKS, post=UNCHECKED, at=of_check
    ),
    "placements/<uuid:placement>/checks/<uuid:check>/withdraw/": Row(
        what="Withdraw a check",
        post=to(others=NOT_FOUND, bob=302, site_lead=302, coordinator=302),
        at=lambda world: of_check(world) + "withdraw/",
    ),
    "placements/<uuid:placement>/joining/": Row(
        what="A placement's joining pack", get=RECORD, at=of_placement("joining/")
    ),
    "ready/": Row(what="What one still has to show before the first day", get=SIGNED_IN),
    "students/not-ready/": Row(what="Who begins soon and lacks something", get=RUNS_SITE),
    "students/not-ready/file/<str:format>/": Row(
        what="The same as a file", get=RUNS_SITE, at=lambda world: "students/not-ready/file/csv/"
    ),
    "declaration/": Row(what="Declare a pregnancy in confidence", get=OWN, post=OWN_UNFILLED),
    "declaration/take-back/": Row(
        what="Take one's own declaration back", post=to(others=NOT_FOUND, alice=302)
    ),
    "my-dose/": Row(what="What one's own badges showed", get=OWN),
    "in-confidence/": Row(what="What students declared in confidence", get=PROTECTS),
    "dose-readings/": Row(what="The students whose badges one reads", get=PROTECTS),
    "dose-readings/<uuid:enrolment>/": Row(
        what="A student's dose readings at one's site", get=PROTECTS, post=UNREAD, at=of_wearer
    ),
    "dose-readings/<uuid:enrolment>/<uuid:reading>/": Row(
        what="Correct a dose reading",
        get=PROTECTS,
        post=UNREAD,
        at=lambda world: f"{of_wearer(world)}{world.dose.entry.uuid}/",
    ),
}
