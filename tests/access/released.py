"""An exam whose results are released: Alice's outcome, and her appeal against it."""

from uuid import uuid4

from logbooks.osces.release import actions, queries
from tests.access import placed as placed  # enrols Alice
from tests.access.world import MAKERS, World
from tests.logbooks.osces.day.made import day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.release.made import recorded, released


def make(world: World) -> None:
    """Alice alone, no mark above a cut."""
    made = day(candidates=1)
    (candidate,) = made.candidates
    candidate.enrolment = world.enrolment
    candidate.save()
    for station in made.stations:
        close(made, candidate, station, 2, 1)
    standard = recorded(made)
    released(made, standard)
    outcome = queries.outcomes(made.exam)[candidate.uuid]
    appeal = actions.appeal(
        by=world.people["alice"], outcome=outcome, words="The alarm rang.", uuid=uuid4()
    )
    world.things |= {
        "sat_exam": made.exam,
        "candidate": candidate,
        "standard": standard,
        "osce_appeal": appeal,
    }


MAKERS.append(make)
