"""What the demo's staff of today are entitled to do: most are, a few reviews are overdue, and a few have nothing on record."""

from collections.abc import Iterator
from datetime import date, timedelta

from school.core.ledger import Draft
from school.demo.run import Build, write
from school.demo.staff import STAFF_A_SITE
from school.people.models import Entitlement, PostTerm

Practice = Entitlement.Practice
RADIOGRAPHER = (Practice.IDENTIFY, Practice.ADMINISTER, Practice.CT_EXPOSURE, Practice.PET_CT)
# By the code of the job role; an administrator is entitled to nothing.
PRACTICES = {
    "pet-ct-radiographer": RADIOGRAPHER,
    "senior-pet-ct-radiographer": (*RADIOGRAPHER, Practice.AUTHORISE),
    "pet-ct-technologist": (Practice.DISPENSE, Practice.ADMINISTER, Practice.QUALITY),
    "imaging-support-worker": (Practice.IDENTIFY,),
}
YEAR = timedelta(days=365)
INDUCTED = timedelta(days=30)
# One in so many was overlooked, one in so many was never entitled; at the personas' site one of each, by the place in its list.
OVERDUE, MISSING = 13, 17
OVERDUE_HERE, MISSING_HERE = 0, 1


def build_entitled(run: Build) -> None:
    """Entitlements from a month after somebody began, reviewed every year."""
    write([draft for number, term in enumerate(run.terms[0]) for draft in _of(run, number, term)])


def _of(run: Build, number: int, draft: Draft) -> Iterator[Draft]:
    term: PostTerm = draft.fact  # type: ignore[assignment]
    site, place = divmod(number, STAFF_A_SITE)
    here = site == run.home
    if number % MISSING == MISSING - 1 or (here and place == MISSING_HERE):
        return
    overdue = number % OVERDUE == OVERDUE - 1 or (here and place == OVERDUE_HERE)
    first = draft.about_from + INDUCTED
    for practice in PRACTICES.get(term.job_role.code, ()):
        before = None
        for reviewed in _reviews(first, run.today, overdue=overdue):
            fact = Entitlement(
                person=term.post.person,
                employer=term.site.organisation,
                practice=practice,
                review_on=reviewed + YEAR,
                supersedes=before,
            )
            yield Draft(
                fact=fact,
                book=term.post.person.book,
                about_from=first,
                uuid=run.uuid(),
                known_from=reviewed,
            )
            before = fact


def _reviews(first: date, today: date, *, overdue: bool) -> list[date]:
    """The day it began, and that of the newest review where a year has gone; who was overlooked had that one not."""
    years = (today - first).days // YEAR.days
    if overdue:
        return [first, first + (years - 1) * YEAR] if years > 1 else [first]
    return [first, first + years * YEAR] if years else [first]
