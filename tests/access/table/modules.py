"""Online modules: learned by whoever is signed in, looked after by School educators."""

from collections.abc import Callable
from uuid import uuid4

from tests.access import learned as learned  # makes a module that Alice has been through
from tests.access.table.courses import TEACHERS, UNFILLED
from tests.access.table.row import DONE, NO_PERMISSION, OWN, SIGNED_IN, Row, to
from tests.access.world import World


def of_module(page: str = "") -> Callable[[World], str]:
    """The address of a School educator's page about the module."""
    return lambda world: f"teaching/modules/{world.module.uuid}/{page}"


def of_question(page: str = "") -> Callable[[World], str]:
    """The address of a School educator's page about a question of its bank."""
    return lambda world: f"teaching/questions/{world.question.uuid}/{page}"


ROWS: dict[str, Row] = {
    "modules/<uuid:module>/parts/<uuid:part>/done/": Row(
        what="Say that one has been through a part of a module",
        post=DONE,
        at=lambda world: f"modules/{world.module.uuid}/parts/{world.part}/done/",
        data=lambda world: {"uuid": uuid4()},
    ),
    "modules/<uuid:module>/quiz/": Row(
        what="One’s own paper of a module’s quiz",
        get=SIGNED_IN,
        # Alice has done every part, and she sends a paper that she was not shown.
        post=to(others=422, alice=409),
        at=lambda world: f"modules/{world.module.uuid}/quiz/",
        data=lambda world: {"uuid": uuid4()},
    ),
    "modules/<uuid:module>/attempts/<uuid:attempt>/": Row(
        what="What came of one’s own attempt",
        get=OWN,
        at=lambda world: f"modules/{world.module.uuid}/attempts/{world.attempt.entry.uuid}/",
    ),
    "teaching/versions/<uuid:version>/module/": Row(
        what="Make the online module of a version of a course",
        get=TEACHERS,
        post=UNFILLED,
        at=lambda world: f"teaching/versions/{world.module_version.uuid}/module/",
    ),
    "teaching/modules/<uuid:module>/": Row(
        what="A module with its question bank", get=TEACHERS, at=of_module()
    ),
    "teaching/modules/<uuid:module>/change/": Row(
        what="Change how a quiz is drawn and passed",
        get=TEACHERS,
        post=UNFILLED,
        at=of_module("change/"),
    ),
    "teaching/modules/<uuid:module>/question/": Row(
        what="Add a question", get=TEACHERS, post=UNFILLED, at=of_module("question/")
    ),
    "teaching/questions/<uuid:question>/": Row(
        what="Change a question", get=TEACHERS, post=UNFILLED, at=of_question()
    ),
    "teaching/questions/<uuid:question>/retire/": Row(
        what="Ask a question no more, or again",
        post=to(others=NO_PERMISSION, school_educator=302),
        at=of_question("retire/"),
    ),
    "teaching/modules/<uuid:module>/figures/": Row(
        what="How the questions did, naming nobody", get=TEACHERS, at=of_module("figures/")
    ),
    "teaching/modules/<uuid:module>/figures/<str:format>/": Row(
        what="The same as a file", get=TEACHERS, at=of_module("figures/csv/")
    ),
    "write/modules/<uuid:target>/": Row(
        what="Begin the public pages of a module, below its course’s",
        get=to(others=NO_PERMISSION, school_educator=302, administrator=302),
        post=to(others=NO_PERMISSION, school_educator=302, administrator=302),
        at=lambda world: f"write/modules/{world.module.uuid}/",
    ),
}
