"""Two stations of OSCEs that a School educator of no other role wrote, a draft and one that is published, an exam of hers, and one with a timetable."""

from tests.access.world import MAKERS, World
from tests.logbooks.osces.day.made import day
from tests.logbooks.osces.exams import made as exams
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.stations.made import drafted, educator, published


def make(world: World) -> None:
    """A draft, a first version, an exam that is being designed, and one with a timetable, at which Bob examines."""
    writer, reader = educator("Stella Stationwriter"), educator("Sten Stationreader")
    held = day(first=world.people["bob"])
    world.things |= {
        "exam_day": held,
        "closed_sheet": close(held, held.candidates[0], held.stations[0], 4, 3).sheet,
        "station_draft": drafted(writer),
        "station_version": published(writer, reader),
        "exam": exams.drafted(writer, exams.design()),
    }


MAKERS.append(make)
