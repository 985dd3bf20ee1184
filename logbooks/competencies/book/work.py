"""Makes copies of log books in the background, so that they can be left and come back to."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from logbooks.competencies.actions.books import STEPS, rule_own_book, take_copy
from placements.models import Enrolment
from school.core import progress
from school.core.errors import DomainError
from school.core.models import Progress
from school.people.models import Person


def ask(*, by: Person, enrolment: Enrolment, reflections: bool, uuid: UUID) -> Progress:
    """Queues the making of a copy. Raises NotAllowed."""
    rule_own_book(by, enrolment)
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title="Copy of your log book", total=len(STEPS))
        make.enqueue(str(uuid), str(enrolment.uuid), reflections, str(by.uuid), str(work.uuid))
    return work


@task()
def make(uuid: str, enrolment: str, reflections: bool, by: str, work: str) -> None:
    """Makes one copy. Run again after a kill it gives what was made, or starts anew."""
    asked, page = UUID(work), reverse("log_book_copies")
    try:
        found = take_copy(
            by=Person.objects.get(uuid=by),
            enrolment=Enrolment.objects.select_related(
                "person", "book", "university", "version", "cohort__programme"
            ).get(uuid=enrolment),
            reflections=reflections,
            uuid=UUID(uuid),
            step=lambda done, doing: progress.move(asked, done, message=doing),
        )
    except DomainError as error:
        progress.fail(asked, error.message[:500], link=page)
        return
    said = "The copy is made. Download it, or share it with a reader."
    if str(found.uuid) != uuid:
        said = "Nothing was recorded since your last copy, so that one is still the latest."
    progress.finish(asked, said, link=page)
