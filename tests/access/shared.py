"""What Alice shares of her CPD with Bob, and her asking the School for help."""

from logbooks.cpd.models import HelpAsked, Share
from school.core import clock
from school.core.days import add_months
from tests.access import profiled as profiled  # makes her frozen profile
from tests.access import recorded as recorded  # makes her activity
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """Bob reads an activity and a frozen profile."""
    alice, bob = world.people["alice"], world.people["bob"]
    through = {"person": alice, "reader": bob, "ends_on": add_months(clock.today(), 1)}
    world.things |= {
        "cpd_share": Share.objects.create(activity=world.cpd_activity, **through),
        "cpd_profile_share": Share.objects.create(profile=world.cpd_profile, **through),
        "cpd_help": HelpAsked.objects.create(person=alice),
    }


MAKERS.append(make)
