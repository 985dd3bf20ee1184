"""Workplace assessments: rating on a form, the second assessor, reading, and items that many fail."""

from tests.access import assessed as assessed  # makes how Bob assessed Alice
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, OWN, RECORD, Row, of_placement, to
from tests.access.world import World

# Bob supervises Alice. The first assessment is given only by who supervises or assesses there.
ASSESSES = to(others=NOT_FOUND, bob=200)
# Bob gave the first, so the site's lead may give the second, and he may not.
SECOND = to(others=NOT_FOUND, site_lead=200)


def of_form(world: World) -> str:
    """The address on which Alice is assessed on a form."""
    return of_placement(f"assess/{world.assessment_form.uuid}/")(world)


ROWS: dict[str, Row] = {
    "log-book/assessments/": Row(what="One's own assessments", get=OWN),
    "log-books/<uuid:enrolment>/assessments/": Row(
        what="A student's assessments; what waits for a second assessor without its result",
        get=RECORD,
        at=lambda world: f"log-books/{world.enrolment.uuid}/assessments/",
    ),
    "log-books/<uuid:enrolment>/assessments/file/<str:format>/": Row(
        what="The same as a file, without what waits for a second assessor",
        get=RECORD,
        at=lambda world: f"log-books/{world.enrolment.uuid}/assessments/file/csv/",
    ),
    "assessments/items/": Row(
        what="Items that many fail, in whole fives of students",
        get=to(others=NO_PERMISSION, programme_lead=200),
    ),
    "assessments/<uuid:assessment>/": Row(
        what="An assessment, and the student's name under it",
        get=RECORD,
        post=to(others=NOT_FOUND, alice=422),
        at=lambda world: f"assessments/{world.assessment.entry.uuid}/",
    ),
    "assessments/<uuid:assessment>/second/": Row(
        what="Rate an attempt as the second assessor, blind to the first",
        get=SECOND,
        post=to(others=NOT_FOUND, site_lead=422),
        at=lambda world: f"assessments/{world.waiting_assessment.entry.uuid}/second/",
    ),
    "placements/<uuid:placement>/assess/": Row(
        what="Choose the form on which a student is assessed",
        get=ASSESSES,
        at=of_placement("assess/"),
    ),
    "placements/<uuid:placement>/assess/<uuid:form>/": Row(
        what="Assess a student on a form",
        get=ASSESSES,
        post=to(others=NOT_FOUND, bob=422),
        at=of_form,
    ),
}
