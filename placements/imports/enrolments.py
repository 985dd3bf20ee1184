"""The university's list of students: persons, cohorts, enrolments and the student's role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import model_validator

from placements import standing
from placements.models import Cohort, Enrolment, Programme, ProgrammeVersion
from school.core import clock, ledger
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.rows import (
    Day,
    Email,
    Numbered,
    Row,
    Text20,
    Text40,
    Text100,
    Text200,
    Whole,
    column,
    contradicting,
    optional,
    repeated,
)
from school.core.models import Book
from school.core.prepared import Facts, Rows
from school.people.imports.matching import People, identifiers
from school.people.imports.persons import (
    NewPersons,
    account_of,
    differences,
    not_to_change,
    save_tracked,
    settled,
)
from school.people.imports.spans import Span, overlaps
from school.people.models import Person, RoleGrant, Scope
from school.people.network import network_book
from school.people.queries import given
from school.people.roles import STUDENT


class EnrolmentRow(Row):
    """A student on a programme."""

    ABOUT: ClassVar[str] = (
        "A student is found by student number, then by email; a row that matches two people waits. "
        "A cohort that is not held is made, and begins with its earliest student. The student gets the "
        "role of a student on the cohort from the first to the last day. The year is checked against "
        "the programme and not kept: each placement has its own. Your own enrolment is refused, and so "
        "is a student in a cohort that your role does not reach. A row that changes the name or email of "
        "somebody who has an account or another role waits: they change the address on their account page, "
        "and an administrator changes both on the page of their roles."
    )

    student_number: Text20 = column(
        "the university's number for the student", "student id", "student no", example="U2104418"
    )
    name: Text200 = column(
        "the student's full name", "full name", "student name", example="Noor Ashby"
    )
    email: Email = column(
        "the student's address", "email address", example="noor.ashby@university.example"
    )
    programme: Text40 | None = optional(
        "the programme's code; may be empty while there is one programme", "course code",
        example="pet-ct-undergraduate",
    )  # fmt: skip
    cohort: Text100 = column("the name of the cohort", "intake", example="September 2024")
    year: Whole = column("the year that the student is in", "year of study", example="3")
    starts: Day = column("the first day of the enrolment", "start date", example="2024-09-16")
    ends: Day = column("the last day of the enrolment", "end date", example="2027-07-30")

    @model_validator(mode="after")
    def _whole(self) -> "EnrolmentRow":
        if self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        return self


@dataclass(slots=True)
class _Student:
    """One row with what it meets."""

    number: int
    row: EnrolmentRow
    programme: Programme
    enrolment: Enrolment | None = None
    person: Person | None = None
    grant: RoleGrant | None = None
    fate: Fate = Fate.NEW
    edits: dict[str, str] = field(default_factory=dict)
    granted: bool = False

    @property
    def cohort_key(self) -> tuple[int, str]:
        return (self.programme.pk, cells.folded(self.row.cohort))


class _Held:
    """What is held about programmes and their students, and about who imports."""

    def __init__(self, by: UUID) -> None:
        self.book = network_book()
        self.people = People()
        self.actor = self.people.actor(by)
        self.settled = settled(self.people, by, given().exclude(role=STUDENT.key))
        programmes = list(Programme.objects.select_related("university", "scope"))
        self.programmes = {cells.folded(p.code): p for p in programmes}
        self.programmes |= {cells.folded(p.name): p for p in programmes}
        self.only = programmes[0] if len(programmes) == 1 else None
        newest = ProgrammeVersion.objects.order_by("published_on", "number").prefetch_related(
            "stages"
        )
        self.versions = {version.programme_id: version for version in newest}
        self.years = {
            version.programme_id: {stage.year for stage in version.stages.all()}
            for version in newest
        }
        self.cohorts = {
            (c.programme_id, cells.folded(c.name)): c
            for c in Cohort.objects.select_related("scope")
        }
        enrolments = list(Enrolment.objects.select_related("person", "cohort__scope"))
        self.enrolments = {(e.university_id, e.student_number.casefold()): e for e in enrolments}
        self.of_person: dict[int, list[Enrolment]] = {}
        for enrolment in enrolments:
            person = self.people.get(enrolment.person_id)
            self.of_person.setdefault(person.pk, []).append(enrolment)
        self.grants = {
            (self.people.get(grant.person_id).pk, grant.scope_id): grant
            for grant in given().filter(role=STUDENT.key)
        }


def plan(rows: Sequence[Numbered[EnrolmentRow]], reach: Reach, by: UUID) -> Plan:
    """What the rows do to persons, cohorts, enrolments and roles."""
    done = Plan()
    held = _Held(by)
    done.refused = [
        *repeated(rows, lambda row: (row.programme, row.student_number.casefold()), "student number"),
        *contradicting(rows, lambda row: row.email, ("name",), "email"),
    ]  # fmt: skip
    students = []
    for numbered in rows:
        programme = _programme(numbered, held, reach, done)
        if programme is not None:
            students.append(_Student(numbered.number, numbered.row, programme))
    if done.refused:
        return done
    met = [student for student in students if _meet(student, held, reach, done)]
    if done.refused:
        return done
    _refuse_overlaps(met, held, done)
    if done.refused:
        return done
    for student in met:
        done.fates[student.number] = student.fate
    wanted = [student for student in met if student.fate != Fate.SAME]
    done.ready = lambda by: _ready(wanted, held, by)
    return done


def _programme(
    numbered: Numbered[EnrolmentRow], held: _Held, reach: Reach, done: Plan
) -> Programme | None:
    """The programme of a row, once the row's cohort is in reach and its year exists."""
    row, number = numbered.row, numbered.number
    programme = held.programmes.get(cells.folded(row.programme)) if row.programme else held.only
    if programme is None:
        reason = (
            "there is no programme of this code"
            if row.programme
            else "there are several programmes"
        )
        done.refused.append(
            Finding(number, "programme", row.programme or "", reason, "Give the programme's code.")
        )
        return None
    cohort = held.cohorts.get((programme.pk, cells.folded(row.cohort)))
    if not _reaches(reach, programme, cohort):
        done.refused.append(
            Finding(number, "cohort", row.cohort, "your role does not reach this cohort", "Ask somebody whose role does to import the row.")
        )  # fmt: skip
        return None
    if row.year not in held.years.get(programme.pk, set()):
        known = ", ".join(str(year) for year in sorted(held.years.get(programme.pk, set())))
        done.refused.append(
            Finding(number, "year", str(row.year), f"the programme has the years {known}", "Correct the year.")
        )  # fmt: skip
        return None
    return programme


def _reaches(reach: Reach, programme: Programme, cohort: Cohort | None) -> bool:
    """Whether a reach holds the cohort, its programme or the university; None reaches everything."""
    scopes = {programme.scope_id, programme.scope.parent_id, *([cohort.scope_id] if cohort else [])}
    return reach is None or bool(scopes & reach)


def _meet(student: _Student, held: _Held, reach: Reach, done: Plan) -> bool:
    """Finds whom a row speaks of and settles its fate; false when it waits or is refused."""
    row = student.row
    key = (student.programme.university_id, row.student_number.casefold())
    student.enrolment = held.enrolments.get(key)
    by_email = held.people.match(identifiers(email=row.email)).person
    if student.enrolment is None:
        student.person = person = by_email
        if person is None:
            return True
    else:
        student.person = person = held.people.get(student.enrolment.person_id)
    if held.actor is not None and held.actor.pk == person.pk:
        done.refused.append(
            Finding(student.number, "student number", row.student_number, "this is your own enrolment", "Somebody else imports it.")
        )  # fmt: skip
        return False
    if student.enrolment is not None:
        if not _reaches(reach, student.programme, student.enrolment.cohort):
            done.refused.append(
                Finding(student.number, "student number", row.student_number, "your role does not reach the cohort that the student is in", "Ask somebody whose role does to import the row.")
            )  # fmt: skip
            return False
        if by_email is not None and by_email.pk != person.pk:
            done.waiting.append(
                Finding(student.number, "email", row.email, "the student number is one person's and the email another's", "Correct one of them, or merge the two people.")
            )  # fmt: skip
            return False
        student.edits = differences(held.people, person, {"name": row.name, "email": row.email})
        fixed = held.settled.get(person.pk, ())
        if kept_back := not_to_change([student.number], student.edits, fixed):
            done.waiting += kept_back
            return False
    cohort = held.cohorts.get(student.cohort_key)
    former = student.enrolment.cohort if student.enrolment else cohort
    student.grant = held.grants.get((person.pk, former.scope_id)) if former else None
    entry = student.grant.entry if student.grant else None
    student.granted = (
        entry is not None
        and cohort is not None
        and former == cohort
        and (entry.about_from, entry.about_to) == (row.starts, row.ends)
    )
    if student.enrolment is not None:
        as_held = (student.enrolment.cohort, student.enrolment.starts, student.enrolment.ends)
        same = as_held == (cohort, row.starts, row.ends) and not student.edits and student.granted
        student.fate = Fate.SAME if same else Fate.CHANGED
    return True


def _refuse_overlaps(students: Iterable[_Student], held: _Held, done: Plan) -> None:
    """Refuses rows that would give a person two enrolments on one day."""
    spans: dict[Any, dict[Any, Span]] = {}
    for student in students:
        row, person = student.row, student.person
        key = person.pk if person else row.email
        before = held.of_person.get(person.pk, []) if person else []
        known = spans.setdefault(key, {e.pk: Span(e.starts, e.ends) for e in before})
        own = student.enrolment.pk if student.enrolment else f"row {student.number}"
        known[own] = Span(row.starts, row.ends, student.number)
    for of_person in spans.values():
        done.refused += overlaps(
            of_person.values(), column="starts", what="enrolment of this person"
        )


def _ready(students: Sequence[_Student], held: _Held, by: UUID) -> Write:
    user, today = account_of(by), clock.today()
    persons = NewPersons(_new_persons(students), user)
    cohorts = _new_cohorts(students, held)
    new = [student for student in students if student.enrolment is None]
    for student in new:
        student.enrolment = Enrolment(
            book=Book(kind=Book.Kind.ENROLMENT),
            person=student.person,
            version=held.versions[student.programme.pk],
            university=student.programme.university,
            student_number=student.row.student_number,
            cohort=held.cohorts[student.cohort_key],
            starts=student.row.starts,
            ends=student.row.ends,
        )
    made = [student.enrolment for student in new if student.enrolment]
    books = Rows([enrolment.book for enrolment in made])
    enrolments = Rows(made, user)
    grants = Facts(RoleGrant, (_grant(s, held, today) for s in students if not s.granted), by=by)

    def write() -> None:
        persons.insert()
        for cohort in cohorts:
            cohort.scope.save()
            cohort.scope = cohort.scope
        save_tracked(cohorts, user)
        books.insert()
        enrolments.insert()
        for student in students:
            _save_changes(student, held, user)
        grants.append()
        standing.refresh_tallies([s.enrolment.pk for s in students if s.enrolment])

    return write


def _new_persons(students: Sequence[_Student]) -> list[Person]:
    new: dict[str, Person] = {}
    for student in students:
        if student.person is None:
            person = Person(name=student.row.name, email=student.row.email)
            student.person = new.setdefault(student.row.email, person)
    return list(new.values())


def _new_cohorts(students: Sequence[_Student], held: _Held) -> list[Cohort]:
    """The cohorts that are not held; adds them to what is."""
    new = []
    for student in sorted(students, key=lambda student: student.row.starts):
        if student.cohort_key not in held.cohorts:
            name, programme = student.row.cohort, student.programme
            scope = Scope(kind=Scope.Kind.COHORT, name=name, parent=programme.scope)
            cohort = Cohort(scope=scope, programme=programme, name=name, starts=student.row.starts)
            held.cohorts[student.cohort_key] = cohort
            new.append(cohort)
    return new


def _grant(student: _Student, held: _Held, today: date) -> ledger.Draft:
    return ledger.Draft(
        fact=RoleGrant(
            person=student.person,
            role=STUDENT.key,
            scope=held.cohorts[student.cohort_key].scope,
            supersedes=student.grant,
        ),
        book=held.book,
        about_from=student.row.starts,
        about_to=student.row.ends,
        known_from=today,
    )


def _save_changes(student: _Student, held: _Held, user: Any) -> None:
    if student.fate != Fate.CHANGED or student.enrolment is None:
        return
    if student.edits and student.person is not None:
        for name, value in student.edits.items():
            setattr(student.person, name, value)
        save_tracked([student.person], user)
    student.enrolment.cohort = held.cohorts[student.cohort_key]
    student.enrolment.starts, student.enrolment.ends = student.row.starts, student.row.ends
    save_tracked([student.enrolment], user)


ENROLMENTS = Kind("enrolments", "Students of the university", EnrolmentRow, plan)
