"""A student's own hours and those who decide about them."""

from school.core import clock, days
from tests.access.table.row import (
    DECIDERS,
    GONE,
    NOT_FOUND,
    OWN,
    OWN_UNFILLED,
    RECORD,
    SIGNED_IN,
    UNFILLED,
    Row,
    of_note,
    of_shift,
    to,
    to_decide,
)

ROWS: dict[str, Row] = {
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
    "home/later/": Row(what="What else waits for oneself", get=SIGNED_IN),
    "home/learning/": Row(what="One's own places and evidence, on the first page", get=SIGNED_IN),
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
