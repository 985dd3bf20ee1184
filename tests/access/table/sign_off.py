"""Sign-off: a student's map and requests, an assessor's pages, revoking, what does not apply, and cohorts."""

from collections.abc import Callable

from tests.access import signed as signed  # makes what Alice asked and Bob signed
from tests.access.table.row import NOT_FOUND, OWN, OWN_UNFILLED, RECORD, SIGNED_IN, Row, to
from tests.access.world import World

# Who assesses Alice today; the site's lead only where somebody has left.
ASSESSES = to(others=NOT_FOUND, bob=200)
REVOKES = to(others=NOT_FOUND, bob=200, programme_lead=200)
KEEPS = to(others=NOT_FOUND, programme_lead=200)
FOLLOWS = to(others=NOT_FOUND, university_tutor=200, programme_lead=200)


def of_competency(page: str = "") -> Callable[[World], str]:
    """The address of a page about a competency of Alice's."""
    return lambda world: (
        f"log-books/{world.enrolment.uuid}/competencies/{world.competency.uuid}/{page}"
    )


def of_cohort(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's cohort."""
    return lambda world: f"log-books/cohorts/{world.enrolment.cohort.uuid}/{page}"


def revoking(world: World) -> str:
    """The address on which what Bob signed is revoked."""
    return f"sign-offs/signed/{world.sign_off.entry.uuid}/revoke/"


ROWS: dict[str, Row] = {
    "log-book/": Row(what="One's own map of competencies, and what is next", get=SIGNED_IN),
    "log-book/ask/": Row(what="Ask for sign-off", get=OWN, post=OWN_UNFILLED),
    "log-book/asked/<uuid:asked>/take-back/": Row(
        what="Take back what one asked",
        get=OWN,
        post=to(others=NOT_FOUND, alice=302),
        at=lambda world: f"log-book/asked/{world.sign_off_request.entry.uuid}/take-back/",
    ),
    "log-books/<uuid:enrolment>/": Row(
        what="A student's map of competencies",
        get=RECORD,
        at=lambda world: f"log-books/{world.enrolment.uuid}/",
    ),
    "log-books/<uuid:enrolment>/competencies/<uuid:competency>/": Row(
        what="A competency of a student with its whole history", get=RECORD, at=of_competency()
    ),
    "log-books/<uuid:enrolment>/competencies/<uuid:competency>/not-applicable/": Row(
        what="Approve that a competency is not asked of a student, or ask it again",
        get=KEEPS,
        post=to(others=NOT_FOUND, programme_lead=422),
        at=of_competency("not-applicable/"),
    ),
    "log-books/cohorts/<uuid:cohort>/": Row(
        what="The students of a cohort by competencies", get=FOLLOWS, at=of_cohort()
    ),
    "log-books/cohorts/<uuid:cohort>/file/<str:format>/": Row(
        what="The same as a file", get=FOLLOWS, at=of_cohort("file/csv/")
    ),
    "sign-offs/": Row(what="What waits for one to sign, and what one signed", get=SIGNED_IN),
    "sign-offs/<uuid:placement>/": Row(
        what="Sign competencies of a student",
        get=ASSESSES,
        post=to(others=NOT_FOUND, bob=422, site_lead=422),
        at=lambda world: f"sign-offs/{world.placement.uuid}/",
    ),
    "sign-offs/signed/<uuid:sign_off>/revoke/": Row(
        what="Revoke a sign-off",
        get=REVOKES,
        post=to(others=NOT_FOUND, bob=422, programme_lead=422),
        at=revoking,
    ),
}
