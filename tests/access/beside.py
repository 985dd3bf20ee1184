"""Who stands in for Bob, and what is kept about Alice's site and of her placement's end."""

from datetime import time, timedelta
from uuid import uuid4

from placements.actions.cover import name_stand_in
from placements.models import SiteAudit, SiteAuditAction, WorkingPattern
from school.core import clock
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """Let Bob name the site's lead to stand in next week."""
    today = clock.today()
    world.things["cover"] = name_stand_in(
        by=world.people["bob"],
        stand_in=world.people["site_lead"],
        starts=today + timedelta(days=7),
        ends=today + timedelta(days=9),
        uuid=uuid4(),
    )
    world.things["pattern"] = WorkingPattern.objects.create(
        site=world.site, name="Early", weekdays=31, start=time(7), end=time(15), break_minutes=30
    )
    audit = SiteAudit.objects.get(site=world.site)
    world.things["audit_action"] = SiteAuditAction.objects.create(
        audit=audit, what="A second dose badge", due=today + timedelta(days=30)
    )


MAKERS.append(make)
