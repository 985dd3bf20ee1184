"""Log books to measure with, in a database that holds the demo network; prints what there is as JSON.

python -m tests.benchmarks.log_books TURNS

A programme of its own with 80 competencies and a cohort of 60 students, each on a placement with an educator of
their own, with 30 examinations logged, 40 competencies signed and 20 that wait. What was logged and signed before
is written as brought forward, many facts at once, by the ledger like every other.
"""

import json
import sys
import time
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import django

STUDENTS, GROUPS, OF_GROUP = 60, 10, 8
LOGGED, SIGNED, WAITING = 30, 40, 20
# Of each turn one student logs, one opens the map, and one's educator signs.
PARTS = 3


def main(turns: int) -> dict[str, Any]:
    """Makes everything; returns the turns and the addresses."""
    django.setup()
    from django.urls import reverse

    from school.people.models import Site
    from school.people.roles import PROGRAMME_LEAD
    from tests import factories as make
    from tests.benchmarks.population import session_of

    # Every run has rows of its own, also in a database that holds those of another.
    run = time.time_ns()
    make._numbers = count(run)
    version, framework = make_programme(run)
    cohort, enrolments = make_students(version, max(STUDENTS, PARTS * turns))
    sites = list(Site.objects.order_by("name"))
    books = []
    for number, enrolment in enumerate(enrolments):
        site = sites[number % len(sites)]
        educator = make.make_educator(f"Educator {number}", site=site)
        books.append((make.make_placement(enrolment, site=site, educator=educator), educator))
    fill(books, framework)
    unasked = framework.competencies.latest("position")
    found = []
    for number in range(turns):
        (logs, _), (looks, _), (signed, educator) = books[PARTS * number : PARTS * (number + 1)]
        lead = make.make_person(f"Lead {number}")
        make.make_grant(lead, PROGRAMME_LEAD, cohort.programme.scope)
        found.append(
            {
                "logs": session_of(logs.enrolment.person.user),
                "looks": session_of(looks.enrolment.person.user),
                "asks": f"{reverse('ask_sign_off')}?competency={unasked.uuid}",
                "educator": session_of(educator.user),
                "signs": reverse("sign_off", args=[signed.uuid]),
                "lead": session_of(lead.user, second_factor=True),
            }
        )
    return {
        "turns": found,
        "paths": {
            "log_examination": reverse("log_examination"),
            "log_book": reverse("log_book"),
            "prove": reverse("prove"),
            "password": make.PASSWORD,
            "matrix": reverse("cohort_matrix", args=[cohort.uuid]),
        },
    }


def make_programme(run: int) -> tuple[Any, Any]:
    """A programme with a stage for each year, and the framework that its students work towards."""
    from logbooks.competencies.models import (
        Competency,
        Framework,
        FrameworkVersion,
        Group,
        Level,
        LogBookRules,
    )
    from placements.models import Programme, ProgrammeVersion, Stage
    from school.core import clock
    from school.people.models import Scope

    shipped = ProgrammeVersion.objects.earliest("pk")
    long_ago = clock.today() - timedelta(days=2000)
    above = shipped.programme.university.scope
    programme = Programme.objects.create(
        scope=Scope.objects.create(
            kind=Scope.Kind.PROGRAMME, name=f"Programme {run}", parent=above
        ),
        university=shipped.programme.university,
        code=f"measured-{run}",
        name=f"Programme {run}",
    )
    version = ProgrammeVersion.objects.create(
        programme=programme, number=1, published_on=long_ago, source="a benchmark"
    )
    for stage in shipped.stages.all():
        Stage.objects.create(
            version=version,
            year=stage.year,
            level=stage.level,
            minimum_minutes=stage.minimum_minutes,
            maximum_minutes=stage.maximum_minutes,
        )
    framework = Framework.objects.create(code=f"measured-{run}", name=f"Framework {run}")
    LogBookRules.objects.create(programme=programme, framework=framework)
    held = FrameworkVersion.objects.create(
        framework=framework,
        number=1,
        published_on=long_ago,
        title=framework.name,
        source="a benchmark",
        digest="a" * 64,
    )
    level = Level.objects.create(version=held, position=1, code="able", title="Able")
    groups = [
        Group.objects.create(
            version=held,
            identifier=uuid4(),
            position=number,
            code=chr(64 + number),
            title=f"What is done in part {number} of an examination",
        )
        for number in range(1, GROUPS + 1)
    ]
    Competency.objects.bulk_create(
        Competency(
            version=held,
            group=group,
            identifier=uuid4(),
            position=place * OF_GROUP + number,
            code=f"{group.code}{number}",
            title=f"Does part {number} as the site’s protocol asks, and says aloud why",
            year=1 + number % 3,
            level=level,
        )
        for place, group in enumerate(groups)
        for number in range(1, OF_GROUP + 1)
    )
    return version, held


def make_students(version: Any, number: int) -> tuple[Any, list[Any]]:
    """A cohort and its students, each with an account and the student's role."""
    from placements.models import Cohort, Enrolment
    from school.core import clock
    from school.core.models import Book
    from school.people.models import Scope
    from school.people.roles import STUDENT
    from tests import factories as make

    programme = version.programme
    first = clock.today() - timedelta(days=800)
    scope = Scope.objects.create(
        kind=Scope.Kind.COHORT, name=f"Cohort of {programme.name}", parent=programme.scope
    )
    cohort = Cohort.objects.create(scope=scope, programme=programme, name="Measured", starts=first)
    enrolments = []
    for place in range(number):
        person = make.make_person(f"Student {place:02}")
        make.make_grant(person, STUDENT, scope)
        enrolments.append(
            Enrolment.objects.create(
                book=Book.objects.create(kind=Book.Kind.ENROLMENT),
                person=person,
                cohort=cohort,
                version=version,
                university=programme.university,
                student_number=f"S{next(make._numbers)}",
                starts=first,
                ends=clock.today() + timedelta(days=300),
            )
        )
    return cohort, enrolments


def fill(books: list[tuple[Any, Any]], framework: Any) -> None:
    """What every student has logged, what was signed, and what waits for their educator."""
    from logbooks.competencies import evidence, standing
    from logbooks.competencies.actions.signing import WORDINGS
    from logbooks.competencies.lines import joined
    from logbooks.competencies.models import (
        ExaminationType,
        LogEntry,
        SignOff,
        SignOffRequest,
        Tracer,
    )
    from placements import reference
    from placements.models import ShiftDecision
    from school.core import clock, ledger
    from school.core.ledger import Draft
    from school.core.models import PORTAL

    competencies = list(framework.competencies.select_related("level"))
    types, tracers = list(ExaminationType.objects.all()), Tracer.objects.in_bulk(field_name="code")
    wording = reference.wording(WORDINGS[SignOff.Outcome.ACHIEVED])
    today = clock.today()

    def drafted(fact: Any, day: Any) -> Draft:
        book = fact.enrolment.book
        return Draft(fact=fact, book=book, about_from=day, about_to=None, known_from=day)

    def written(drafts: list[Draft]) -> None:
        held = [placement.enrolment.book for placement, _ in books]
        with ledger.writing(*held) as pen:
            pen.append(drafts, by=PORTAL)

    entries = {
        placement.pk: [
            LogEntry(
                enrolment=placement.enrolment,
                placement=placement,
                examination=types[number % len(types)],
                tracer=tracers[types[number % len(types)].tracers.split()[0]],
                role="assisted",
                operator=educator,
                case_number=number + 1,
                touched=joined(
                    competencies[(number + step) % len(competencies)].code for step in (0, 30, 60)
                ),
            )
            for number in range(LOGGED)
        ]
        for placement, educator in books
    }
    written(
        [
            drafted(entry, today - timedelta(days=1 + number % 27))
            for rows in entries.values()
            for number, entry in enumerate(rows)
        ]
    )
    asked, signed = [], []
    for placement, educator in books:
        for number, competency in enumerate(competencies[: SIGNED + WAITING]):
            about = {
                "enrolment": placement.enrolment,
                "competency": competency,
                "placement": placement,
            }
            shown = evidence.text_of(
                evidence.Piece(row.entry.uuid, row.entry.hash)
                for row in entries[placement.pk]
                if competency.code in row.touched.splitlines()
            )
            request = SignOffRequest(assessor=educator, evidence=shown, **about)
            asked.append(drafted(request, today))
            if number < SIGNED:
                fact = SignOff(
                    outcome=SignOff.Outcome.ACHIEVED,
                    level=competency.level,
                    person=educator,
                    capacity=SignOff.Capacity.PRACTICE_EDUCATOR,
                    proof=ShiftDecision.Proof.PASSWORD,
                    wording=wording,
                    evidence=shown,
                    request=request,
                    **about,
                )
                signed.append(drafted(fact, today))
    written([*asked, *signed])
    for placement, _ in books:
        standing.rebuild(placement.enrolment)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
