"""People, sites, placements and shifts for tests, made by the same actions that the pages call."""

from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password

from placements import reference, shipped
from placements.actions import confirming, hours, placing
from placements.models import (
    Cohort,
    DayNote,
    Enrolment,
    Placement,
    PlaceOffer,
    PlannedShift,
    ProgrammeVersion,
    Shift,
    ShiftDecision,
    SiteAudit,
    Stage,
    Supervision,
)
from school.core import clock, days, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL, Book
from school.people.models import MailDomain, Organisation, Person, RoleGrant, Scope, Site, User
from school.people.network import ensure_network, ensure_organisation, network_book
from school.people.roles import COORDINATOR, PRACTICE_EDUCATOR, STUDENT, Role

PASSWORD = "nine grey herons wade"

_numbers = count(1)


@cache
def _digest_of(password: str) -> str:
    # One hash for all: hashing on purpose takes long.
    return make_password(password)


def make_network() -> ProgrammeVersion:
    """The network with programme version 1, day types and hours rules; sites are made one by one."""
    reference.forget()
    versions = ProgrammeVersion.objects.select_related("programme__university__scope")
    found = versions.order_by("pk").first()
    if found is None:
        ensure_network()
        shipped.load()
        found = versions.earliest("pk")
    return found


def make_person(name: str = "Dilys Sampleby", *, email: str = "", account: bool = True) -> Person:
    """A person, with an account whose password is PASSWORD unless `account` is false."""
    ensure_network()
    number = next(_numbers)
    address = email or f"{name.lower().replace(' ', '.')}.{number}@example.org"
    user = None
    if account:
        user = User.objects.create(email=address, password=_digest_of(PASSWORD))
    book = Book.objects.create(kind=Book.Kind.PERSON)
    return Person.objects.create(book=book, name=name, email=address, user=user)


def make_grant(
    person: Person, role: Role, scope: Scope, *, starts: date = date(2017, 1, 1)
) -> RoleGrant:
    """A role on a scope, given by the portal itself."""
    fact = RoleGrant(person=person, role=role.key, scope=scope)
    with ledger.writing(network_book()) as pen:
        pen.append([Draft(fact=fact, book=network_book(), about_from=starts)], by=PORTAL)
    return fact


def make_site(name: str = "Cumberland Infirmary", *, domain: str = "example.nhs.uk") -> Site:
    """A site with its scope, a listed mail domain and a quality audit that holds; once by name."""
    site = Site.objects.filter(name=name).first() or _new_site(name)
    if SiteAudit.objects.filter(site=site).exists():
        return site
    MailDomain.objects.create(site=site, domain=domain)
    book = network_book()
    first, last = date(2017, 1, 1), date(2099, 1, 1)
    with ledger.writing(book) as pen:
        audit = Draft(fact=SiteAudit(site=site), book=book, about_from=first, about_to=last)
        pen.append([audit], by=PORTAL)
    return site


def _new_site(name: str) -> Site:
    network = ensure_network()
    trust = ensure_organisation("North Cumbria Integrated Care", Organisation.Kind.TRUST, "RNN")
    return Site.objects.create(
        scope=Scope.objects.create(kind=Scope.Kind.SITE, name=name, parent=network),
        organisation=trust,
        name=name,
        official_name=name,
        slug=name.lower().replace(" ", "-"),
        postcode="CA2 7HY",
        latitude=54,
        longitude=-3,
        network_region="North West",
        nhs_region="North West",
    )


def make_student(
    name: str = "Amara Exampleton",
    *,
    starts: date | None = None,
    ends: date | None = None,
    account: bool = True,
) -> Enrolment:
    """A student with an account and the student's role, enrolled on programme version 1."""
    version = make_network()
    programme = version.programme
    cohort = Cohort.objects.filter(programme=programme).first()
    if cohort is None:
        scope = Scope.objects.create(
            kind=Scope.Kind.COHORT, name="September 2024", parent=programme.scope
        )
        cohort = Cohort.objects.create(
            scope=scope, programme=programme, name="September 2024", starts=date(2024, 9, 1)
        )
    person = make_person(name, account=account)
    make_grant(person, STUDENT, programme.scope)
    return Enrolment.objects.create(
        book=Book.objects.create(kind=Book.Kind.ENROLMENT),
        person=person,
        cohort=cohort,
        version=version,
        university=programme.university,
        student_number=f"S{next(_numbers):06d}",
        starts=starts or clock.today() - timedelta(days=800),
        ends=ends or clock.today() + timedelta(days=800),
    )


def make_earlier_enrolment(enrolment: Enrolment, *, days_ago: int = 900) -> Enrolment:
    """What the person of an enrolment was enrolled on before, until so many days ago."""
    ends = clock.today() - timedelta(days=days_ago)
    return Enrolment.objects.create(
        book=Book.objects.create(kind=Book.Kind.ENROLMENT),
        person=enrolment.person,
        cohort=enrolment.cohort,
        version=enrolment.version,
        university=enrolment.university,
        student_number=f"S{next(_numbers):06d}",
        starts=ends - timedelta(days=800),
        ends=ends,
    )


def make_coordinator(name: str = "Farid Standin") -> Person:
    """A placement coordinator of the network."""
    person = make_person(name)
    make_grant(person, COORDINATOR, ensure_network())
    return person


def make_educator(name: str = "Dilys Sampleby", *, site: Site | None = None) -> Person:
    """A practice educator with an account, at Cumberland Infirmary unless told otherwise."""
    person = make_person(name)
    make_grant(person, PRACTICE_EDUCATOR, (site or make_site()).scope)
    return person


def make_placement(
    enrolment: Enrolment | None = None,
    *,
    year: int = 3,
    site: Site | None = None,
    starts: date | None = None,
    ends: date | None = None,
    educator: Person | None = None,
    inducted: bool = True,
) -> Placement:
    """A confirmed placement, four weeks either side of today; `educator` supervises it."""
    enrolment = enrolment or make_student()
    site = site or make_site()
    stage = Stage.objects.get(version=enrolment.version, year=year)
    first = starts or clock.today() - timedelta(days=28)
    last = ends or clock.today() + timedelta(days=28)
    PlaceOffer.objects.create(site=site, stage=stage, starts=first, ends=last, places=50)
    coordinator = make_person("Farid Standin", account=False)
    placement = placing.place_student(
        by=coordinator,
        enrolment=enrolment,
        stage=stage,
        site=site,
        starts=first,
        ends=last,
        uuid=uuid4(),
        confirmed=True,
    )
    if educator is not None:
        placing.supervise(
            by=coordinator,
            placement=placement,
            person=educator,
            capacity=Supervision.Capacity.PRACTICE_EDUCATOR,
            starts=first,
        )
    if inducted and first - placing.INDUCTED_BEFORE <= clock.today():
        placing.record_induction(
            by=educator or coordinator, placement=placement, day=min(first, clock.today())
        )
    return placement


def at(day: date, wall: str) -> datetime:
    """The instant of a London wall time: at(day, "08:00")."""
    return days.instant(day, time.fromisoformat(wall))


def span(day: date, start: str, end: str) -> tuple[datetime, datetime]:
    """Two instants; an end that is not after the start is on the next day."""
    last = day if end > start else day + timedelta(days=1)
    return at(day, start), at(last, end)


def plan_shift(
    placement: Placement,
    day: date,
    start: str = "08:00",
    end: str = "16:00",
    break_minutes: int = 30,
    *,
    day_type: str = "clinical",
) -> PlannedShift:
    """A shift on the rota."""
    begins, ends = span(day, start, end)
    return PlannedShift.objects.create(
        placement=placement,
        day_type=reference.day_types()[day_type],
        start=begins,
        end=ends,
        break_minutes=break_minutes,
    )


def entered(
    day: date,
    start: str = "08:00",
    end: str = "16:00",
    break_minutes: int = 30,
    *,
    day_type: str = "clinical",
    note: str = "",
    makes_up: DayNote | None = None,
) -> hours.Entered:
    """A shift as a student types it: 7 hours 30 minutes unless told otherwise."""
    begins, ends = span(day, start, end)
    return hours.Entered(
        day_type=reference.day_types()[day_type],
        start=begins,
        end=ends,
        break_minutes=break_minutes,
        note=note,
        makes_up=makes_up,
    )


def make_shift(
    placement: Placement,
    day: date,
    start: str = "08:00",
    end: str = "16:00",
    break_minutes: int = 30,
    *,
    day_type: str = "clinical",
    note: str = "",
    makes_up: DayNote | None = None,
    corrects: Shift | None = None,
    uuid: UUID | None = None,
) -> Shift:
    """A shift that the student of a placement has sent."""
    return hours.log_shift(
        by=placement.enrolment.person,
        placement=placement,
        entered=entered(
            day, start, end, break_minutes, day_type=day_type, note=note, makes_up=makes_up
        ),
        uuid=uuid or uuid4(),
        corrects=corrects,
    )


def make_day_note(
    placement: Placement, day: date, kind: str = "absent_ill", *, minutes: int = 450
) -> DayNote:
    """A day on which the student of a placement did not work, and why."""
    return hours.note_day(
        by=placement.enrolment.person,
        placement=placement,
        day=day,
        kind=kind,
        expected_minutes=minutes,
        uuid=uuid4(),
    )


def make_decision(
    educator: Person, shift: Shift, outcome: str = "confirmed", *, comment: str = ""
) -> ShiftDecision:
    """What a practice educator decided about a shift, with its breach seen."""
    answer = confirming.decide(
        by=educator,
        items=[confirming.Item(shift=shift.entry.uuid, uuid=uuid4(), breach_seen=True)],
        outcome=ShiftDecision.Outcome(outcome),
        proof=ShiftDecision.Proof.PASSWORD,
        comment=comment,
    )
    [decision] = answer.decided
    return decision
