"""An exam at which Bob examines, with a sheet of his that is closed."""

from tests.access.world import MAKERS, World
from tests.logbooks.osces.day.made import day
from tests.logbooks.osces.marking.made import close


def make(world: World) -> None:
    """Two stations and two candidates; Bob examines at the first."""
    made = day(first=world.people["bob"])
    world.things["marked"] = made
    world.things["closed_sheet"] = close(made, made.candidates[0], made.stations[0], 4, 3).sheet


MAKERS.append(make)
