"""Signing in, one's own account, people, imports and the machinery."""

from uuid import uuid4

from tests.access.table.row import (
    ADMINISTRATORS,
    DONE,
    IMPORTERS,
    NO_IMPORT,
    NO_PERMISSION,
    NOT_FOUND,
    PUBLIC,
    RECORD,
    SIGNED_IN,
    STAGE,
    THE_DOOR,
    Row,
    alice,
    no_import,
    to,
)

ROWS: dict[str, Row] = {
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
    "account/mail/": Row(
        what="Choose when mail comes",
        get=SIGNED_IN,
        post=to(others=302),
        data=lambda world: {"digest": "daily"},
    ),
    "account/messages/": Row(what="What was written to oneself", get=SIGNED_IN),
    "account/address/": Row(what="Change one's own address", get=SIGNED_IN, post=to(others=422)),
    "account/address/<str:token>/": Row(
        what="Confirm an address by the link that was sent there",
        get=to(410, others=410),
        post=to(410, others=410),
        at=lambda world: "account/address/not-a-token/",
    ),
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
    "people/<uuid:person>/correct/": Row(
        what="Change a person's name or address",
        get=ADMINISTRATORS,
        post=to(others=NO_PERMISSION, administrator=422),
        at=lambda world: f"people/{alice(world)}/correct/",
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
        get=to(others=NO_PERMISSION, coordinator=200, workforce_manager=200, administrator=200),
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
    # Long work
    "progress/<uuid:work>/": Row(
        what="How far long work has come, for whoever started it",
        get=to(others=NOT_FOUND, alice=200),
        at=lambda world: f"progress/{world.work.uuid}/",
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
}
