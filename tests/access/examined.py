"""An exam of OSCEs that a second person froze, of which no sheet is closed yet."""

from school.people.models import Person
from tests.access import banked as banked  # its writer and reader are there first
from tests.access.world import MAKERS, World
from tests.logbooks.osces.exams import made as exams
from tests.logbooks.osces.stations.made import published, small


def make(world: World) -> None:
    """The exam, of two stations."""
    writer = Person.objects.get(name="Stella Stationwriter")
    reader = Person.objects.get(name="Sten Stationreader")
    versions = [published(writer, reader, small(title=f"Held {n}")) for n in (1, 2)]
    world.things["exam_held"] = exams.frozen(writer, reader, exams.design(*versions)).exam


MAKERS.append(make)
