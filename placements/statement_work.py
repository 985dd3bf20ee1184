"""Makes statements of hours in the background, so that they can be left and come back to."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from placements.actions.statements import STEPS, issue_statement, rule_may_certify
from placements.models import Enrolment, Stage
from school.core import progress
from school.core.errors import DomainError
from school.core.models import Progress
from school.people.models import Person


def ask(*, by: Person, enrolment: Enrolment, stage: Stage, uuid: UUID) -> Progress:
    """Queues the making of a statement. Raises NotAllowed."""
    rule_may_certify(by, enrolment)
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title=f"Statement of hours, {stage}", total=len(STEPS))
        make.enqueue(str(uuid), str(enrolment.uuid), str(stage.uuid), str(by.uuid), str(work.uuid))
    return work


@task()
def make(uuid: str, enrolment: str, stage: str, by: str, work: str) -> None:
    """Makes one statement. Run again after a kill it gives what was issued, or starts anew."""
    of = Enrolment.objects.select_related(
        "person__user", "book", "university", "cohort__programme"
    ).get(uuid=enrolment)
    asked = UUID(work)
    page = reverse("statements", args=[enrolment])
    try:
        found = issue_statement(
            by=Person.objects.get(uuid=by),
            enrolment=of,
            stage=Stage.objects.select_related("version").get(uuid=stage),
            uuid=UUID(uuid),
            step=lambda done, doing: progress.move(asked, done, message=doing),
        )
    except DomainError as error:
        progress.fail(asked, error.message[:500], link=page)
        return
    said = "The statement was issued, and the student is told by email."
    if str(found.uuid) != uuid:
        said = "The hours are those of the last statement, so that one still stands."
    progress.finish(asked, said, link=page)
