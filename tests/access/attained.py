"""What Alice attained, with its certificate, evidence that she brought, a rule of courses, and a source of files."""

from datetime import timedelta
from uuid import uuid4

from school.core import badges, clock, ledger, seal
from school.courses.actions import attaining
from school.courses.actions.certifying import issue_certificate
from school.courses.actions.claiming import claim_attainment
from school.courses.actions.equating import count_as
from school.courses.actions.sources import save_source
from school.courses.actions.teaching import save_course
from school.courses.models import Attainment, Course
from tests.access import taught as taught  # makes the course
from tests.access.world import MAKERS, World
from tests.pdfs import kept_pdf


def make(world: World) -> None:
    """The attainment is of a module; the evidence waits."""
    if not seal.certificate_file().exists():
        seal.make_key()
    if not badges.public_file().exists():
        badges.make_key()
    alice, teacher = world.people["alice"], world.people["school_educator"]
    today = clock.today()
    with ledger.writing(alice.book) as pen:
        attainment = attaining.enter(
            pen,
            alice,
            world.version,
            day=today - timedelta(days=7),
            source=Attainment.Source.MODULE,
            by=alice.uuid,
        )
    other = save_course(
        by=teacher,
        uuid=uuid4(),
        code="seminar",
        title="Seminar",
        summary="For senior clinicians.",
        level=Course.Level.ADVANCED,
    )
    world.things |= {
        "attainment": attainment,
        "certificate": issue_certificate(attainment.entry.uuid),
        "claim": claim_attainment(
            by=alice,
            course=world.course,
            day=today,
            given_by="The Trust",
            data=kept_pdf(),
            uuid=uuid4(),
        ),
        "equivalence": count_as(
            by=teacher, attained=world.course, counts_as=other, starts=today, uuid=uuid4()
        ),
        "source": save_source(by=teacher, uuid=uuid4(), name="ESR", columns={}),
    }


MAKERS.append(make)
