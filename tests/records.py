"""A small network to write facts about, and one fact of every kind."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from placements import models as placing
from school.core import ledger
from school.core.days import instant
from school.core.ledger import Draft
from school.core.models import Book, Erasure, Fact, PrivateText
from school.courses import models as courses
from school.people import models as people

DAY = date(2026, 11, 3)
ACTOR = uuid.UUID("0a0a0a0a-0000-4000-8000-000000000001")


def book(kind: str = Book.Kind.PERSON) -> Book:
    """A new record book."""
    return Book.objects.create(kind=kind)


def network_book() -> Book:
    """The one book of the network."""
    return Book.objects.get_or_create(kind=Book.Kind.NETWORK)[0]


def person(name: str = "Alice Amber") -> people.Person:
    """A person with a record book."""
    return people.Person.objects.create(book=book(), name=name)


@dataclass
class Network:
    """Two persons, a site, and a student placed there; made when first asked for."""

    key: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    @cached_property
    def scope(self) -> people.Scope:
        return people.Scope.objects.get_or_create(
            kind=people.Scope.Kind.NETWORK, defaults={"name": "The network"}
        )[0]

    def _scope(self, kind: str) -> people.Scope:
        return people.Scope.objects.create(
            kind=kind, name=f"{kind} {self.key} {uuid.uuid4().hex[:6]}", parent=self.scope
        )

    @cached_property
    def alice(self) -> people.Person:
        return person("Alice Amber")

    @cached_property
    def bob(self) -> people.Person:
        return person("Bob Birch")

    @cached_property
    def university(self) -> people.Organisation:
        return people.Organisation.objects.create(
            scope=self._scope("organisation"), kind="university", name=f"University {self.key}"
        )

    @cached_property
    def site(self) -> people.Site:
        return people.Site.objects.create(
            scope=self._scope("site"),
            organisation=self.university,
            name=f"Site {self.key}",
            official_name=f"Site {self.key}",
            slug=f"site-{self.key}",
            postcode="AB1 2CD",
            latitude=51,
            longitude=0,
            network_region="South",
            nhs_region="South East",
        )

    @cached_property
    def version(self) -> placing.ProgrammeVersion:
        programme = placing.Programme.objects.create(
            scope=self._scope("programme"),
            university=self.university,
            code=f"programme-{self.key}",
            name=f"Programme {self.key}",
        )
        return placing.ProgrammeVersion.objects.create(
            programme=programme, number=1, published_on=DAY, source="a test"
        )

    @cached_property
    def stage(self) -> placing.Stage:
        return placing.Stage.objects.create(
            version=self.version,
            year=1,
            level="awareness",
            minimum_minutes=480,
            maximum_minutes=960,
        )

    @cached_property
    def day_type(self) -> placing.DayType:
        return placing.DayType.objects.create(
            code=f"clinical-{self.key}",
            name="Clinical",
            stage_part="clinical",
            counts_week=True,
            position=1,
            source="a test",
        )

    @cached_property
    def wording(self) -> placing.Wording:
        text = f"I saw these hours worked. {self.key}"
        return placing.Wording.objects.create(
            digest=hashlib.sha256(text.encode()).hexdigest(), text=text
        )

    @cached_property
    def enrolment(self) -> placing.Enrolment:
        cohort = placing.Cohort.objects.create(
            scope=self._scope("cohort"),
            programme=self.version.programme,
            name=f"Cohort {self.key}",
            starts=DAY,
        )
        return placing.Enrolment.objects.create(
            book=book(Book.Kind.ENROLMENT),
            person=self.alice,
            cohort=cohort,
            version=self.version,
            university=self.university,
            student_number=self.key,
            starts=DAY,
            ends=DAY + timedelta(days=1000),
        )

    @cached_property
    def placement(self) -> placing.Placement:
        return placing.Placement.objects.create(
            enrolment=self.enrolment,
            stage=self.stage,
            site=self.site,
            state="confirmed",
            starts=DAY,
            ends=DAY + timedelta(days=30),
        )

    def shift(self, day: date = DAY, note: str = "", **columns: Any) -> Draft:
        """A draft of eight hours on a day."""
        values = {
            "placement": self.placement,
            "site": self.site,
            "day_type": self.day_type,
            "start": instant(day, time(8)),
            "end": instant(day, time(16, 30)),
            "break_minutes": 30,
            **columns,
        }
        return Draft(
            fact=placing.Shift(**values),
            book=self.enrolment.book,
            about_from=day,
            texts={"note": note} if note else {},
        )

    def day_note(self, day: date = DAY, note: str = "") -> Draft:
        """A draft that the student was ill."""
        return Draft(
            fact=placing.DayNote(placement=self.placement, kind="absent_ill", expected_minutes=450),
            book=self.enrolment.book,
            about_from=day,
            texts={"note": note} if note else {},
        )


def write(*drafts: Draft, by: uuid.UUID = ACTOR) -> list[Any]:
    """Writes drafts to their books and gives the facts, read anew."""
    with ledger.writing(*{draft.book.pk: draft.book for draft in drafts}.values()) as pen:
        facts = pen.append(drafts, by=by)
    return [type(fact).objects.get(pk=fact.pk) for fact in facts]


def one_of_every_kind(network: Network) -> list[Fact]:
    """A fact of every kind, and with them a row of every append-only table."""
    from tests.coverage.facts import required
    from tests.logbooks.competencies.facts import log_book
    from tests.logbooks.cpd.facts import kept
    from tests.logbooks.osces.facts import examined

    alice, bob, site, enrolment = network.alice, network.bob, network.site, network.enrolment
    placement, own, net = network.placement, enrolment.book, network_book()
    placing.StageTask.objects.create(stage=network.stage, position=1, code="one", title="One")
    placing.HoursRule.objects.create(
        code=f"rule-{network.key}", value=1, unit="minutes", starts=DAY, source="a test"
    )
    role = people.JobRole.objects.create(
        code=f"role-{network.key}", title="Radiographer", staff_group="Allied health"
    )
    post = people.Post.objects.create(person=bob)
    ill, shift = write(
        network.day_note(note="A cold — with “fever”."),
        network.shift(
            DAY + timedelta(days=1),
            note="Injected twice.",
            device_time=datetime(2026, 11, 4, 17, 0, 0, 123456, tzinfo=UTC),
        ),
    )
    facts: list[tuple[Fact, Book, dict[str, str]]] = [
        (people.PersonMerge(kept=alice, merged=bob), net, {}),
        (people.ScannerTerm(site=site, scanner_kind="mobile"), net, {}),
        (people.RoleGrant(person=bob, role="practice_educator", scope=network.scope), net, {}),
        (
            people.PostTerm(post=post, job_role=role, site=site, crew="static", line_manager=alice),
            bob.book,
            {},
        ),
        (people.Absence(person=bob, reason="sick"), bob.book, {}),
        (
            people.Entitlement(
                person=bob, employer=network.university, practice="referrer", review_on=DAY
            ),
            bob.book,
            {},
        ),
        (placing.SiteAudit(site=site), net, {}),
        (
            placing.PlacementStep(
                placement=placement,
                site=site,
                stage=network.stage,
                state="confirmed",
                starts=placement.starts,
                ends=placement.ends,
            ),
            own,
            {"reason": "Agreed by telephone."},
        ),
        (
            placing.Supervision(placement=placement, person=bob, capacity="practice_educator"),
            own,
            {},
        ),
        (placing.Induction(placement=placement), own, {"items": "Fire exits"}),
        (placing.Override(placement=placement, rule="week_limit"), own, {"reason": "Make-up."}),
        (placing.WeekClosed(placement=placement, monday=date(2026, 11, 2)), own, {}),
        (
            placing.Adjustment(
                enrolment=enrolment, stage=network.stage, minutes=-60, second_person=bob
            ),
            own,
            {"reason": "Counted twice."},
        ),
        (
            placing.BroughtForward(
                enrolment=enrolment,
                stage=network.stage,
                part="clinical",
                minutes=4800,
                sighted_by=bob,
            ),
            own,
            {"signed_by": "Dr Q", "scan": "scan.pdf"},
        ),
        (
            placing.Shift(
                placement=placement,
                site=site,
                day_type=network.day_type,
                start=instant(DAY + timedelta(days=8), time(20)),
                end=instant(DAY + timedelta(days=9), time(6)),
                makes_up=ill,
                supersedes=shift,
            ),
            own,
            {},
        ),
    ]
    made = write(
        *(
            Draft(fact=fact, book=into, about_from=DAY, about_to=DAY, texts=texts)
            for fact, into, texts in facts
        )
    )
    (decision,) = write(
        Draft(
            fact=placing.ShiftDecision(
                shift=made[-1],
                outcome="queried",
                person=bob,
                capacity="practice_educator",
                proof="totp",
                wording=network.wording,
                breach_seen=True,
            ),
            book=own,
            about_from=DAY,
            texts={"comment": "Which scanner? \\ 🩻"},
        )
    )
    reply, erasure = write(
        Draft(
            fact=placing.QueryReply(decision=decision),
            book=own,
            about_from=DAY,
            texts={"reply": "The second."},
        ),
        Draft(fact=Erasure(erased=decision.entry, ground="request"), book=own, about_from=DAY),
    )
    PrivateText.objects.filter(entry=decision.entry).delete()
    return [
        ill,
        shift,
        *made,
        decision,
        reply,
        erasure,
        *placement_life(network),
        *learning(network),
        *log_book(network),
        *examined(network),
        *kept(network),
        *required(network),
    ]


def placement_life(network: Network) -> list[Fact]:
    """A fact of every kind about what happens around the hours of a placement."""
    alice, bob, site, enrolment = network.alice, network.bob, network.site, network.enrolment
    placement, own = network.placement, enrolment.book
    meeting = placing.Meeting(placement=placement, meeting_kind="initial", person=bob)
    concern = placing.Concern(placement=placement, person=bob)
    by_name = {"concern": concern, "person": bob}
    words = f"I agree to this record. {network.key}"
    agreed = placing.Wording.objects.create(
        digest=hashlib.sha256(words.encode()).hexdigest(), text=words
    )
    facts: list[tuple[Fact, Book, dict[str, str]]] = [
        (
            placing.Check(enrolment=enrolment, check_kind="dose_badge", site=site, person=bob),
            own,
            {"reference": "Badge 14"},
        ),
        (placing.PregnancyDeclaration(enrolment=enrolment), own, {"words": "Due in May."}),
        (placing.DoseReading(enrolment=enrolment, site=site, microsieverts=120), own, {}),
        (meeting, own, {"record": "Three scans a week."}),
        (
            placing.MeetingSignature(
                meeting=meeting,
                person=alice,
                capacity="student",
                proof="password",
                wording=agreed,
            ),
            own,
            {},
        ),
        (concern, own, {"words": "Late three times."}),
        (placing.ConcernReader(**by_name), own, {}),
        (placing.ConcernStep(**by_name, outcome="resolved"), own, {"words": "Bus timetable."}),
        (
            placing.ReasonableAdjustment(enrolment=enrolment, for_supervisors=True),
            own,
            {"words": "Larger print."},
        ),
        (placing.Cover(person=bob, stand_in=alice), network_book(), {}),
        (placing.Interruption(enrolment=enrolment), own, {"reason": "Family."}),
        (
            placing.PlacementEvaluation(placement=placement, ratings="5432154321"),
            own,
            {"comment": "Kind people."},
        ),
        (
            placing.HoursStatement(
                enrolment=enrolment,
                stage=network.stage,
                code=f"S-{network.key}",
                head_seq=3,
                head_digest="0" * 64,
                confirmed_minutes=600,
                brought_forward_minutes=0,
                adjusted_minutes=-60,
                simulated_minutes=0,
                digest="f" * 64,
            ),
            own,
            {},
        ),
    ]
    return write(
        *(
            Draft(fact=fact, book=into, about_from=DAY, about_to=DAY, texts=texts)
            for fact, into, texts in facts
        )
    )


def learning(network: Network) -> list[Fact]:
    """A fact of every kind about courses, and with them their append-only rows."""
    bob = network.bob
    before, course = (
        courses.Course.objects.create(
            code=f"{name}-{network.key}", title=name.title(), summary="A test", level="awareness"
        )
        for name in ("before", "course")
    )
    version = courses.CourseVersion.objects.create(
        course=course,
        number=1,
        published_on=DAY,
        title="Course",
        outcomes="Knows",
        credit_minutes=60,
    )
    courses.Prerequisite.objects.create(version=version, course=before)
    starts = instant(DAY + timedelta(days=20), time(9))
    times = {"starts": starts, "ends": starts + timedelta(hours=6)}
    event = courses.Event.objects.create(
        book=book(Book.Kind.EVENT),
        version=version,
        format="online",
        capacity=1,
        opens=instant(DAY, time(9)),
        closes=starts,
        contact="school@example.org",
        **times,
    )
    session = courses.Session.objects.create(event=event, **times)
    booking = courses.Booking.objects.create(
        event=event, person=bob, state="booked", asked_at=instant(DAY, time(10))
    )
    module = courses.Module.objects.create(version=version)
    attainment = courses.Attainment(
        person=bob, course_version=version, source="event", booking=booking
    )
    certificate = courses.Certificate(
        attainment=attainment,
        code=f"C-{network.key}",
        digest="e" * 64,
        badge_digest="d" * 64,
        status_index=courses.Certificate.objects.count(),
    )
    claim = courses.Claim(person=bob, course=before, digest="c" * 64)
    facts: list[tuple[Fact, Book, dict[str, str]]] = [
        (
            courses.EventStep(event=event, course_version=version, state="cancelled", **times),
            event.book,
            {"reason": "No tracer."},
        ),
        (
            courses.BookingStep(booking=booking, event=event, person=bob, state="booked"),
            bob.book,
            {"needs": "A ramp.", "reason": ""},
        ),
        (courses.Attendance(booking=booking, session=session, way="hand"), bob.book, {}),
        (
            courses.EventEvaluation(booking=booking, ratings="54321"),
            bob.book,
            {"comment": "Good coffee."},
        ),
        (attainment, bob.book, {}),
        (courses.AttainmentVoid(attainment=attainment), bob.book, {"reason": "Another Bob."}),
        (certificate, bob.book, {}),
        (courses.Revocation(certificate=certificate), bob.book, {"reason": "Another Bob."}),
        (courses.Equivalence(attained=before, counts_as=course), network_book(), {}),
        (claim, bob.book, {"words": "Leeds, 2016."}),
        (courses.ClaimDecision(claim=claim), bob.book, {"reason": "No date on it."}),
        (courses.PartDone(person=bob, module=module, part=uuid.uuid4()), bob.book, {}),
        (
            courses.QuizAttempt(
                person=bob, module=module, number=1, marks="", right=0, asked=1, passed=False
            ),
            bob.book,
            {"paper": "Which colour?"},
        ),
    ]
    return write(
        *(
            Draft(fact=fact, book=into, about_from=DAY, about_to=DAY, texts=texts)
            for fact, into, texts in facts
        )
    )
