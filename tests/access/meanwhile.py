"""What happens during Alice's placement: a meeting that Bob wrote down, his concern, and what she needs."""

from uuid import uuid4

from placements.actions.concerns import raise_concern
from placements.actions.meetings import write_meeting
from placements.actions.reasonable_adjustments import Consent, say_need
from placements.models import ShiftDecision
from school.core import clock
from tests.access import placed as placed  # makes the placement first
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """The meeting waits for Alice's signature; the university tutor reads the concern."""
    bob = world.people["bob"]
    world.things |= {
        "meeting": write_meeting(
            by=bob,
            placement=world.placement,
            kind="initial",
            day=clock.today(),
            record="Three scans a week.",
            proof=ShiftDecision.Proof.PASSWORD,
            uuid=uuid4(),
        ),
        "concern": raise_concern(
            by=bob,
            placement=world.placement,
            words="Late three times.",
            readers=[world.people["university_tutor"]],
            uuid=uuid4(),
        ),
        "need": say_need(
            by=world.people["alice"],
            enrolment=world.enrolment,
            words="Larger print.",
            consent=Consent(supervisors=True),
            uuid=uuid4(),
        ),
    }


MAKERS.append(make)
