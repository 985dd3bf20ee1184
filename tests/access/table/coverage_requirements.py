"""What is required of whom: said by workforce managers of the whole network."""

from collections.abc import Callable

from tests.access import required as required  # makes a requirement and a draft
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, Row, to
from tests.access.world import World

ASKERS = to(others=NO_PERMISSION, workforce_manager=200)
UNFILLED = to(others=NO_PERMISSION, workforce_manager=422)
# Who sees the people of Alice's site with their training.
EXEMPTERS = to(others=NOT_FOUND, site_lead=200, workforce_manager=200)
UNSAID = to(others=NOT_FOUND, site_lead=422, workforce_manager=422)
SENT = to(others=NO_PERMISSION, workforce_manager=302)


def of_draft(page: str = "") -> Callable[[World], str]:
    """The address of a draft's page."""
    return lambda world: f"coverage/requirements/drafts/{world.requirement_draft.uuid}/{page}"


def of_exemption(world: World) -> str:
    """The address of an exemption."""
    exemption = world.exemption
    return f"coverage/exemptions/{exemption.person.uuid}/{exemption.entry.uuid}/"


ROWS: dict[str, Row] = {
    "coverage/requirements/": Row(what="What is required of whom", get=ASKERS),
    "coverage/requirements/make/": Row(what="Write a requirement", get=ASKERS, post=UNFILLED),
    "coverage/requirements/<uuid:requirement>/": Row(
        what="A requirement with its versions",
        get=ASKERS,
        at=lambda world: f"coverage/requirements/{world.requirement.uuid}/",
    ),
    "coverage/requirements/<uuid:requirement>/next/": Row(
        what="Begin the next version of a requirement",
        post=SENT,
        at=lambda world: f"coverage/requirements/{world.requirement.uuid}/next/",
    ),
    "coverage/requirements/drafts/<uuid:draft>/": Row(
        what="A draft of a requirement", get=ASKERS, post=UNFILLED, at=of_draft()
    ),
    "coverage/requirements/drafts/<uuid:draft>/try/": Row(
        what="Try a draft on the people of a day", get=ASKERS, at=of_draft("try/")
    ),
    "coverage/requirements/drafts/<uuid:draft>/try/<str:format>/": Row(
        what="Everybody of a trial as a file", get=ASKERS, at=of_draft("try/csv/")
    ),
    "coverage/requirements/drafts/<uuid:draft>/publish/": Row(
        what="Publish a draft", post=SENT, at=of_draft("publish/")
    ),
    "coverage/requirements/drafts/<uuid:draft>/discard/": Row(
        what="Throw a draft away", post=SENT, at=of_draft("discard/")
    ),
    "coverage/exemptions/<uuid:person>/": Row(
        what="What somebody of one’s site is exempt from, and a new exemption",
        get=EXEMPTERS,
        post=UNSAID,
        at=lambda world: f"coverage/exemptions/{world.exemption.person.uuid}/",
    ),
    "coverage/exemptions/<uuid:person>/<uuid:exemption>/": Row(
        what="End an exemption", get=EXEMPTERS, post=UNSAID, at=of_exemption
    ),
}
