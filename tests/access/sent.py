"""Whom somebody answers for: Sam, who works at Elm Hospital under Bob and asks for a place that wants approval."""

from datetime import timedelta
from uuid import uuid4

from school.core import clock, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.courses.actions import booking, teaching
from school.courses.models import Event
from school.people.models import JobRole, Post, PostTerm
from tests.access import taught as taught  # makes the course
from tests.access.world import MAKERS, World
from tests.people.cast import a_person


def make(world: World) -> None:
    """Sam's request is for an event of the same course, a week after the open one."""
    by, sam = world.people["school_educator"], a_person("Sam Sample", "sam@trust.example")
    role = JobRole.objects.create(code="sample", title="Radiographer", staff_group="AHP")
    term = PostTerm(
        post=Post.objects.create(person=sam),
        job_role=role,
        site=world.site,
        crew="static",
        line_manager=world.people["bob"],
    )
    with ledger.writing(sam.book) as pen:
        pen.append([Draft(fact=term, book=sam.book, about_from=clock.today())], by=PORTAL)
    starts = world.event.starts + timedelta(days=7)
    details = teaching.Details(
        format=Event.Format.ONLINE,
        capacity=20,
        opens=world.event.opens,
        closes=starts,
        needs_approval=True,
        contact="school@example.org",
    )
    asked = teaching.make_event(
        by=by,
        version=world.version,
        details=details,
        sessions=[teaching.When(starts, starts + timedelta(hours=3))],
        uuid=uuid4(),
    )
    teaching.open_event(by=by, event=asked, uuid=uuid4())
    world.things["asked"] = booking.ask_for_place(by=sam, person=sam, event=asked, uuid=uuid4())


MAKERS.append(make)
