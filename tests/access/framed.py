"""A draft of a framework, which somebody other than the programme lead wrote."""

from uuid import uuid4

from logbooks.competencies.actions.frameworks import start_draft
from tests.access.world import MAKERS, World
from tests.logbooks.competencies.documents import small


def make(world: World) -> None:
    """An open draft with two competencies."""
    document = small("access")
    draft = start_draft(by=None, document=document, uuid=uuid4())
    world.things |= {"framework_draft": draft, "draft_competency": document.competencies[0]}


MAKERS.append(make)
