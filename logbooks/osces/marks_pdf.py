"""The report of marks for the board, as a PDF made in the background."""

from fractions import Fraction
from typing import cast
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from logbooks.osces import marks_kept, marks_shown
from logbooks.osces.analysis.marks import Group
from logbooks.osces.analysis.written import sections
from logbooks.osces.marks_kept import FOLDER, Wanted
from school.core import clock, days, documents, progress
from school.core.models import Progress
from school.people.models import Person

STEPS = 2


def pdf(key: UUID, name: str, wanted: Wanted) -> bytes:
    """The report as a tagged PDF: the same words and digits as on the screen, with a plot of each station."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    found, rows = marks_kept.analysed(key, wanted), marks_kept.marks(key)
    context = {
        "name": name,
        "made": days.long_date(clock.today()),
        "sections": list(sections(found)),
        "plots": [marks_shown.plot(one, rows, wanted.borderline) for one in found.stations],
    }
    return printing.print_pdf("osce_marks.html", context)


def ask(*, by: Person, key: UUID, name: str, wanted: Wanted) -> Progress:
    """Queues the making of the PDF."""
    asked = (str(wanted.borderline), str(wanted.sem), wanted.group)
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title=f"Report of {name}"[:100], total=STEPS)
        make.enqueue(str(key), name, *asked, str(work.uuid))
    return work


@task()
def make(key: str, name: str, borderline: str, sem: str, group: str, work: str) -> None:
    """Makes one PDF; run again it writes the same file."""
    asked = UUID(work)
    progress.move(asked, 1, message="Writing the pages")
    wanted = Wanted(Fraction(borderline), Fraction(sem), cast(Group, group))
    documents.keep(FOLDER, f"{key}.{work}.pdf", pdf(UUID(key), name, wanted))
    progress.finish(asked, "The PDF is ready.", link=reverse("osce_pdf", args=[key, work]))


def kept(key: UUID, work: UUID) -> bytes | None:
    """The PDF of a piece of work; none when it is not there, or no longer."""
    try:
        return documents.path_of(FOLDER, f"{key}.{work}.pdf").read_bytes()
    except FileNotFoundError:
        return None
