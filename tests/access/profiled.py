"""What Alice learned, and a CPD profile that she froze."""

from datetime import timedelta

from logbooks.cpd.models import Activity
from school.core import clock, seal
from tests.access.world import MAKERS, World
from tests.logbooks.cpd.profile.made import Writer, ready


def make(world: World) -> None:
    """Let Alice choose, write and freeze."""
    if not seal.certificate_file().exists():
        seal.make_key()
    alice = world.people["alice"]
    day = clock.today() - timedelta(days=3)
    learned = Activity.objects.create(
        person=alice, title="Arms up", learning="work-based", starts_on=day, ends_on=day
    )
    world.things["cpd_profile"] = ready(Writer(alice, [learned])).freezes()


MAKERS.append(make)
