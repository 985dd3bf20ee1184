"""A statement of Alice's hours, sealed with a key of the run's own."""

from uuid import uuid4

from placements.actions.statements import issue_statement
from school.core import seal
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """Let the coordinator state the year that Alice is in."""
    if not seal.certificate_file().exists():
        seal.make_key()
    world.things["statement"] = issue_statement(
        by=world.people["coordinator"],
        enrolment=world.enrolment,
        stage=world.placement.stage,
        uuid=uuid4(),
    )


MAKERS.append(make)
