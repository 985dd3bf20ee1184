"""The blank mark sheet of a version for paper, made in the background, once for all who ask."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from logbooks.osces.models import StationVersion
from logbooks.osces.stations import document as documents
from school.core import days, progress
from school.core import documents as files
from school.core.models import Progress
from school.people.models import Person

FOLDER = "osce_sheets"
STEPS = 2


def sheet(version: StationVersion) -> bytes:
    """A tagged PDF: every item with its boxes, not observed among them, and the global scale."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    context = {
        "version": version,
        "document": documents.from_canonical(version.document),
        "made": days.long_date(version.published_on),
    }
    return printing.print_pdf("osce_sheet.html", context)


def ask(*, by: Person, version: StationVersion) -> Progress:
    """Queues the making of the sheet."""
    with transaction.atomic():
        title = f"Blank mark sheet: {version.station.title}"
        work = progress.start(owner=by.uuid, title=title[:100], total=STEPS)
        make.enqueue(str(version.uuid), str(work.uuid))
    return work


@task()
def make(version: str, work: str) -> None:
    """Makes one sheet; run again it writes the same words."""
    asked = UUID(work)
    progress.move(asked, 1, message="Writing the sheet")
    found = StationVersion.objects.select_related("station").get(uuid=version)
    files.keep(FOLDER, _name(found), sheet(found))
    link = reverse("osce_sheet", args=[found.station.uuid, found.number])
    progress.finish(asked, "The blank mark sheet is ready.", link=link)


def kept(version: StationVersion) -> bytes | None:
    """The sheet of a version; none when nobody has asked for it."""
    try:
        return files.path_of(FOLDER, _name(version)).read_bytes()
    except FileNotFoundError:
        return None


def _name(version: StationVersion) -> str:
    return f"{version.uuid}.pdf"
