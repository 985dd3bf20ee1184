"""What Alice's site was asked for: a request for places."""

from datetime import timedelta

from placements.models import PlaceRequest
from school.core import clock
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """A request that waits."""
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
    }


MAKERS.append(make)
