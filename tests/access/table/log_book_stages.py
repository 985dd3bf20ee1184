"""Whole stages: what one asks, signing and revoking it, results from elsewhere, paper, and the version of the framework."""

from collections.abc import Callable

from tests.access import staged as staged  # makes what stands of Alice's stage
from tests.access.table.row import NOT_FOUND, RECORD, Row, to
from tests.access.world import World

# Bob is her final assessor.
SIGNS = to(others=NOT_FOUND, bob=302)
RECORDS = to(others=NOT_FOUND, bob=200, programme_lead=200)
UNRECORDED = to(others=NOT_FOUND, bob=422, programme_lead=422)
# The scan is not where files are kept: only those who get that far hear it.
MISSING = to(
    others=NOT_FOUND,
    alice=422,
    bob=422,
    site_lead=422,
    coordinator=422,
    university_tutor=422,
    programme_lead=422,
)


def of_stage(page: str = "") -> Callable[[World], str]:
    """The address of a page about the stage that Alice is in."""
    return lambda world: (
        f"log-books/{world.enrolment.uuid}/stages/{world.placement.stage.uuid}/{page}"
    )


ROWS: dict[str, Row] = {
    "log-books/<uuid:enrolment>/stages/<uuid:stage>/": Row(
        what="What a whole stage asks of a student, and who signed it", get=RECORD, at=of_stage()
    ),
    "sign-offs/<uuid:placement>/stage/": Row(
        what="Sign a whole stage of a student",
        get=SIGNS,
        post=to(others=NOT_FOUND, bob=422),
        at=lambda world: f"sign-offs/{world.placement.uuid}/stage/",
    ),
    "sign-offs/stages/<uuid:sign_off>/revoke/": Row(
        what="Revoke the sign-off of a stage",
        get=RECORDS,
        post=UNRECORDED,
        at=lambda world: f"sign-offs/stages/{world.stage_sign_off.entry.uuid}/revoke/",
    ),
    "log-books/<uuid:enrolment>/stages/<uuid:stage>/results/<slug:task>/": Row(
        what="Record what a student showed elsewhere",
        get=RECORDS,
        post=UNRECORDED,
        at=of_stage("results/osce/"),
    ),
    "log-books/<uuid:enrolment>/stages/<uuid:stage>/results/<slug:task>/take-back/": Row(
        what="Take back a result from elsewhere",
        get=RECORDS,
        post=UNRECORDED,
        at=of_stage("results/osce/take-back/"),
        data=lambda world: {"shown": str(world.result.entry.uuid)},
    ),
    "log-books/results/<uuid:result>/document/": Row(
        what="The document of a result from elsewhere",
        get=RECORD,
        at=lambda world: f"log-books/results/{world.result.entry.uuid}/document/",
    ),
    "log-books/papers/<uuid:sign_off>/": Row(
        what="The scan of a sign-off on paper",
        get=MISSING,
        at=lambda world: f"log-books/papers/{world.on_paper.entry.uuid}/",
    ),
    "log-books/<uuid:enrolment>/version/": Row(
        what="Move a student to another version of the framework",
        get=to(others=NOT_FOUND, programme_lead=200),
        post=to(others=NOT_FOUND, programme_lead=422),
        at=lambda world: f"log-books/{world.enrolment.uuid}/version/",
    ),
}
