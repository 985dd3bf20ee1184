"""Makes the page of a site for an inspector as a PDF in the background, and keeps it for a month."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from school.core import clock, days, documents, progress
from school.core.models import Progress
from school.core.tasks import KEPT_DAYS
from school.coverage import irmer
from school.coverage.figures import said
from school.coverage.irmer import Member
from school.coverage.states import Question
from school.people.models import Person, Site

FOLDER = "irmer"
STEPS = 2


def words(site: Site, found: Sequence[Member], as_of: date, known_on: date) -> dict[str, Any]:
    """All that stands on the page and on paper."""
    return {
        "site": site,
        "people": found,
        "members": [member for member in found if member.has_part],
        "others": [member for member in found if not member.has_part],
        "is_asked": any(member.asked for member in found),
        "marked": sum(bool(member.marks) for member in found),
        "entitled": sum(bool(member.entitled) for member in found),
        "said": said(Question(as_of, known_on)),
        "definition": irmer.DEFINITION,
        "made": days.long_date(clock.today()),
    }


def pdf(site: Site, as_of: date, known_on: date) -> bytes:
    """The page as a tagged PDF."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    found = irmer.members(site, as_of, known_on)
    return printing.print_pdf("irmer.html", words(site, found, as_of, known_on))


def ask(*, by: Person, site: Site, as_of: date, known_on: date) -> Progress:
    """Queues the making of the PDF."""
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title=f"{site.name} for an inspector", total=STEPS)
        make.enqueue(str(site.uuid), as_of.isoformat(), known_on.isoformat(), str(work.uuid))
    return work


@task()
def make(site: str, as_of: str, known_on: str, work: str) -> None:
    """Makes one PDF; run again it writes the same file."""
    asked, of = UUID(work), Site.objects.select_related("organisation").get(uuid=site)
    progress.move(asked, 1, message="Writing the pages")
    documents.keep(FOLDER, f"{work}.pdf", pdf(of, date.fromisoformat(as_of), date.fromisoformat(known_on)))  # fmt: skip
    link = reverse("irmer_pdf", args=[of.slug, work])
    progress.finish(asked, "The PDF is ready. It is kept for a month.", link=link)


def kept(work: UUID) -> bytes | None:
    """The file of a piece of work; none when it is not there, or no longer."""
    try:
        return documents.path_of(FOLDER, f"{work}.pdf").read_bytes()
    except FileNotFoundError:
        return None


@task()
def clear_old() -> int:
    """Removes the files of work that is a month old; gives how many."""
    return documents.clear_old(FOLDER, KEPT_DAYS)
