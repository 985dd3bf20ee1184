"""Attainments, certificates and badges, evidence from elsewhere, and the files that attainments come in."""

from collections.abc import Callable

from tests.access import (
    attained as attained,
)  # makes what Alice attained
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, PUBLIC, SIGNED_IN, Row, to
from tests.access.world import World

# Alice's record of learning: herself, School educators, and who keeps the records of the staff in scope.
LEARNING = to(others=NOT_FOUND, alice=200, school_educator=200)
KEEPERS = to(others=NO_PERMISSION, school_educator=200, workforce_manager=200)
TEACHERS = to(others=NO_PERMISSION, school_educator=200)
TAKES_BACK = to(others=NOT_FOUND, school_educator=200)
TAKES_BACK_UNFILLED = to(others=NOT_FOUND, school_educator=422)
UNFILLED = to(others=NO_PERMISSION, school_educator=422)
KEEPERS_UNFILLED = to(others=NO_PERMISSION, school_educator=422, workforce_manager=422)


def of_alice(page: str = "") -> Callable[[World], str]:
    """The address of a page about what Alice attained."""
    return lambda world: f"learners/{world.people['alice'].uuid}/{page}"


def of_attainment(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's attainment."""
    return lambda world: f"attainments/{world.attainment.entry.uuid}/{page}"


def of_claim(page: str = "") -> Callable[[World], str]:
    """The address of a page about Alice's evidence."""
    return lambda world: f"claims/{world.claim.entry.uuid}/{page}"


ROWS: dict[str, Row] = {
    "learners/": Row(what="The people whose attainments one keeps", get=KEEPERS),
    "learners/<uuid:person>/": Row(what="What somebody attained", get=LEARNING, at=of_alice()),
    "learners/<uuid:person>/file/<str:format>/": Row(
        what="The same as a file", get=LEARNING, at=of_alice("file/csv/")
    ),
    "attainments/<uuid:attainment>/": Row(
        what="One attainment with its certificate", get=LEARNING, at=of_attainment()
    ),
    "attainments/<uuid:attainment>/certificate/": Row(
        what="A certificate as PDF", get=LEARNING, at=of_attainment("certificate/")
    ),
    "attainments/<uuid:attainment>/badge/": Row(
        what="A certificate as an Open Badge", get=LEARNING, at=of_attainment("badge/")
    ),
    "attainments/<uuid:attainment>/revoke/": Row(
        what="Revoke a certificate",
        get=TAKES_BACK,
        post=TAKES_BACK_UNFILLED,
        at=of_attainment("revoke/"),
    ),
    "attainments/<uuid:attainment>/void/": Row(
        what="Make an attainment void",
        get=TAKES_BACK,
        post=TAKES_BACK_UNFILLED,
        at=of_attainment("void/"),
    ),
    "certificates/": Row(what="Where the code of a certificate is typed", get=PUBLIC),
    "certificates/<str:code>/": Row(
        what="Whether a certificate is valid, expired or revoked",
        get=PUBLIC,
        at=lambda world: f"certificates/{world.certificate.code}/",
    ),
    "badges/did.json": Row(what="The public keys that badges are checked by", get=PUBLIC),
    "badges/status/<int:number>/": Row(
        what="Which badges are revoked", get=PUBLIC, at=lambda world: "badges/status/0/"
    ),
    "claims/": Row(what="Evidence from elsewhere that waits for one", get=KEEPERS),
    "claims/file/<str:format>/": Row(
        what="The same as a file", get=KEEPERS, at=lambda world: "claims/file/csv/"
    ),
    "claims/new/": Row(what="Bring evidence from elsewhere", get=SIGNED_IN, post=to(others=422)),
    "claims/<uuid:claim>/": Row(what="Evidence that somebody brought", get=LEARNING, at=of_claim()),
    "claims/<uuid:claim>/evidence/": Row(
        what="The file that shows it", get=LEARNING, at=of_claim("evidence/")
    ),
    "claims/<uuid:claim>/accept/": Row(
        what="Accept evidence",
        post=to(others=NOT_FOUND, school_educator=302),
        at=of_claim("accept/"),
    ),
    "claims/<uuid:claim>/decline/": Row(
        what="Decline evidence", post=TAKES_BACK_UNFILLED, at=of_claim("decline/")
    ),
    "equivalences/": Row(what="Courses that count as others", get=TEACHERS, post=UNFILLED),
    "equivalences/file/<str:format>/": Row(
        what="The same as a file", get=TEACHERS, at=lambda world: "equivalences/file/csv/"
    ),
    "equivalences/<uuid:equivalence>/": Row(
        what="End such a rule",
        get=TEACHERS,
        post=UNFILLED,
        at=lambda world: f"equivalences/{world.equivalence.entry.uuid}/",
    ),
    "import-sources/": Row(
        what="Where files of attainments come from", get=KEEPERS, post=KEEPERS_UNFILLED
    ),
    "import-sources/<uuid:source>/": Row(
        what="Which course each title of a source is",
        get=KEEPERS,
        post=to(others=NO_PERMISSION, school_educator=302, workforce_manager=302),
        at=lambda world: f"import-sources/{world.source.uuid}/",
    ),
    "import-sources/<uuid:source>/change/": Row(
        what="Change what a source calls its columns",
        get=KEEPERS,
        post=KEEPERS_UNFILLED,
        at=lambda world: f"import-sources/{world.source.uuid}/change/",
    ),
}
