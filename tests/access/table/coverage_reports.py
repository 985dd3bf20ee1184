"""Reports of training coverage, and what has changed since."""

from collections.abc import Callable
from uuid import uuid4

from tests.access import reported as reported  # makes a draft and a publication
from tests.access.table.row import NO_PERMISSION, Row, to
from tests.access.world import World

# Who sees any figures; a site's lead only those of the site.
LOOKERS = to(others=NO_PERMISSION, site_lead=200, workforce_manager=200, report_viewer=200)
# What was published of the whole network.
NETWORK = {**LOOKERS, "site_lead": 404}
NAMED = {**NETWORK, "report_viewer": 404}
PUBLISHERS = to(others=NO_PERMISSION, workforce_manager=200)
UNFILLED = to(others=NO_PERMISSION, workforce_manager=422)
DONE = to(others=NO_PERMISSION, workforce_manager=302)


def of_report(page: str = "") -> Callable[[World], str]:
    """The address of a page about the draft."""
    return lambda world: f"coverage/reports/{world.report.uuid}/{page}"


def of_publication(page: str = "") -> Callable[[World], str]:
    """The address of a page about what was published."""
    return lambda world: f"coverage/reports/published/{world.publication.uuid}/{page}"


REPORT, PUBLISHED = "coverage/reports/<uuid:report>/", "coverage/reports/published/<uuid:publication>/"  # fmt: skip

ROWS: dict[str, Row] = {
    "coverage/changes/": Row(what="What has changed in training coverage", get=LOOKERS),
    "coverage/changes/file/<str:format>/": Row(
        what="What has changed in training coverage as a file",
        get=LOOKERS,
        at=lambda world: "coverage/changes/file/csv/",
    ),
    "coverage/reports/": Row(what="Reports of training coverage", get=LOOKERS),
    "coverage/reports/new/": Row(what="Draft a report", get=PUBLISHERS, post=UNFILLED),
    REPORT: Row(what="A draft, to be checked", get=PUBLISHERS, at=of_report()),
    f"{REPORT}edit/": Row(
        what="Change a draft", get=PUBLISHERS, post=UNFILLED, at=of_report("edit/")
    ),
    f"{REPORT}check/": Row(
        what="Say that somebody else’s draft is right", post=DONE, at=of_report("check/")
    ),
    f"{REPORT}publish/": Row(
        what="Publish a checked draft",
        post=DONE,
        at=of_report("publish/"),
        data=lambda world: {"uuid": str(uuid4())},
    ),
    f"{REPORT}monthly/": Row(
        what="Publish a report again each month",
        get=PUBLISHERS,
        post=UNFILLED,
        at=lambda world: f"coverage/reports/{world.published_report.uuid}/monthly/",
    ),
    PUBLISHED: Row(what="A published report", get=NETWORK, at=of_publication()),
    f"{PUBLISHED}people/": Row(
        what="The people behind a published figure",
        get=NAMED,
        at=of_publication("people/?requirement=water"),
    ),
    f"{PUBLISHED}later/": Row(
        what="What came after a report was published", get=NETWORK, at=of_publication("later/")
    ),
    f"{PUBLISHED}file/<str:format>/": Row(
        what="A document of a published report", get=NETWORK, at=of_publication("file/csv/")
    ),
    f"{PUBLISHED}send/": Row(
        what="Send a published report", get=PUBLISHERS, post=UNFILLED, at=of_publication("send/")
    ),
    f"{PUBLISHED}withdraw/": Row(
        what="Withdraw a published report",
        get=PUBLISHERS,
        post=UNFILLED,
        at=of_publication("withdraw/"),
    ),
}
