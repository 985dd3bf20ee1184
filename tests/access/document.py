"""Writes docs/access.md from the table of access."""

from collections.abc import Mapping

from school.people.roles import ROLES
from tests.access.table import TABLE
from tests.access.world import CAST

WORDS = {
    200: "yes",
    302: "yes",
    401: "no",
    403: "no",
    404: "no",
    405: "no",
    409: "no",
    410: "no",
    422: "yes",
    429: "no",
}
NAMES = {
    "visitor": "nobody signed in",
    "alice": "Alice, a student whose record it is",
    "bob": "Bob, her practice educator",
    "charlie": "Charlie, a student of another site",
    "dana": "Dana, a practice educator of another site",
} | {key: role.name for key, role in ROLES.items()}

HEAD = """# Who may open what

Written by `python -m tests.access` from tests/access/table, which a test sends request by request.
The record in question is Alice's throughout. Whoever is not signed in is asked to sign in first, except where it says "everyone".
A number in brackets is the answer's status where somebody is turned away: 401 says that a token is missing, 403 a role, 404 tells nothing.
Who opens another person's record, or takes a list of students away as a file, leaves a row in the access log for each person and hour. The list of students and the inbox leave none: they show what is at hand, and a record is opened from there.

| Address | What it is for | Looking | Sending |
|---|---|---|---|
"""


def written() -> str:
    """The whole document."""
    lines = [
        f"| `/{_shown(route)}` | {row.what} | {_who(row.get)} | {_who(row.post)} |"
        for route, row in sorted(TABLE.items())
    ]
    return HEAD + "\n".join(lines) + "\n"


def _shown(route: str) -> str:
    return route.replace("|", "\\|").lstrip("^")


def _who(expect: Mapping[str, int] | None) -> str:
    if expect is None:
        return "–"
    allowed = [name for name in CAST if WORDS[expect[name]] == "yes"]
    allowed = [name for name in allowed if name != "visitor" or expect[name] == 200]
    turned_away = sorted({expect[name] for name in CAST if WORDS[expect[name]] == "no"})
    if set(CAST) - {"visitor"} <= set(allowed):
        return "everyone" if "visitor" in allowed else "everyone signed in"
    suffix = f" ({', '.join(map(str, turned_away))} for others)" if turned_away else ""
    return (", ".join(NAMES[name] for name in allowed) or "nobody") + suffix
