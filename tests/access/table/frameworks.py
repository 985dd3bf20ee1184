"""Competency frameworks: kept by programme leads alone."""

from collections.abc import Callable

from tests.access import framed as framed  # makes a draft
from tests.access import logged as logged  # makes a published version
from tests.access.table.row import NO_PERMISSION, Row, to
from tests.access.world import World

KEEPERS = to(others=NO_PERMISSION, programme_lead=200)
KEEPERS_UNFILLED = to(others=NO_PERMISSION, programme_lead=422)
KEEPERS_DONE = to(others=NO_PERMISSION, programme_lead=302)


def of_version(page: str = "") -> Callable[[World], str]:
    """The address of a page about a published version."""
    return lambda world: f"frameworks/versions/{world.log_book.version.uuid}/{page}"


def of_draft(page: str = "") -> Callable[[World], str]:
    """The address of a page about the draft."""
    return lambda world: f"frameworks/drafts/{world.framework_draft.uuid}/{page}"


def of_competency(page: str = "") -> Callable[[World], str]:
    """The address of a page about a competency of the draft."""
    return lambda world: (
        f"frameworks/drafts/{world.framework_draft.uuid}"
        f"/competencies/{world.draft_competency.identifier}/{page}"
    )


ROWS: dict[str, Row] = {
    "frameworks/": Row(what="The frameworks with their versions and drafts", get=KEEPERS),
    "frameworks/programmes/<uuid:programme>/": Row(
        what="Say in which ways a programme's log books are signed",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=lambda world: (
            f"frameworks/programmes/{world.placement.enrolment.cohort.programme.uuid}/"
        ),
    ),
    "frameworks/import/": Row(
        what="Send a file of a framework and see what would become of it",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
    ),
    "frameworks/import/keep/": Row(what="Make a draft of what was read", post=KEEPERS_DONE),
    "frameworks/versions/<uuid:version>/": Row(
        what="A published version", get=KEEPERS, at=of_version()
    ),
    "frameworks/versions/<uuid:version>/file/<str:format>/": Row(
        what="The same as a file", get=KEEPERS, at=of_version("file/case/")
    ),
    "frameworks/versions/<uuid:version>/draft/": Row(
        what="Begin the next version from it", post=KEEPERS_DONE, at=of_version("draft/")
    ),
    "frameworks/drafts/<uuid:draft>/": Row(
        what="An open draft with its problems and what it changes", get=KEEPERS, at=of_draft()
    ),
    "frameworks/drafts/<uuid:draft>/file/<str:format>/": Row(
        what="The same as a file", get=KEEPERS, at=of_draft("file/moodle/")
    ),
    "frameworks/drafts/<uuid:draft>/submit/": Row(
        what="Give a draft to a second reader", post=KEEPERS_DONE, at=of_draft("submit/")
    ),
    "frameworks/drafts/<uuid:draft>/return/": Row(
        what="Give a draft back to be written on", post=KEEPERS_DONE, at=of_draft("return/")
    ),
    "frameworks/drafts/<uuid:draft>/publish/": Row(
        what="Publish a draft that somebody else wrote", post=KEEPERS_DONE, at=of_draft("publish/")
    ),
    "frameworks/drafts/<uuid:draft>/drop/": Row(
        what="Let a draft go", post=KEEPERS_DONE, at=of_draft("drop/")
    ),
    "frameworks/drafts/<uuid:draft>/competency/": Row(
        what="Add a competency to a draft",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=of_draft("competency/"),
    ),
    "frameworks/drafts/<uuid:draft>/competencies/<uuid:competency>/": Row(
        what="Word a competency of a draft anew",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=of_competency(),
    ),
    "frameworks/drafts/<uuid:draft>/competencies/<uuid:competency>/remove/": Row(
        what="Take a competency out of a draft", post=KEEPERS_DONE, at=of_competency("remove/")
    ),
}
