"""What a member of staff of Alice's site is entitled to do."""

from datetime import date

from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people.models import Entitlement, JobRole, Post, PostTerm
from tests.access.world import MAKERS, World
from tests.people.cast import a_person


def make(world: World) -> None:
    """Give somebody of the site a post and an entitlement."""
    tess = a_person("Tess Tamarisk")
    role, _ = JobRole.objects.get_or_create(
        code="pet-ct-radiographer", defaults={"title": "PET-CT radiographer", "staff_group": "AHP"}
    )
    post = Post.objects.create(person=tess)
    facts = (
        PostTerm(post=post, job_role=role, site=world.site, crew=PostTerm.Crew.STATIC),
        Entitlement(
            person=tess,
            employer=world.site.organisation,
            practice=Entitlement.Practice.CT_EXPOSURE,
            review_on=date(2027, 1, 1),
        ),
    )
    with ledger.writing(tess.book) as pen:
        pen.append(
            [Draft(fact=fact, book=tess.book, about_from=date(2026, 1, 1)) for fact in facts],
            by=PORTAL,
        )
    world.things["entitlement"] = facts[1]


MAKERS.append(make)
