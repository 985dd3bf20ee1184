"""What Alice's site was asked for, and the mobile unit that stands there."""

from datetime import timedelta

from placements.models import PlaceRequest
from school.core import clock
from school.people.models import MobileUnit, UnitStay
from tests.access import placed as placed  # Alice's placement is made first
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """A request that waits, and a stay."""
    today = clock.today()
    world.things |= {
        "request": PlaceRequest.objects.create(
            site=world.site,
            stage=world.placement.stage,
            starts=today,
            ends=today + timedelta(days=9),
            places=1,
            asked_by=world.invited,
            asked_on=today,
        ),
        "stay": UnitStay.objects.create(
            unit=MobileUnit.objects.create(name="PET-3"), site=world.site, starts=today, ends=today
        ),
    }


MAKERS.append(make)
