"""Somebody in post at a site, under a line manager or nobody."""

from datetime import date

from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people.models import JobRole, Person, Post, PostTerm, Site
from tests.factories import make_site

FIRST = date(2020, 1, 1)


def employ(
    person: Person,
    manager: Person | None = None,
    *,
    site: str | Site = "Elm Hospital",
    until: date | None = None,
) -> PostTerm:
    """A post of their own, through a day or for good."""
    role, _ = JobRole.objects.get_or_create(
        code="radiographer", defaults={"title": "Radiographer", "staff_group": "AHP"}
    )
    term = PostTerm(
        post=Post.objects.create(person=person),
        job_role=role,
        site=make_site(site) if isinstance(site, str) else site,
        crew="static",
        line_manager=manager,
    )
    with ledger.writing(person.book) as pen:
        draft = Draft(fact=term, book=person.book, about_from=FIRST, about_to=until)
        pen.append([draft], by=PORTAL)
    return term
