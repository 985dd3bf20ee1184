"""An online module, open to everyone, that Alice has been through and whose quiz she has sat."""

from tests.access.world import MAKERS, World
from tests.courses import making
from tests.courses import modules as made


def make(world: World) -> None:
    """Of a course of its own, so that the others keep what they have."""
    by = world.people["school_educator"]
    version = making.make_version("Dementia Awareness", by=by)
    module = made.make_module(by=by, version=version)
    alice = world.people["alice"]
    made.do_parts(alice, module)
    world.things |= {
        "module": module,
        "module_version": version,
        "part": made.parts_of(module)[0],
        "attempt": made.sit(alice, module, right=False),
        "question": module.questions.first(),
    }


MAKERS.append(make)
