"""What a row of the table of access is, and the expectations that many rows share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.access.world import CAST, World

Expect = Mapping[str, int]

# A visitor is sent to sign in.
SENT = 302
NO_PERMISSION = 403
NOT_FOUND = 404


def to(visitor: int = SENT, *, others: int, **named: int) -> Expect:
    """The status for each of the cast: the visitor's, the named ones', and that of all others."""
    unknown = set(named) - set(CAST)
    if unknown:
        raise ValueError(f"Nobody in the cast is called {', '.join(sorted(unknown))}.")
    return {name: visitor if name == "visitor" else named.get(name, others) for name in CAST}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is expected of one address."""

    what: str
    get: Expect | None = None
    post: Expect | None = None
    at: Callable[[World], str] | None = None
    data: Callable[[World], dict[str, Any]] = lambda world: {}


PUBLIC = to(200, others=200)
SIGNED_IN = to(others=200)
DONE = to(others=302)
THE_DOOR = to(200, others=302)
STAGE = to(302, others=302)
ADMINISTRATORS = to(others=NO_PERMISSION, administrator=200)


GONE = to(410, others=410)
# Alice's shift, for those who decide about it: her practice educator and the site's lead.
DECIDERS = to(others=NOT_FOUND, bob=200, site_lead=200)
UNFILLED = to(others=NOT_FOUND, bob=422, site_lead=422)


def to_decide(act: str = "") -> Callable[[World], str]:
    """The address of a practice educator's page about Alice's shift."""
    return lambda world: f"inbox/{world.shift.entry.uuid}/{act}"


WATCHERS = to(
    others=NO_PERMISSION, site_lead=200, coordinator=200, university_tutor=200, programme_lead=200
)
# Alice's record: herself, who supervises her, and the roles whose scope holds her.
RECORD = to(
    others=NOT_FOUND,
    alice=200,
    bob=200,
    site_lead=200,
    coordinator=200,
    university_tutor=200,
    programme_lead=200,
)
PLACERS = to(others=NO_PERMISSION, coordinator=200)
UNPLACED = to(others=NO_PERMISSION, coordinator=422)


def of_enrolment(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's enrolment."""
    return lambda world: f"students/{world.enrolment.uuid}/{page}"


def of_placement(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's placement."""
    return lambda world: f"placements/{world.placement.uuid}/{page}"


def of_site(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's site."""
    return lambda world: f"places/sites/{world.site.uuid}/{page}"


# Alice's own things: nobody else finds them, whatever their role.
OWN = to(others=NOT_FOUND, alice=200)
OWN_UNFILLED = to(others=NOT_FOUND, alice=422)


def of_shift(act: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's shift."""
    return lambda world: f"shifts/{world.shift.entry.uuid}/{act}"


def of_note(act: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's day note."""
    return lambda world: f"day-notes/{world.note.entry.uuid}/{act}"


IMPORTERS = to(
    others=NO_PERMISSION,
    coordinator=200,
    school_educator=200,
    workforce_manager=200,
    administrator=200,
)
# Somebody else's import is not found by those who may import at all.
NO_IMPORT = to(
    others=NO_PERMISSION,
    coordinator=404,
    school_educator=404,
    workforce_manager=404,
    administrator=404,
)


def no_import(world: World) -> str:
    """The address of an import that none of the cast made."""
    return "imports/00000000-0000-4000-8000-000000000001/"


def alice(world: World) -> str:
    """The key of Alice's record."""
    return str(world.people["alice"].uuid)
