"""Ways of signing without signing in: on the student's phone, by a PIN, and behind a link."""

from tests.access.table.row import GONE, NOT_FOUND, OWN, OWN_UNFILLED, Row, to

ROWS: dict[str, Row] = {
    "log-book/asked/<uuid:asked>/here/": Row(
        what="Hand one’s phone to whoever was asked, to sign on it",
        get=OWN,
        post=OWN_UNFILLED,
        at=lambda world: f"log-book/asked/{world.sign_off_request.entry.uuid}/here/",
    ),
    "log-book/signed/<uuid:sign_off>/": Row(
        what="The receipt of what somebody signed of one’s own",
        get=OWN,
        at=lambda world: f"log-book/signed/{world.sign_off.entry.uuid}/",
    ),
    "sign-offs/pin/": Row(
        what="Set, change or take away one’s signing PIN, after a proof",
        get=to(others=NOT_FOUND, bob=200),
        post=to(others=NOT_FOUND, bob=422),
    ),
    "sign-by-link/<str:token>/": Row(
        what="Sign competencies by link and code",
        get=GONE,
        post=GONE,
        at=lambda world: "sign-by-link/no-token/",
    ),
    "sign-by-link/<str:token>/code/": Row(
        what="Have the code of such a link sent",
        post=GONE,
        at=lambda world: "sign-by-link/no-token/code/",
    ),
}
