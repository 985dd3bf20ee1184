"""Builds a believable network of invented people on the real sites, deterministic for a seed and a date."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import connection, transaction
from simple_history.utils import bulk_create_with_history

from placements import reference, standing
from placements.models import (
    Cohort,
    CurrentShift,
    Enrolment,
    Placement,
    PlaceOffer,
    PlannedShift,
    Programme,
    ProgrammeVersion,
    SiteAudit,
    Stage,
    StageTally,
    StageTask,
)
from school.core import days, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL, Book
from school.demo import names, records, timetable
from school.demo.personas import PERSONAS, SITE
from school.demo.timetable import STUDENTS_A_YEAR, Stay, academic_year
from school.people import roles
from school.people.models import (
    JobRole,
    MailDomain,
    Organisation,
    Person,
    Post,
    PostTerm,
    RoleGrant,
    ScannerTerm,
    Scope,
    Site,
    User,
)
from school.people.network import network_book, network_scope

T = TypeVar("T")
NAMESPACE = UUID("5c0c0a0e-7d2f-4f6e-9d55-6c1f2a5f0b11")
JOBS = (
    ("pet-ct-radiographer", "PET-CT radiographer", "Allied health professionals"),
    ("senior-pet-ct-radiographer", "Senior PET-CT radiographer", "Allied health professionals"),
    ("pet-ct-technologist", "PET-CT technologist", "Healthcare scientists"),
    ("imaging-support-worker", "Imaging support worker", "Additional clinical services"),
    ("administrator", "Administrator", "Administrative and clerical"),
)
EDUCATORS_A_SITE = 2
STAFF_A_SITE = 6
PLACES = 2


@dataclass
class Build:
    """What one run makes, and the numbers it draws from."""

    today: date
    seed: int
    scale: int
    rng: random.Random = field(init=False)
    counter: int = 0
    sites: list[Site] = field(default_factory=list)
    educators: dict[tuple[int, int], list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed} {self.today} {self.scale}")

    def uuid(self) -> UUID:
        """The next UUID: the same for the same seed, date and scale."""
        self.counter += 1
        return uuid5(NAMESPACE, f"{self.seed} {self.today} {self.scale} {self.counter}")

    @property
    def intakes(self) -> range:
        """The Septembers in which students began: three years of them, ten at a larger scale."""
        current = academic_year(self.today)
        return range(current - (2 if self.scale == 1 else 9), current + 1)


def build(*, today: date, seed: int = 1, scale: int = 1) -> Build:
    """Builds the demo network into a prepared database that has none."""
    run = Build(today, seed, scale)
    run.sites = list(Site.objects.order_by("name"))
    with transaction.atomic():
        build_sites(run)
        personas = build_personas(run)
    for copy in range(scale):
        with transaction.atomic():
            build_staff(run, copy, personas)
            programme, version = build_programme(run, copy)
            offer_places(run, version)
        for intake in run.intakes:
            with transaction.atomic():
                build_intake(run, copy, programme, version, intake, personas)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return run


# Sites and people -------------------------------------------------------------------------------


def build_sites(run: Build) -> None:
    """Invented kinds of scanner, mail domains and quality audits; one audit has run out."""
    book = network_book()
    drafts = []
    for number, site in enumerate(run.sites):
        kind = ScannerTerm.Kind.MOBILE if number % 5 == 4 else ScannerTerm.Kind.STATIC
        drafts.append(
            Draft(
                fact=ScannerTerm(site=site, scanner_kind=kind),
                book=book,
                about_from=date(2017, 4, 1),
                uuid=run.uuid(),
                known_from=date(2017, 4, 1),
            )
        )
        lapsed = site.name == "Bradford Royal Infirmary"
        audited = run.today - timedelta(days=750 if lapsed else 60 + 17 * (number % 20))
        drafts.append(
            Draft(
                fact=SiteAudit(site=site),
                book=book,
                about_from=audited,
                about_to=days.add_months(audited, 24),
                uuid=run.uuid(),
                known_from=audited,
            )
        )
        MailDomain.objects.get_or_create(site=site, domain=f"{site.slug}.nhs.example")
    with ledger.writing(book) as pen:
        pen.append(drafts, by=PORTAL)
    for code, title, group in JOBS:
        JobRole.objects.get_or_create(code=code, defaults={"title": title, "staff_group": group})


def make_people(run: Build, wanted: list[tuple[str, str]], *, accounts: bool) -> list[Person]:
    """Persons with these names and addresses, each with a record book, and an account when asked."""
    users: list[User | None] = [None] * len(wanted)
    if accounts:
        made = [User(email=email) for _, email in wanted]
        for user in made:
            user.set_unusable_password()
        users = list(bulk_create_with_history(made, User, batch_size=2000))
    books = Book.objects.bulk_create(Book(uuid=run.uuid(), kind=Book.Kind.PERSON) for _ in wanted)
    people = [
        Person(uuid=run.uuid(), book=book, user=user, name=name, email=email)
        for (name, email), book, user in zip(wanted, books, users, strict=True)
    ]
    return list(bulk_create_with_history(people, Person, batch_size=2000))


def build_personas(run: Build) -> dict[str, Person]:
    """The people a newcomer signs in as."""
    people = make_people(run, [(p.name, p.email) for p in PERSONAS], accounts=True)
    return {persona.key: person for persona, person in zip(PERSONAS, people, strict=True)}


def build_staff(run: Build, copy: int, personas: dict[str, Person]) -> None:
    """About 170 staff with posts at the sites, two practice educators and a lead at each."""
    wanted = [
        (names.name(run.rng), f"staff.{copy}.{site.slug}.{n}@demo.example")
        for site in run.sites
        for n in range(STAFF_A_SITE)
    ]
    staff = make_people(run, wanted, accounts=True)
    jobs = list(JobRole.objects.order_by("code"))
    posts = bulk_create_with_history(
        [
            Post(uuid=run.uuid(), person=person, reference=f"P{copy}-{n}")
            for n, person in enumerate(staff)
        ],
        Post,
        batch_size=2000,
    )
    terms, granted = [], []
    for n, (person, post) in enumerate(zip(staff, posts, strict=True)):
        number, place = divmod(n, STAFF_A_SITE)
        site = run.sites[number]
        began = run.today - timedelta(days=200 + run.rng.randrange(3000))
        terms.append(
            Draft(
                fact=PostTerm(
                    post=post,
                    job_role=jobs[run.rng.randrange(len(jobs))],
                    site=site,
                    whole_time_hundredths=run.rng.choice([100, 100, 100, 80, 60]),
                    crew=PostTerm.Crew.STATIC,
                ),
                book=person.book,
                about_from=began,
                uuid=run.uuid(),
                known_from=began,
            )
        )
        if place < EDUCATORS_A_SITE:
            if copy == 0 and site.name == SITE and place == 0:
                person = personas["practice_educator"]
            run.educators.setdefault((copy, number), []).append(person)
            granted.append((person, roles.PRACTICE_EDUCATOR, site.scope))
        elif place == EDUCATORS_A_SITE:
            lead = personas["site_lead"] if copy == 0 and site.name == SITE else person
            granted.append((lead, roles.SITE_LEAD, site.scope))
    write(terms)
    grant(run, granted)


def grant(run: Build, wanted: list[tuple[Person, roles.Role, Scope]]) -> None:
    """Gives roles from a year ago on."""
    book = network_book()
    since = run.today - timedelta(days=365)
    with ledger.writing(book) as pen:
        pen.append(
            [
                Draft(
                    fact=RoleGrant(person=person, role=role.key, scope=scope),
                    book=book,
                    about_from=since,
                    uuid=run.uuid(),
                    known_from=since,
                )
                for person, role, scope in wanted
            ],
            by=PORTAL,
        )


# Programme and students -------------------------------------------------------------------------


def build_programme(run: Build, copy: int) -> tuple[Programme, ProgrammeVersion]:
    """The shipped programme; for each further copy, another university's with the same stages."""
    shipped = ProgrammeVersion.objects.select_related("programme__university").first()
    assert shipped is not None
    if copy == 0:
        return shipped.programme, shipped
    name = f"Demo University {copy}"
    scope = Scope.objects.create(kind=Scope.Kind.ORGANISATION, name=name, parent=network_scope())
    university = Organisation.objects.create(
        scope=scope, kind=Organisation.Kind.UNIVERSITY, name=name
    )
    programme = Programme.objects.create(
        scope=Scope.objects.create(kind=Scope.Kind.PROGRAMME, name=name, parent=scope),
        university=university,
        code=f"demo-{copy}",
        name=f"Diagnostic radiography, {name}",
    )
    version = ProgrammeVersion.objects.create(
        programme=programme, number=1, published_on=shipped.published_on, source="the demo"
    )
    for stage in shipped.stages.prefetch_related("tasks"):
        tasks = list(stage.tasks.all())
        made = Stage.objects.create(
            uuid=run.uuid(),
            version=version,
            year=stage.year,
            level=stage.level,
            minimum_minutes=stage.minimum_minutes,
            maximum_minutes=stage.maximum_minutes,
        )
        StageTask.objects.bulk_create(
            StageTask(stage=made, position=t.position, code=t.code, title=t.title) for t in tasks
        )
    return programme, version


def offer_places(run: Build, version: ProgrammeVersion) -> None:
    """Two places of each stage at every site, for the whole of the demo's time."""
    first = date(run.intakes[0], 9, 1)
    bulk_create_with_history(
        [
            PlaceOffer(
                uuid=run.uuid(),
                site=site,
                stage=stage,
                starts=first,
                ends=run.today + timedelta(days=300),
                places=PLACES,
            )
            for site in run.sites
            for stage in version.stages.all()
        ],
        PlaceOffer,
        batch_size=2000,
    )


def build_intake(
    run: Build,
    copy: int,
    programme: Programme,
    version: ProgrammeVersion,
    intake: int,
    personas: dict[str, Person],
) -> None:
    """The students who began in one September, with everything they have done since."""
    cohort = Cohort.objects.create(
        uuid=run.uuid(),
        scope=Scope.objects.create(
            kind=Scope.Kind.COHORT,
            name=f"{programme.university.name}, intake {intake}",
            parent=programme.scope,
        ),
        programme=programme,
        name=f"Intake {intake}",
        starts=date(intake, 9, 1),
    )
    students = make_people(
        run,
        [
            (names.name(run.rng), f"student.{copy}.{intake}.{n}@demo.example")
            for n in range(STUDENTS_A_YEAR)
        ],
        accounts=True,
    )
    year = academic_year(run.today) - intake + 1
    # At these places in the list the timetable puts them at the personas' site, now.
    if copy == 0 and year == 3:
        students[0] = personas["student"]
    if copy == 0 and year == 2:
        students[2] = personas["student_2"]
    books = Book.objects.bulk_create(
        Book(uuid=run.uuid(), kind=Book.Kind.ENROLMENT) for _ in students
    )
    enrolments = bulk_create_with_history(
        [
            Enrolment(
                uuid=run.uuid(),
                book=book,
                person=person,
                cohort=cohort,
                version=version,
                university=programme.university,
                student_number=f"{intake % 100:02d}{n:04d}",
                starts=date(intake, 9, 1),
                ends=date(intake + 3, 8, 31),
            )
            for n, (person, book) in enumerate(zip(students, books, strict=True))
        ],
        Enrolment,
    )
    if intake + 3 > academic_year(run.today):
        grant(run, [(person, roles.STUDENT, cohort.scope) for person in students])
    if intake == run.intakes[-1] and copy == 0:
        grant_personas(run, programme, personas)
    place_students(run, copy, version, enrolments, intake)


def grant_personas(run: Build, programme: Programme, personas: dict[str, Person]) -> None:
    """Gives the roles that are not on a site or a cohort."""
    scopes = {"network": network_scope(), "programme": programme.scope}
    grant(
        run,
        [
            (personas[persona.key], persona.role, scopes[persona.where])
            for persona in PERSONAS
            if persona.where in scopes
        ],
    )


def place_students(
    run: Build, copy: int, version: ProgrammeVersion, enrolments: list[Enrolment], intake: int
) -> None:
    """Placements, facts, current shifts and totals of one intake, in a handful of statements."""
    stages = {stage.year: stage for stage in version.stages.all()}
    home = next(n for n, site in enumerate(run.sites) if site.name == SITE)
    wanted: list[tuple[Placement, Stay, int]] = []
    for n, enrolment in enumerate(enrolments):
        for stay in timetable.stays(intake, n, run.today):
            number = (home + stay.site) % len(run.sites)
            completed = stay.ends < run.today - timedelta(days=30)
            placement = Placement(
                uuid=run.uuid(),
                enrolment=enrolment,
                stage=stages[stay.year],
                site=run.sites[number],
                state=Placement.State.COMPLETED if completed else Placement.State.CONFIRMED,
                starts=stay.starts,
                ends=stay.ends,
            )
            wanted.append((placement, stay, number))
    placements = bulk_create_with_history([row[0] for row in wanted], Placement, batch_size=1000)
    tallies = StageTally.objects.bulk_create(
        StageTally(enrolment_id=enrolment, stage_id=stage)
        for enrolment, stage in dict.fromkeys((p.enrolment_id, p.stage_id) for p in placements)
    )
    by_stage = {(tally.enrolment_id, tally.stage_id): tally for tally in tallies}
    drafts: list[Draft] = []
    current: list[CurrentShift] = []
    planned: list[PlannedShift] = []
    for placement, (_, stay, number) in zip(placements, wanted, strict=True):
        made = records.of_placement(
            run, placement, stay, run.educators[(copy, number)], reference.day_types()["clinical"]
        )
        drafts += made.drafts
        planned += made.planned
        for row in made.current:
            row.tally = by_stage[(placement.enrolment_id, placement.stage_id)]
        standing.judge(
            made.current,
            placement.enrolment.cohort.programme_id,
            standing.weeks_of(*((row.start, row.end) for row in made.current)),
        )
        current += made.current
    write(drafts)
    for row in current:
        # Assigned again, since only now do they have the keys that the row keeps.
        row.shift, row.decision = row.shift, row.decision
        row.sent_on = row.shift.entry.known_from
    CurrentShift.objects.bulk_create(current, batch_size=2000)
    bulk_create_with_history(planned, PlannedShift, batch_size=1000)
    standing.refresh_tallies([enrolment.pk for enrolment in enrolments])


def write(drafts: list[Draft]) -> None:
    """Appends drafts, each by the actor it carries, in pieces that keep memory small."""
    for piece in pieces(drafts, 20_000):
        books = {draft.book.pk: draft.book for draft in piece}
        with ledger.writing(*books.values()) as pen:
            pen.append(piece, by=PORTAL)


def pieces(rows: list[T], size: int) -> Iterator[list[T]]:
    """A list in pieces of at most `size`."""
    rest = iter(rows)
    while piece := list(islice(rest, size)):
        yield piece


def describe(run: Build) -> dict[str, Any]:
    """The counts of what stands in the database, for the command's last line."""
    return {
        "sites": len(run.sites),
        "people": Person.objects.count(),
        "placements": Placement.objects.count(),
        "shifts": CurrentShift.objects.count(),
    }
