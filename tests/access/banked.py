"""Two stations of OSCEs that a School educator of no other role wrote, a draft and one that is published, and an exam of hers."""

from tests.access.world import MAKERS, World
from tests.logbooks.osces.exams import made as exams
from tests.logbooks.osces.stations.made import drafted, educator, published


def make(world: World) -> None:
    """A draft, a first version, and an exam that is being designed."""
    writer, reader = educator("Stella Stationwriter"), educator("Sten Stationreader")
    world.things |= {
        "station_draft": drafted(writer),
        "station_version": published(writer, reader),
        "exam": exams.drafted(writer, exams.design()),
    }


MAKERS.append(make)
