"""Builds a believable network of invented people on the real sites, deterministic for a seed and a date."""

from datetime import date, time, timedelta
from typing import Any

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
    Stage,
    StageTally,
    StageTask,
)
from school.core import engine
from school.core.ledger import Draft
from school.core.models import Book
from school.demo import (
    cpd,
    entitled,
    examined,
    learning,
    life,
    logbook,
    names,
    records,
    reported,
    required,
    series,
    sites,
    timetable,
    workforce,
)
from school.demo.personas import PERSONAS, SITE
from school.demo.run import Build, write
from school.demo.staff import build_personas, build_staff, grant, make_people
from school.demo.timetable import SOON_HERE, STUDENTS_A_YEAR, Stay, academic_year
from school.people import roles
from school.people.models import (
    Organisation,
    Person,
    Scope,
    Site,
)
from school.people.network import network_scope

PLACES = 2
# Who comes to the personas' site soon, by year and place in the list, and declares a pregnancy.
NAMED = {(2, SOON_HERE): "Gwen Imagine"}


def build(*, today: date, at: time = time(11), seed: int = 1, scale: int = 1) -> Build:
    """Builds the demo network into a prepared database that has none; `at` is the time of day when it is looked at first."""
    run = Build(today, seed, scale, at)
    run.sites = list(Site.objects.order_by("name"))
    run.home = next(n for n, site in enumerate(run.sites) if site.name == SITE)
    with transaction.atomic():
        sites.build_sites(run)
        build_personas(run)
    for copy in range(scale):
        with transaction.atomic():
            build_staff(run, copy)
            then = workforce.build_workforce(run, copy)
            series.build_series(run, copy, then)
            if copy == 0:
                run.workforce = then
            programme, version = build_programme(run, copy)
            offer_places(run, version)
            if copy == 0:
                sites.ask_for_places(run, version)
        for intake in run.intakes:
            with transaction.atomic():
                build_intake(run, copy, programme, version, intake)
    life.name_stand_in(run)
    with transaction.atomic():
        learning.build_learning(run)
        required.build_required(run)
        if scale == 1:
            reported.build_reported(run)
        entitled.build_entitled(run)
        examined.build_examined(run)
        cpd.build_cpd(run)
    engine.count_rows(connection)
    return run


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
    year = academic_year(run.today) - intake + 1
    students = make_people(
        run,
        [
            (
                NAMED.get((year, n)) or names.name(run.rng),
                f"student.{copy}.{intake}.{n}@demo.example",
            )
            for n in range(STUDENTS_A_YEAR)
        ],
        accounts=True,
    )
    # At these places in the list the timetable puts them at the personas' site, now.
    if copy == 0 and year == 3:
        students[0] = run.personas["student"]
    if copy == 0 and year == 2:
        students[2] = run.personas["student_2"]
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
        grant_personas(run, programme)
    place_students(run, copy, version, enrolments, intake)
    if copy == 0:
        # Counted when they were empty, these tables would be read from end to end for each student.
        engine.count_rows(connection)
        logbook.build_log_books(run, enrolments)
    if intake + 3 > academic_year(run.today) and year < 3:
        life.prefer(run, enrolments)


def grant_personas(run: Build, programme: Programme) -> None:
    """Gives the roles that are not on a site or a cohort."""
    scopes = {"network": network_scope(), "programme": programme.scope}
    grant(
        run,
        [
            (run.personas[persona.key], persona.role, scopes[persona.where])
            for persona in PERSONAS
            if persona.where in scopes
        ],
    )


def place_students(
    run: Build, copy: int, version: ProgrammeVersion, enrolments: list[Enrolment], intake: int
) -> None:
    """Placements, facts, current shifts and totals of one intake, in a handful of statements."""
    stages = {stage.year: stage for stage in version.stages.all()}
    wanted: list[tuple[Placement, Stay, int]] = []
    for n, enrolment in enumerate(enrolments):
        for stay in timetable.stays(intake, n, run.today):
            number = (run.home + stay.site) % len(run.sites)
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
    first = [row for row in wanted if not row[1].moved]
    bulk_create_with_history([row[0] for row in first], Placement, batch_size=1000)
    left = {row[0].enrolment_id: row[0] for row in first if row[1].meant_until}
    moved = [row[0] for row in wanted if row[1].moved]
    for placement in moved:
        placement.moved_from = left[placement.enrolment_id]
    if moved:
        bulk_create_with_history(moved, Placement)
    placements = [row[0] for row in wanted]
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
        made.drafts += life.around(run, copy, placement, stay, made.educator)
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


def describe(run: Build) -> dict[str, Any]:
    """The counts of what stands in the database, for the command's last line."""
    return {
        "sites": len(run.sites),
        "people": Person.objects.count(),
        "placements": Placement.objects.count(),
        "shifts": CurrentShift.objects.count(),
    }
