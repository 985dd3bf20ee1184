"""Two stations of OSCEs that a School educator of no other role wrote: a draft, and one that is published."""

from tests.access.world import MAKERS, World
from tests.logbooks.osces.stations.made import drafted, educator, published


def make(world: World) -> None:
    """A draft, and a first version."""
    writer, reader = educator("Stella Stationwriter"), educator("Sten Stationreader")
    world.things |= {
        "station_draft": drafted(writer),
        "station_version": published(writer, reader),
    }


MAKERS.append(make)
