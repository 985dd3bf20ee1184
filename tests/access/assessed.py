"""How Bob assessed Alice: an attempt that she can read, and one that waits for a second assessor."""

from uuid import uuid4

from logbooks.competencies.actions.assessing import Given, assess
from placements.models import ShiftDecision
from school.core import clock
from tests.access import logged as logged  # makes her log book first
from tests.access.world import MAKERS, World
from tests.logbooks.competencies.facts import make_form


def make_attempts(world: World) -> None:
    """The site's lead can be the second assessor."""
    form = make_form()
    given = Given(
        ratings={"identity": "met", "glucose": "met"},
        judgement="ready",
        feedback="Calm.",
        proof=ShiftDecision.Proof.PASSWORD,
    )
    about = {
        "by": world.people["bob"],
        "placement": world.placement,
        "form": form,
        "day": clock.today(),
        "given": given,
    }
    world.things |= {
        "assessment_form": form,
        "assessment": assess(**about, uuid=uuid4()),
        "waiting_assessment": assess(**about, uuid=uuid4(), moderated=True),
    }


MAKERS.append(make_attempts)
