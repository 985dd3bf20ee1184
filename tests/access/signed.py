"""What Alice asked and Bob signed: A1 is signed as achieved, A2 waits for Bob."""

from uuid import uuid4

from logbooks.competencies.actions.asking import Wanted, ask
from logbooks.competencies.actions.signing import sign
from logbooks.competencies.models import Competency, SignOff
from logbooks.competencies.signing_rules import Item, Said
from placements.models import ShiftDecision
from school.core import clock
from tests.access import logged as logged  # makes her log book first
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """A second competency beside the one of her log book; the first is signed."""
    version = world.log_book.version
    first = version.competencies.get()
    second = Competency.objects.create(
        version=version,
        group=first.group,
        identifier=uuid4(),
        position=2,
        code="A2",
        title="Checks who is there",
        year=1,
        level=first.level,
    )
    bob = world.people["bob"]
    answer = sign(
        by=bob,
        items=[Item(uuid=uuid4(), placement=world.placement.uuid, competency=first.uuid)],
        said=Said(
            outcome=SignOff.Outcome.ACHIEVED,
            day=clock.today(),
            proof=ShiftDecision.Proof.PASSWORD,
        ),
    )
    asked = ask(
        by=world.people["alice"],
        placement=world.placement,
        assessor=bob,
        wanted=[Wanted(competency=second.uuid, uuid=uuid4())],
    )
    world.things |= {
        "competency": first,
        "sign_off": answer.signed[0],
        "sign_off_request": asked.asked[0],
    }


MAKERS.append(make)
