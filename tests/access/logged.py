"""What Alice logged on her placement: an examination, supervised by Bob."""

from uuid import uuid4

from logbooks.competencies.actions.evidence_files import put_beside
from tests.access import placed as placed  # makes the placement first
from tests.access.world import MAKERS, World
from tests.logbooks.competencies.book import make_log_book
from tests.pdfs import kept_pdf


def make(world: World) -> None:
    """One examination of today with a file beside it, and a framework behind it."""
    book = make_log_book(world.placement, world.people["bob"])
    examination = book.log()
    world.things |= {
        "log_book": book,
        "examination": examination,
        "evidence_file": put_beside(
            by=book.student, entry=examination, data=kept_pdf(), uuid=uuid4()
        ),
    }


MAKERS.append(make)
