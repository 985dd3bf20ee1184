"""Alice's copy of her log book, shared with two readers: the link of one of them is there to be ended."""

from uuid import uuid4

from logbooks.competencies.actions.books import take_copy
from school.core import seal
from tests.access import assessed as assessed  # makes what stands in the book first
from tests.access import signed as signed
from tests.access.world import MAKERS, World
from tests.logbooks.competencies.readers import share, token_of


def make(world: World) -> None:
    """Let Alice take a copy, and share it."""
    if not seal.certificate_file().exists():
        seal.make_key()
    alice = world.people["alice"]
    copy = take_copy(by=alice, enrolment=world.enrolment, reflections=True, uuid=uuid4())
    world.things |= {
        "copy": copy,
        "token": token_of(share(copy)),
        "other_share": share(copy, name="Bea Example"),
    }


MAKERS.append(make)
