"""What Alice logged on her placement: an examination, supervised by Bob."""

from tests.access import placed as placed  # makes the placement first
from tests.access.world import MAKERS, World
from tests.logbooks.competencies.book import make_log_book


def make(world: World) -> None:
    """One examination of today, with a framework behind it."""
    book = make_log_book(world.placement, world.people["bob"])
    world.things |= {"log_book": book, "examination": book.log()}


MAKERS.append(make)
