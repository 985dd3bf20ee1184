"""The report of marks for the board, as a PDF made in the background."""

from fractions import Fraction
from typing import cast
from uuid import UUID

from django.db import transaction
from django_tasks import task

from logbooks.osces.analysis.marks import Group
from logbooks.osces.analysis.written import sections
from logbooks.osces.examined import shown, uncertain
from logbooks.osces.examined.kept import FOLDER, Wanted
from logbooks.osces.examined.source import FileSource, Source, of_exam
from school.core import clock, days, documents, progress
from school.core.models import Progress
from school.people.models import Person

STEPS = 2


def pdf(source: Source, wanted: Wanted) -> bytes:
    """The report as a tagged PDF: the same words and digits as on the screen, with its plots."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    found = source.reported(wanted)
    context = {
        "name": source.name,
        "decided": source.decision,
        "made": days.long_date(clock.today()),
        "sections": list(sections(found)),
        "pictures": uncertain.pictures(source.marks, found),
        "plots": [shown.plot(one, source.rows, wanted.borderline) for one in found.stations],
    }
    return printing.print_pdf("osce_marks.html", context)


def ask(*, by: Person, source: Source, wanted: Wanted) -> Progress:
    """Queues the making of the PDF."""
    asked = (str(wanted.borderline), str(wanted.sem), wanted.group)
    kind = "exam" if source.exam else "file"
    with transaction.atomic():
        title = f"Report of {source.name}"[:100]
        work = progress.start(owner=by.uuid, title=title, total=STEPS)
        make.enqueue(kind, str(source.key), source.name, *asked, str(work.uuid))
    return work


@task()
def make(kind: str, key: str, name: str, borderline: str, sem: str, group: str, work: str) -> None:
    """Makes one PDF of an exam or a file; run again it writes the same file. Raises ValueError for an exam that is gone."""
    asked = UUID(work)
    progress.move(asked, 1, message="Writing the pages")
    wanted = Wanted(Fraction(borderline), Fraction(sem), cast(Group, group))
    source = of_exam(UUID(key)) if kind == "exam" else FileSource(UUID(key), name)
    if source is None:
        raise ValueError(f"There is no frozen exam {key}.")
    documents.keep(FOLDER, f"{key}.{work}.pdf", pdf(source, wanted))
    progress.finish(asked, "The PDF is ready.", link=source.url("osce_pdf", work=work))


def kept(key: UUID, work: UUID) -> bytes | None:
    """The PDF of a piece of work; none when it is not there, or no longer."""
    try:
        return documents.path_of(FOLDER, f"{key}.{work}.pdf").read_bytes()
    except FileNotFoundError:
        return None
