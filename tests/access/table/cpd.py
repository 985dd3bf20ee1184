"""CPD: everybody keeps their own, and finds nobody else's."""

from collections.abc import Callable

from tests.access import recorded as recorded  # makes an activity with evidence
from tests.access.table.row import DONE, NOT_FOUND, OWN, OWN_UNFILLED, SIGNED_IN, Row, to
from tests.access.world import World

UNFILLED = to(others=422)
OWN_DONE = to(others=NOT_FOUND, alice=302)
NO_DRAFT = to(others=NOT_FOUND)


def activity(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's activity."""
    return lambda world: f"cpd/{world.cpd_activity.uuid}/{page}"


def evidence(page: str = "") -> Callable[[World], str]:
    """The address of a page about her evidence."""
    return lambda world: f"cpd/evidence/{world.cpd_evidence.uuid}/{page}"


ROWS: dict[str, Row] = {
    "cpd/": Row(what="One's own CPD", get=SIGNED_IN),
    "cpd/file/<str:format>/": Row(
        what="The same as a file", get=SIGNED_IN, at=lambda world: "cpd/file/csv/"
    ),
    "cpd/add/": Row(what="Add an activity", get=SIGNED_IN, post=UNFILLED),
    "cpd/checks/": Row(what="What the checks say of one's own record", get=SIGNED_IN),
    "cpd/gap/": Row(what="Give the reason for a gap", get=SIGNED_IN, post=UNFILLED),
    "cpd/registration/": Row(what="Say which register one is on", get=SIGNED_IN, post=DONE),
    "cpd/drafts/": Row(what="What the portal noticed of oneself", get=SIGNED_IN),
    "cpd/drafts/keep/": Row(what="Keep a draft", get=NO_DRAFT, post=NO_DRAFT),
    "cpd/drafts/dismiss/": Row(what="Dismiss a draft", post=NO_DRAFT),
    "cpd/drafts/offer-again/": Row(what="Have a dismissed draft offered again", post=NO_DRAFT),
    "cpd/evidence/<uuid:file>/": Row(what="A file of evidence", get=OWN, at=evidence()),
    "cpd/evidence/<uuid:file>/take-away/": Row(
        what="Take it away", post=OWN_DONE, at=evidence("take-away/")
    ),
    "cpd/<uuid:activity>/": Row(what="One of one's own activities", get=OWN, at=activity()),
    "cpd/<uuid:activity>/change/": Row(
        what="Change it", get=OWN, post=OWN_UNFILLED, at=activity("change/")
    ),
    "cpd/<uuid:activity>/take-back/": Row(
        what="Take it back", post=OWN_DONE, at=activity("take-back/")
    ),
    "cpd/<uuid:activity>/bring-back/": Row(
        what="Bring it back", post=OWN_DONE, at=activity("bring-back/")
    ),
    "cpd/<uuid:activity>/evidence/": Row(
        what="Put a file beside it", get=OWN, post=OWN_UNFILLED, at=activity("evidence/")
    ),
}
