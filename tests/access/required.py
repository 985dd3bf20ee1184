"""What is required: a requirement with one version, the draft of another, and an exemption of somebody in post at Alice's site."""

from datetime import date

from school.coverage.models import Requirement, RequirementDraft
from school.people.models import Post, PostTerm
from tests.access.world import MAKERS, World
from tests.coverage.making import Staff, write


def make(world: World) -> None:
    """Asked of everybody."""
    staff = Staff()
    staff.ask("fire", ["Fire"], date(2026, 4, 1), active_months=24)
    person = staff.person("in post")
    fact = PostTerm(
        post=Post.objects.create(person=person),
        job_role=staff.role("Radiographer"),
        site=world.things["site"],
        crew="static",
    )
    write(fact, person.book, date(2026, 1, 1))
    world.things |= {
        "exemption": staff.exempt("in post", "fire", date(2026, 4, 1), date(2026, 6, 1)),
        "requirement": Requirement.objects.get(code="fire"),
        "requirement_draft": RequirementDraft.objects.create(
            code="conflict",
            name="Conflict resolution",
            courses="fire",
            decided=True,
            source="Policy 14",
            starts=date(2026, 4, 1),
        ),
    }


MAKERS.append(make)
