"""An interruption of Alice's studies, months away, for those who follow her."""

from datetime import timedelta
from uuid import uuid4

from placements.actions.interrupting import interrupt_studies
from school.core import clock
from tests.access import placed as placed  # Alice is enrolled first
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """Her tutor says when studies will be interrupted."""
    first = clock.today() + timedelta(days=200)
    world.things["interruption"] = interrupt_studies(
        by=world.people["university_tutor"],
        enrolment=world.enrolment,
        first=first,
        last=first + timedelta(days=9),
        reason="x",
        uuid=uuid4(),
    )


MAKERS.append(make)
