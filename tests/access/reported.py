"""A report of training coverage that is drafted, and one that was published."""

from uuid import uuid4

from school.core import clock
from school.coverage.actions import reporting
from school.coverage.models import Requirement
from school.people.roles import WORKFORCE_MANAGER
from tests.access.world import MAKERS, World
from tests.coverage.making import Staff
from tests.people.cast import with_account


def make(world: World) -> None:
    """Drafted by the workforce manager, checked by another."""
    manager, today = world.people["workforce_manager"], clock.today()
    other = with_account("Walter Manager", WORKFORCE_MANAGER)
    staff = Staff()
    staff.term("a", "Ash", "Radiographer", today)
    requirement = staff.ask("water", ["Water"], today).requirement
    assert isinstance(requirement, Requirement)
    asked = {
        "title": "Water", "for_whom": "The board", "as_of": today, "known_on": today,
        "policy": "adjusted", "grouped_by": "site", "audience": "outside",
    }  # fmt: skip
    drafts = [reporting.draft_report(by=manager, uuid=uuid4(), **asked) for _ in range(2)]
    reports = [
        reporting.review_report(by=other, report=one, seen=one.history.latest().history_id)
        for one in drafts
    ]
    publication = reporting.publish_report(by=manager, report=reports[1], uuid=uuid4())
    reporting.make_files(publication=publication)
    world.things |= {
        "report": reports[0],
        "published_report": reports[1],
        "publication": publication,
    }


MAKERS.append(make)
