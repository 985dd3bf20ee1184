"""Makes the ZIP in the background, and finds it again for its owner."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django_tasks import task

from logbooks.cpd import files
from logbooks.cpd.leaving import packed
from logbooks.cpd.leaving.gathered import count_of_files, record_of
from school.core import clock, documents, progress
from school.core.models import Progress
from school.people.models import Person
from school.people.queries import identity

TITLE = "Copy of your CPD record"
# Gathering and packing, beside one step for each file.
STEPS = 2


def ask(*, by: Person) -> Progress:
    """Queues the making of a copy of one's own record."""
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title=TITLE, total=STEPS)
        make.enqueue(str(by.uuid), str(work.uuid))
    return work


@task()
def make(by: str, work: str) -> None:
    """Makes one copy; run again after a kill it starts anew."""
    asked, person = UUID(work), Person.objects.get(uuid=by)
    me = identity(person)
    total = count_of_files(me) + STEPS
    progress.move(asked, 0, total=total, message="Looking through your files")
    done = 0

    def step() -> None:
        nonlocal done
        done = min(done + 1, total - STEPS)
        if done % 20 == 0:
            progress.move(asked, done, message="Looking through your files")

    found = record_of(me, step)
    progress.move(asked, total - 1, message="Writing the PDF and packing")
    with files.kept_whole(files.COPIES_FOLDER, name_of(asked)) as file:
        packed.pack(found, person, file)
    said = f"The copy is made. It is kept here for {files.KEPT_DAYS} days."
    progress.finish(asked, said, link=reverse("cpd_take_away"))


def name_of(work: UUID) -> str:
    """What the copy made by a piece of work is called here."""
    return f"{work}.zip"


def copies(owner: UUID) -> QuerySet[Progress]:
    """The pieces of work that made a person's copies, the newest first."""
    since = clock.now() - timedelta(days=files.KEPT_DAYS)
    rows = Progress.objects.filter(owner=owner, title=TITLE, created_at__gte=since)
    return rows.order_by("-created_at")


def path_of(owner: UUID, work: UUID) -> Path | None:
    """Where a person's own copy lies; none of another's, or when it is not there."""
    if not copies(owner).filter(uuid=work, state=Progress.State.DONE).exists():
        return None
    path = documents.path_of(files.COPIES_FOLDER, name_of(work))
    return path if path.exists() else None
