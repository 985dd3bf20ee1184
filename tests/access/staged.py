"""What stands of Alice's whole stage: a result from elsewhere, a sign-off that Bob gave as her final assessor, and one on paper."""

from logbooks.competencies.actions import results
from logbooks.competencies.models import Competency, SignOff, StageSignOff
from placements import reference
from placements.actions import placing
from placements.models import StageTask, Supervision
from school.core import clock, ledger
from school.core.ledger import Draft
from tests.access import signed as signed  # makes what Bob signed first
from tests.access.world import MAKERS, World
from tests.pdfs import kept_pdf

DOCUMENT = kept_pdf()


def make(world: World) -> None:
    """Bob is her final assessor as well; his sign-off of the stage stands, whatever is missing of it."""
    enrolment, placement, bob = world.enrolment, world.placement, world.people["bob"]
    placing.supervise(
        by=world.people["coordinator"],
        placement=placement,
        person=bob,
        capacity=Supervision.Capacity.ASSESSOR,
        starts=placement.starts,
        reason="Nobody else can.",
    )
    stage = placement.stage
    task, _ = StageTask.objects.get_or_create(
        stage=stage, code="osce", defaults={"position": 99, "title": "OSCE"}
    )
    reference.forget()
    result = results.record_result(
        by=bob,
        enrolment=enrolment,
        task=task,
        entered=results.Entered(
            what="OSCE",
            place="The university",
            day=clock.today(),
            outcome=SignOff.Outcome.ACHIEVED,
            document=DOCUMENT,
        ),
        uuid=world.placement.uuid,
    )
    version = world.log_book.version
    wording = reference.wording("I have seen it.")
    stage_signed = StageSignOff(
        enrolment=enrolment,
        stage=stage,
        framework_version=version,
        placement=placement,
        person=bob,
        capacity="assessor",
        proof="password",
        wording=wording,
        minutes=1,
        rests_on="",
    )
    first = version.competencies.order_by("position")[0]
    third = Competency.objects.create(
        version=version,
        group=first.group,
        identifier=world.placement.uuid,
        position=3,
        code="A3",
        title="Knows the way out",
        year=1,
        level=first.level,
    )
    on_paper = SignOff(
        enrolment=enrolment,
        competency=third,
        outcome="achieved",
        person=bob,
        capacity="sighted",
        proof="paper",
        wording=wording,
        scan="d" * 64,
    )
    with ledger.writing(enrolment.book) as pen:
        pen.append(
            [
                Draft(fact=stage_signed, book=enrolment.book, about_from=clock.today()),
                Draft(
                    fact=on_paper,
                    book=enrolment.book,
                    about_from=clock.today(),
                    texts={"assessor": "Dr Q"},
                ),
            ],
            by=bob.uuid,
        )
    world.things |= {"result": result, "stage_sign_off": stage_signed, "on_paper": on_paper}


MAKERS.append(make)
