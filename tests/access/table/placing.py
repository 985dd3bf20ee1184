"""Students, their records, places and placements."""

from uuid import uuid4

from tests.access.table.row import (
    NO_PERMISSION,
    PLACERS,
    RECORD,
    UNPLACED,
    WATCHERS,
    Row,
    of_enrolment,
    of_placement,
    of_site,
    to,
)

ROWS: dict[str, Row] = {
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
    "students/<uuid:enrolment>/kept-aside/": Row(
        what="What was sent twice with different content: all of it for who places the student, for others their own",
        get=RECORD,
        at=of_enrolment("kept-aside/"),
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
        post=to(
            others=NO_PERMISSION,
            site_lead=404,
            university_tutor=404,
            coordinator=302,
            programme_lead=302,
        ),
        at=lambda world: f"adjustments/{world.proposal.uuid}/",
        data=lambda world: {"answer": "agree", "batch": str(uuid4())},
    ),
    # Places, and one placement
    "places/term/": Row(what="Place a cohort for a term", get=PLACERS, post=PLACERS),
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
}
