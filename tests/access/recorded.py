"""An activity in Alice's own CPD, with a file that shows it."""

from uuid import uuid4

from logbooks.cpd.actions.activities import Entered, add_activity
from logbooks.cpd.actions.evidence import put_beside
from school.core import clock
from tests.access.world import MAKERS, World
from tests.pdfs import kept_pdf


def make(world: World) -> None:
    """Let Alice write down what she learned."""
    alice, day = world.people["alice"], clock.today()
    entered = Entered(title="Journal club", learning="self-directed", starts_on=day, ends_on=day)
    activity = add_activity(by=alice, uuid=uuid4(), entered=entered)
    world.things["cpd_activity"] = activity
    world.things["cpd_evidence"] = put_beside(
        by=alice, activity=activity, title="Notes", data=kept_pdf("Notes"), uuid=uuid4()
    )


MAKERS.append(make)
