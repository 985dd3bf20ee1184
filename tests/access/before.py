"""What stands before Alice's first day: a check that she showed, her declaration, and a dose reading."""

from datetime import timedelta
from uuid import uuid4

from placements.actions.arriving import record_check, set_site
from placements.actions.radiation import record_dose
from placements.models import CheckKind
from school.core import clock
from tests.access import placed as placed  # makes the placement first
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """The site asks for two checks, of which Alice has shown one, and her badge was read."""
    set_site(
        by=world.people["site_lead"],
        site=world.site,
        checks={CheckKind.DBS: 36, CheckKind.DOSE_BADGE: None},
        guide={"induction": "Fire exits\nControlled areas"},
    )
    today = clock.today()
    world.things |= {
        "check": record_check(
            by=world.people["bob"],
            enrolment=world.enrolment,
            kind=CheckKind.DBS,
            site=world.site,
            since=today - timedelta(days=10),
            until=None,
            reference="DBS 1",
            uuid=uuid4(),
        ),
        "dose": record_dose(
            by=world.people["radiation_protection"],
            enrolment=world.enrolment,
            site=world.site,
            first=today - timedelta(days=8),
            last=today - timedelta(days=1),
            microsieverts=120,
            uuid=uuid4(),
        ),
    }


MAKERS.append(make)
