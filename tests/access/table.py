"""Who may open which address: written by hand as what we expect, and sent request by request.

A row stands under its route as the project's URL patterns spell it; `admin/*` speaks for all below.

- `what`: what the address is for, in the words of docs/access.md.
- `get`, `post`: for everyone in the cast (tests.access.world.CAST) the status that the method answers;
  None when the method is not for the address and everybody who gets that far hears 405.
  Built with `to(...)`: `to(200, alice=200, others=404)`, first what the visitor hears.
- `at`: the address as the test sends it, from the world that holds Alice's things; by default the route.
- `data`: what a POST carries.

Rows of other apps stand below with those of people: add yours beside the addresses they belong to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from school.core import clock, days
from tests.access import placed as placed  # makes Alice's placement
from tests.access import published as published  # makes the public pages and what lies beside them
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


IMPORTERS = to(others=NO_PERMISSION, coordinator=200, workforce_manager=200, administrator=200)
# Somebody else's import is not found by those who may import at all.
NO_IMPORT = to(others=NO_PERMISSION, coordinator=404, workforce_manager=404, administrator=404)


def no_import(world: World) -> str:
    """The address of an import that none of the cast made."""
    return "imports/00000000-0000-4000-8000-000000000001/"


def alice(world: World) -> str:
    """The key of Alice's record."""
    return str(world.people["alice"].uuid)


TABLE: dict[str, Row] = {
    # Signing in
    "account/login/": Row(what="The one door", get=THE_DOOR, post=THE_DOOR),
    "account/login/code/": Row(what="Have a code sent", get=THE_DOOR, post=THE_DOOR),
    "account/login/code/confirm/": Row(what="Type the code", get=STAGE, post=STAGE),
    "account/login/second-step/": Row(what="The second step", get=STAGE, post=STAGE),
    "account/login/passkey/": Row(what="Sign in by passkey", get=STAGE, post=STAGE),
    "account/logout/": Row(what="Sign out", get=to(302, others=200), post=to(302, others=302)),
    "account/inactive/": Row(what="What a closed account hears", get=PUBLIC),
    "account/invitation/<str:token>/": Row(
        what="Accept an invitation",
        get=to(410, others=410),
        post=to(410, others=410),
        at=lambda world: "account/invitation/not-a-token/",
    ),
    "admin/login/": Row(what="Closed: leads to the one door", get=STAGE, post=STAGE),
    "django-admin/login/": Row(what="Closed: leads to the one door", get=STAGE, post=STAGE),
    "_util/login/": Row(what="Closed: leads to the one door", get=STAGE, post=STAGE),
    # One's own account
    "account/": Row(what="How one signs in", get=SIGNED_IN),
    "account/password/": Row(what="Choose a password", get=SIGNED_IN, post=SIGNED_IN),
    "account/app/": Row(
        what="Set up an authenticator app",
        get=to(others=302, alice=200, bob=200, charlie=200, dana=200),
    ),
    "account/app/remove/": Row(
        what="Take the authenticator app away",
        get=to(others=200, alice=404, bob=404, charlie=404, dana=404),
    ),
    "account/passkeys/add/": Row(what="Add a passkey", get=SIGNED_IN, post=SIGNED_IN),
    "account/passkeys/<int:pk>/remove/": Row(
        what="Take a passkey of one's own away",
        get=to(others=404),
        post=to(others=404),
        at=lambda world: "account/passkeys/1/remove/",
    ),
    "account/recovery-codes/": Row(what="Recovery codes", get=to(others=404)),
    "account/recovery-codes/new/": Row(what="New recovery codes", get=SIGNED_IN),
    "account/devices/": Row(what="Where one is signed in", get=SIGNED_IN, post=DONE),
    "account/prove/": Row(what="Prove it is you", get=SIGNED_IN, post=SIGNED_IN),
    "account/resume/": Row(what="Finish what was interrupted", get=DONE, post=DONE),
    "account/hat/<slug:role>/<uuid:scope>/": Row(
        what="Put on another of one's hats",
        post=to(others=404, alice=302),
        at=lambda world: f"account/hat/student/{world.site.scope.uuid}/",
    ),
    # People
    "people/": Row(what="Everyone and their roles", get=ADMINISTRATORS),
    "people/invite/": Row(
        what="Invite somebody",
        get=to(others=NO_PERMISSION, administrator=200, coordinator=200),
        post=to(others=NO_PERMISSION, administrator=200, coordinator=200),
    ),
    "people/<uuid:person>/roles/": Row(
        what="A person's roles and account",
        get=ADMINISTRATORS,
        post=ADMINISTRATORS,
        at=lambda world: f"people/{alice(world)}/roles/",
    ),
    "people/<uuid:person>/roles/<uuid:grant>/end/": Row(
        what="End a role",
        get=ADMINISTRATORS,
        post=ADMINISTRATORS,
        at=lambda world: f"people/{world.invited.uuid}/roles/{world.grant.entry.uuid}/end/",
    ),
    "people/<uuid:person>/merge/": Row(
        what="Find another record of a person",
        get=ADMINISTRATORS,
        at=lambda world: f"people/{alice(world)}/merge/",
    ),
    "people/<uuid:person>/merge/<uuid:other>/": Row(
        what="Make two persons one",
        get=ADMINISTRATORS,
        post=ADMINISTRATORS,
        at=lambda world: f"people/{alice(world)}/merge/{world.invited.uuid}/",
    ),
    "people/<uuid:person>/merge/<uuid:merge>/undo/": Row(
        what="Make two persons of one again",
        post=to(others=NO_PERMISSION, administrator=302),
        at=lambda world: f"people/{world.invited.uuid}/merge/{world.merge.entry.uuid}/undo/",
        data=lambda world: {"uuid": str(uuid4())},
    ),
    "people/<uuid:person>/invite/": Row(
        what="Send an invitation again",
        post=to(others=NO_PERMISSION, administrator=302),
        at=lambda world: f"people/{world.invited.uuid}/invite/",
    ),
    "people/<uuid:person>/account/": Row(
        what="Close or reopen an account",
        post=to(others=NO_PERMISSION, administrator=302),
        at=lambda world: f"people/{alice(world)}/account/",
    ),
    "people/<uuid:person>/": Row(
        what="A person's records",
        get=RECORD,
        at=lambda world: f"people/{alice(world)}/",
    ),
    "^admin/users/": Row(
        what="Closed: people are kept here",
        get=to(others=NO_PERMISSION, school_educator=302, administrator=302),
        at=lambda world: "admin/users/",
    ),
    # Imports: by a coordinator, a workforce manager and an administrator, each only their own files
    "imports/": Row(what="Imports of one's own", get=IMPORTERS),
    "imports/<slug:kind>/": Row(
        what="Send a file of students, staff or sites",
        get=IMPORTERS,
        post=to(others=NO_PERMISSION, coordinator=422, workforce_manager=422, administrator=422),
        at=lambda world: "imports/people/",
    ),
    "imports/<uuid:key>/": Row(what="What an import found", get=NO_IMPORT, at=no_import),
    "imports/<uuid:key>/write/": Row(
        what="Write an import", post=NO_IMPORT, at=lambda world: f"{no_import(world)}write/"
    ),
    "imports/<uuid:key>/discard/": Row(
        what="Delete an import", post=NO_IMPORT, at=lambda world: f"{no_import(world)}discard/"
    ),
    "imports/<uuid:key>/rows.<str:format>": Row(
        what="The rows of an import to settle, as a file",
        get=NO_IMPORT,
        at=lambda world: f"{no_import(world)}rows.csv",
    ),
    # The practice educator's pages: everyone's own, and Alice's shift for those who decide about it
    "inbox/": Row(what="What waits for oneself", get=SIGNED_IN, post=to(others=422)),
    "inbox/decided/": Row(
        what="What one decided oneself, and taking it back", get=SIGNED_IN, post=to(others=404)
    ),
    "inbox/<uuid:shift>/": Row(
        what="Decide about a shift", get=DECIDERS, post=UNFILLED, at=to_decide()
    ),
    "inbox/<uuid:shift>/query/": Row(
        what="Query a shift", get=DECIDERS, post=UNFILLED, at=to_decide("query/")
    ),
    "inbox/<uuid:shift>/reject/": Row(
        what="Reject a shift", get=DECIDERS, post=UNFILLED, at=to_decide("reject/")
    ),
    "with-me-today/": Row(what="One's own students of this week", get=SIGNED_IN),
    "with-me-today/<uuid:placement>/induction/": Row(
        what="Record an induction",
        post=to(others=NOT_FOUND, bob=422),
        at=lambda world: f"with-me-today/{world.placement.uuid}/induction/",
    ),
    # Students and their records, for those who watch over several
    "students/": Row(what="The overview and the list of students", get=WATCHERS),
    "students/file/<str:format>/": Row(
        what="The list of students as a file", get=WATCHERS, at=lambda world: "students/file/csv/"
    ),
    "students/<uuid:enrolment>/": Row(what="A placement record", get=RECORD, at=of_enrolment()),
    "students/<uuid:enrolment>/shifts/": Row(
        what="Every shift, version and decision", get=RECORD, at=of_enrolment("shifts/")
    ),
    "students/<uuid:enrolment>/shifts/file/<str:format>/": Row(
        what="The same as a file", get=RECORD, at=of_enrolment("shifts/file/csv/")
    ),
    "students/<uuid:enrolment>/place/": Row(
        what="Put a student on a place", get=PLACERS, post=UNPLACED, at=of_enrolment("place/")
    ),
    "students/<uuid:enrolment>/adjust/": Row(
        what="Propose to adjust hours",
        get=to(
            others=NO_PERMISSION,
            site_lead=404,
            university_tutor=404,
            coordinator=200,
            programme_lead=200,
        ),
        post=to(
            others=NO_PERMISSION,
            site_lead=404,
            university_tutor=404,
            coordinator=422,
            programme_lead=422,
        ),
        at=of_enrolment("adjust/"),
    ),
    "adjustments/<uuid:proposal>/": Row(
        what="A proposal that waits for a second person",
        get=to(
            others=NO_PERMISSION,
            site_lead=404,
            university_tutor=404,
            coordinator=200,
            programme_lead=200,
        ),
        at=lambda world: f"adjustments/{world.proposal.uuid}/",
    ),
    "adjustments/<uuid:proposal>/settle/": Row(
        what="Agree to a proposal, or decline it",
        post=to(
            others=NO_PERMISSION,
            site_lead=404,
            university_tutor=404,
            coordinator=302,
            programme_lead=302,
        ),
        at=lambda world: f"adjustments/{world.proposal.uuid}/settle/",
    ),
    # Places, and one placement
    "places/": Row(what="Places week by week, and who is where", get=WATCHERS),
    "places/file/<str:format>/": Row(
        what="Places as a file", get=WATCHERS, at=lambda world: "places/file/csv/"
    ),
    "places/sites/<uuid:site>/": Row(what="What a site offers", get=WATCHERS, at=of_site()),
    "places/sites/<uuid:site>/offer/": Row(
        what="Offer places", get=PLACERS, post=UNPLACED, at=of_site("offer/")
    ),
    "places/sites/<uuid:site>/audit/": Row(
        what="Record a site's quality audit", get=PLACERS, post=UNPLACED, at=of_site("audit/")
    ),
    "places/offers/<uuid:offer>/": Row(
        what="Change or close an offer",
        get=PLACERS,
        post=UNPLACED,
        at=lambda world: f"places/offers/{world.offer.uuid}/",
    ),
    "placements/<uuid:placement>/": Row(what="A placement", get=PLACERS, at=of_placement()),
    "placements/<uuid:placement>/dates/": Row(
        what="Change a placement's dates", get=PLACERS, post=UNPLACED, at=of_placement("dates/")
    ),
    "placements/<uuid:placement>/withdraw/": Row(
        what="Withdraw a placement", get=PLACERS, post=UNPLACED, at=of_placement("withdraw/")
    ),
    "placements/<uuid:placement>/rota/": Row(
        what="Plan a placement's rota", get=PLACERS, post=UNPLACED, at=of_placement("rota/")
    ),
    "placements/<uuid:placement>/make-up/<uuid:note>/": Row(
        what="Arrange a make-up above the student's own limit",
        get=PLACERS,
        post=UNPLACED,
        at=lambda world: f"placements/{world.placement.uuid}/make-up/{world.note.entry.uuid}/",
    ),
    "placements/<uuid:placement>/rota/<uuid:planned>/cancel/": Row(
        what="Take a student's make-up off the rota",
        post=to(others=NO_PERMISSION, coordinator=302),
        at=lambda world: f"placements/{world.placement.uuid}/rota/{world.make_up.uuid}/cancel/",
    ),
    "placements/<uuid:placement>/induction/": Row(
        what="Record an induction, as a coordinator",
        get=PLACERS,
        post=UNPLACED,
        at=of_placement("induction/"),
    ),
    "placements/<uuid:placement>/supervision/": Row(
        what="Name who supervises", get=PLACERS, post=UNPLACED, at=of_placement("supervision/")
    ),
    "placements/<uuid:placement>/supervision/<uuid:supervision>/end/": Row(
        what="End a supervision",
        get=PLACERS,
        post=UNPLACED,
        at=lambda world: (
            f"placements/{world.placement.uuid}/supervision/{world.supervision.entry.uuid}/end/"
        ),
    ),
    "placements/<uuid:placement>/confirm/": Row(
        what="Confirm a placement",
        post=to(others=NO_PERMISSION, coordinator=302),
        at=of_placement("confirm/"),
    ),
    "placements/<uuid:placement>/complete/": Row(
        what="Complete a placement",
        post=to(others=NO_PERMISSION, coordinator=302),
        at=of_placement("complete/"),
    ),
    # Long work
    "progress/<uuid:work>/": Row(
        what="How far long work has come, for whoever started it",
        get=to(others=NOT_FOUND, alice=200),
        at=lambda world: f"progress/{world.work.uuid}/",
    ),
    # Public pages and their editor
    r"^((?:[\w\-]+/)*)$": Row(what="The public pages", get=PUBLIC, at=lambda world: "sites/"),
    "robots.txt": Row(what="What search engines may read", get=PUBLIC),
    "sitemap.xml": Row(what="Every public page", get=PUBLIC),
    "media/images/<str:name>": Row(
        what="A picture at the size of a page",
        get=PUBLIC,
        at=lambda world: f"media/{world.picture.file.name}",
    ),
    r"documents/^(\d+)/(.*)$": Row(
        what="A document",
        get=SIGNED_IN,
        at=lambda world: f"documents/{world.document.pk}/{world.document.filename}",
    ),
    "documents/authenticate_with_password/<int:restriction_id>/": Row(
        what="Closed: nothing is shared by a password",
        get=to(others=NOT_FOUND),
        post=to(others=NOT_FOUND),
        at=lambda world: "documents/authenticate_with_password/1/",
    ),
    "admin/*": Row(
        what="The editor of the public pages, all that is below it included",
        get=to(others=NO_PERMISSION, school_educator=200, administrator=200),
        at=lambda world: "admin/",
    ),
    # The machinery
    "system/": Row(what="How the machinery does", get=ADMINISTRATORS),
    "system/gallery/": Row(what="Every component of the pages", get=ADMINISTRATORS),
    "system/tasks/<uuid:task>/retry/": Row(
        what="Queue a failed task again",
        post=to(others=NO_PERMISSION, administrator=302),
        at=lambda world: "system/tasks/00000000-0000-4000-8000-000000000001/retry/",
    ),
    "system/mail/<uuid:mail>/retry/": Row(
        what="Queue a message again",
        post=to(others=NO_PERMISSION, administrator=302),
        at=lambda world: f"system/mail/{world.mail.uuid}/retry/",
    ),
    # Confirming without an account: the pages behind a link are public by its token
    "shifts/ask/": Row(
        what="Ask somebody without an account to confirm one's own hours",
        get=SIGNED_IN,
        post=to(others=422),
    ),
    "enrolments/<uuid:enrolment>/ask/": Row(
        what="The same for a student one places",
        get=to(others=NOT_FOUND, coordinator=200),
        post=to(others=NOT_FOUND, coordinator=422),
        at=lambda world: f"enrolments/{world.enrolment.uuid}/ask/",
    ),
    "confirm/<str:token>/": Row(
        what="Confirm by link and code", get=GONE, post=GONE, at=lambda world: "confirm/no-token/"
    ),
    "confirm/<str:token>/code/": Row(
        what="Have the code of a link sent", post=GONE, at=lambda world: "confirm/no-token/code/"
    ),
    "confirm/<str:token>/<uuid:shift>/query/": Row(
        what="Query by link and code",
        get=GONE,
        post=GONE,
        at=lambda world: f"confirm/no-token/{world.shift.entry.uuid}/query/",
    ),
    "home/": Row(what="One's own first page", get=SIGNED_IN),
    # A student's own shifts and days; somebody on no placement hears what will appear
    "shifts/": Row(what="One's own shifts", get=SIGNED_IN),
    "shifts/file/<str:format>/": Row(
        what="One's own shifts as a file", get=SIGNED_IN, at=lambda world: "shifts/file/csv/"
    ),
    "shifts/log/": Row(what="Log a shift", get=SIGNED_IN, post=to(others=NOT_FOUND, alice=422)),
    "shifts/log/week/": Row(
        what="The week with what is typed in it", get=to(others=NOT_FOUND, alice=200)
    ),
    "shifts/log-several/": Row(
        what="Log several days", get=SIGNED_IN, post=to(others=NOT_FOUND, alice=302)
    ),
    "shifts/<uuid:shift>/": Row(
        what="A shift: its versions and decisions", get=RECORD, at=of_shift()
    ),
    "shifts/<uuid:shift>/correct/": Row(
        what="Correct one's own shift", get=OWN, post=OWN_UNFILLED, at=of_shift("correct/")
    ),
    "shifts/<uuid:shift>/take-back/": Row(
        what="Take one's own shift back", get=OWN, post=OWN_UNFILLED, at=of_shift("take-back/")
    ),
    "shifts/<uuid:shift>/reply/": Row(
        what="Answer a query", get=OWN, post=OWN_UNFILLED, at=of_shift("reply/")
    ),
    "rota/": Row(what="One's own planned shifts", get=SIGNED_IN),
    "rota/<uuid:planned>/cancel/": Row(
        what="Take a make-up of one's own off the rota",
        post=to(others=NOT_FOUND, alice=302),
        at=lambda world: f"rota/{world.make_up.uuid}/cancel/",
    ),
    "day-notes/": Row(
        what="Say why a day was not worked",
        get=SIGNED_IN,
        post=to(others=NOT_FOUND, alice=422),
    ),
    "day-notes/<uuid:note>/": Row(
        what="Correct one's own day note", get=OWN, post=OWN_UNFILLED, at=of_note()
    ),
    "day-notes/<uuid:note>/withdraw/": Row(
        what="Take one's own day note back", get=OWN, post=OWN_UNFILLED, at=of_note("withdraw/")
    ),
    "day-notes/<uuid:note>/make-up/": Row(
        what="Plan to make a lost day up", get=OWN, post=OWN_UNFILLED, at=of_note("make-up/")
    ),
    "weeks/<uuid:placement>/<str:monday>/": Row(
        what="Close a week of one's own",
        get=OWN,
        post=OWN_UNFILLED,
        at=lambda world: f"weeks/{world.placement.uuid}/{days.monday(clock.today())}/",
    ),
}
