"""The file of entitlements under IR(ME)R."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import model_validator

from school.core import clock, ledger
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.rows import (
    Day,
    Email,
    Numbered,
    Row,
    Text40,
    Text200,
    column,
    one_of,
    optional,
    repeated,
)
from school.core.prepared import Facts
from school.people.imports.matching import Identifier, People, identifiers
from school.people.models import Entitlement, Organisation, Person

Key = tuple[int, int, str, date]


class EntitlementRow(Row):
    """What an employer entitles a member of staff to do under IR(ME)R."""

    ABOUT: ClassVar[str] = (
        "An entitlement is told by the person, the employer, the scope of practice and its first day. A row whose "
        "person or employer cannot be found waits. Scopes of practice: "
        + ", ".join(
            f"`{one.value.replace('_', ' ')}` ({one.label})" for one in Entitlement.Practice
        )
        + ". A later row with the same first day and another day of review or last day is a review or an end; "
        "what was given by mistake is cancelled by a row that says so. Everything stays as history."
    )

    staff_identifier: Text40 | None = optional(
        "the employer's number for the person", "esr id", "person number", "employee number",
        "identifier", "assignment number", example="20418833",
    )  # fmt: skip
    email: Email | None = optional("work address, when there is no staff identifier", "work email")
    employer: Text200 = column(
        "the organisation that entitles",
        "organisation",
        "trust",
        example="The Newcastle upon Tyne Hospitals NHS Foundation Trust",
    )
    practice: Annotated[str, one_of(**{one.value: one.value for one in Entitlement.Practice})] = (
        column(
            "the scope of practice, in the words above",
            "scope of practice",
            "scope",
            example="operator ct",
        )
    )
    starts: Day = column("the first day", "date start", name="from", example="2026-05-04")
    ends: Day | None = optional("the last day; empty while it lasts", "date end", name="to")
    review_on: Day = column("the day of the next review", "review", example="2027-05-04")
    cancelled: Annotated[str, one_of(yes="yes", no="")] | None = optional(
        "yes when it was given by mistake"
    )
    recorded_on: Day | None = optional(
        "the day the source recorded it; today when empty", "known from", example="2026-04-20"
    )

    @model_validator(mode="after")
    def _whole(self) -> "EntitlementRow":
        if not self.told_by():
            raise ValueError(
                "staff_identifier|nobody is named: give a staff identifier or an email"
            )
        if self.ends and self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        if self.review_on < self.starts:
            raise ValueError("review_on|the day of review lies before the first day")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        return self

    def told_by(self) -> list[Identifier]:
        """What tells the person from others."""
        return identifiers(self.staff_identifier, email=self.email)


Wanted = tuple[EntitlementRow, Person, Organisation, Entitlement | None]


def plan(rows: Sequence[Numbered[EntitlementRow]], _reach: Reach, _by: UUID) -> Plan:
    """What the rows do to the entitlements held."""
    done = Plan()
    people = People()
    employers = {cells.folded(one.name): one for one in Organisation.objects.all()}
    held: dict[Key, Entitlement] = {
        (people.get(one.person_id).pk, one.employer_id, one.practice, one.entry.about_from): one
        for one in Entitlement.objects.standing()
    }
    found: dict[int, tuple[Person, Organisation]] = {}
    for numbered in rows:
        row = numbered.row
        match = people.match(row.told_by())
        employer = employers.get(cells.folded(row.employer))
        if match.person and employer:
            found[id(row)] = match.person, employer
            continue
        finding = (
            ("employer", row.employer, "no organisation is held under this name", "Correct it, or import the network first.")
            if match.person
            else (
                "staff identifier" if row.staff_identifier else "email",
                row.staff_identifier or row.email or "",
                match.doubt or "nobody is held under this",
                "Correct it, or import the person first.",
            )
        )  # fmt: skip
        done.waiting.append(Finding(numbered.number, *finding))

    def key(row: EntitlementRow) -> Key:
        person, employer = found[id(row)]
        return person.pk, employer.pk, row.practice, row.starts

    known = [numbered for numbered in rows if id(numbered.row) in found]
    done.refused = repeated(known, key, "person, employer, scope of practice and first day")
    wanted: list[Wanted] = []
    for numbered in known:
        row = numbered.row
        before = held.get(key(row))
        same = before is not None and (
            before.review_on,
            before.cancelled,
            before.entry.about_to,
        ) == (row.review_on, bool(row.cancelled), row.ends)
        done.fates[numbered.number] = Fate.SAME if same else Fate.CHANGED if before else Fate.NEW
        if not same:
            wanted.append((row, *found[id(row)], before))
    done.ready = lambda by: _ready(wanted, by)
    return done


def _ready(wanted: Sequence[Wanted], by: UUID) -> Write:
    today = clock.today()
    drafts = (
        ledger.Draft(
            fact=Entitlement(
                person=person,
                employer=employer,
                practice=row.practice,
                review_on=row.review_on,
                cancelled=bool(row.cancelled),
                supersedes=before,
            ),
            book=person.book,
            about_from=row.starts,
            about_to=row.ends,
            known_from=row.recorded_on or today,
        )
        for row, person, employer, before in wanted
    )
    return Facts(Entitlement, drafts, by=by).append


ENTITLEMENTS = Kind("entitlements", "Entitlements under IR(ME)R", EntitlementRow, plan)
