"""Posts, absences, attainments and requirements as facts, written as an import would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL, Book, Fact
from school.courses.models import Attainment, AttainmentVoid, Course, CourseVersion, Equivalence
from school.coverage.models import Accepted, Exemption, Requirement, RequirementVersion, Whom
from school.people.models import Absence, JobRole, Person, Post, PostTerm, Site
from school.people.network import ensure_network
from school.people.roles import WORKFORCE_MANAGER
from tests import factories as make
from tests import records
from tests.people.cast import with_account


def write(
    fact: Fact,
    book: Book,
    about: date,
    until: date | None = None,
    known: date | None = None,
    **texts: str,
) -> Any:
    """Writes a fact that was recorded on a day."""
    draft = Draft(
        fact=fact, book=book, about_from=about, about_to=until, known_from=known, texts=texts
    )
    with ledger.writing(book) as pen:
        pen.append([draft], by=PORTAL)
    return fact


def manager() -> Person:
    """A workforce manager of the whole network, with an account."""
    return with_account("Jo Manager", WORKFORCE_MANAGER, scope=ensure_network())


@dataclass
class Staff:
    """People in post, what they attained and what is asked of them; each by a name of one letter or so."""

    people: dict[str, Person] = field(default_factory=dict)
    courses: dict[str, CourseVersion] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """The person of a name."""
        if name not in self.people:
            self.people[name] = make.make_person(f"Staff {name}", account=False)
        return self.people[name]

    def site(self, name: str) -> Site:
        """The site of a name."""
        return make.make_site(f"Site {name}")

    def role(self, name: str) -> JobRole:
        """The job role of a name."""
        return JobRole.objects.get_or_create(
            code=name.lower(), defaults={"title": name, "staff_group": f"Group {name}"}
        )[0]

    def course(self, name: str, minutes: int = 60) -> CourseVersion:
        """The only version of the course of a name."""
        if name not in self.courses:
            course = Course.objects.create(
                code=name.lower(), title=name, summary="A course", level=Course.Level.AWARENESS
            )
            self.courses[name] = CourseVersion.objects.create(
                course=course,
                number=1,
                published_on=date(2010, 1, 1),
                title=name,
                outcomes="Knows it.",
                credit_minutes=minutes,
            )
        return self.courses[name]

    def term(
        self,
        person: str,
        site: str,
        role: str,
        starts: date,
        ends: date | None = None,
        *,
        crew: str = "static",
        known: date | None = None,
        replaces: PostTerm | None = None,
        manager: Person | None = None,
    ) -> Any:
        """A term of a post of its own, or of the post whose term it replaces."""
        holder = self.person(person)
        post = replaces.post if replaces else Post.objects.create(person=holder)
        fact = PostTerm(
            post=post,
            job_role=self.role(role),
            site=self.site(site),
            crew=crew,
            line_manager=manager,
            supersedes=replaces,
        )
        return write(fact, holder.book, starts, ends, known or starts)

    def away(
        self, person: str, starts: date, ends: date | None = None, known: date | None = None
    ) -> Any:
        """An absence."""
        holder = self.person(person)
        fact = Absence(person=holder, reason=Absence.Reason.SICK)
        return write(fact, holder.book, starts, ends, known or starts)

    def attain(self, person: str, course: str, day: date, known: date | None = None) -> Any:
        """An attainment."""
        holder = self.person(person)
        fact = Attainment(person=holder, course_version=self.course(course), source="import")
        return write(fact, holder.book, day, None, known or day)

    def void(self, attainment: Attainment, known: date) -> Any:
        """An attainment that turned out not to be so."""
        fact = AttainmentVoid(attainment=attainment)
        book = attainment.person.book
        return write(fact, book, attainment.entry.about_from, None, known, reason="Not so.")

    def equal(
        self,
        attained: str,
        counts_as: str,
        starts: date,
        ends: date | None = None,
        known: date | None = None,
    ) -> Any:
        """A course that counts as another."""
        fact = Equivalence(
            attained=self.course(attained).course, counts_as=self.course(counts_as).course
        )
        return write(fact, records.network_book(), starts, ends, known or starts)

    def ask(
        self,
        name: str,
        courses: Sequence[str],
        starts: date,
        ends: date | None = None,
        *,
        whom: Sequence[Mapping[str, Any]] = (),
        known: date | None = None,
        radiation: bool = False,
        **rule: Any,
    ) -> RequirementVersion:
        """A version of the requirement of a name, whole at once as the real action writes it."""
        said = {"name": name, "radiation": radiation}
        requirement = Requirement.objects.get_or_create(code=name, defaults=said)[0]
        fact = RequirementVersion(
            requirement=requirement, courses=",".join(courses), source="a test", **rule
        )
        with transaction.atomic():
            version: RequirementVersion = write(
                fact, records.network_book(), starts, ends, known or starts
            )
            for course in courses:
                Accepted.objects.create(version=version, course=self.course(course).course)
            for group in whom:
                Whom.objects.create(version=version, **group)
        return version

    def exempt(
        self,
        person: str,
        name: str,
        starts: date,
        ends: date | None = None,
        known: date | None = None,
    ) -> Any:
        """An exemption."""
        holder = self.person(person)
        fact = Exemption(person=holder, requirement=Requirement.objects.get(code=name))
        return write(fact, holder.book, starts, ends, known or starts, reason="Works elsewhere.")
