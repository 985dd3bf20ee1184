"""Tokens for other systems, and the API, which a signed-in browser opens no more than anybody."""

from tests.access.table.row import NO_PERMISSION, PUBLIC, Row, to

# The API answers to a token; whoever is signed in, too, hears 401 without one.
BY_TOKEN = to(401, others=401)
SEES_COVERAGE = ("site_lead", "workforce_manager", "report_viewer")

ROWS: dict[str, Row] = {
    "coverage/tokens/": Row(
        what="The tokens by which other systems read training coverage",
        get=to(others=NO_PERMISSION, **dict.fromkeys(SEES_COVERAGE, 200)),
        post=to(others=NO_PERMISSION, **dict.fromkeys(SEES_COVERAGE, 422)),
    ),
    "api/": Row(what="Nothing: the API begins here", get=to(404, others=404)),
    "api/openapi.json": Row(what="What the API can be asked, for programs", get=PUBLIC),
    "api/coverage": Row(what="Figures of training coverage, with a token", get=BY_TOKEN),
    "api/coverage.csv": Row(what="The same figures as CSV, with a token", get=BY_TOKEN),
    "api/lines": Row(
        what="People and their training by name, with a token for names", get=BY_TOKEN
    ),
    "api/requirements": Row(what="What training is required, with a token", get=BY_TOKEN),
    "api/sites": Row(what="The sites whose figures are seen, with a token", get=BY_TOKEN),
}
