"""The file of exemptions: of whom a requirement is not asked, from a day to a day."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import model_validator

from school.core import clock, ledger
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.replaced import Replaced
from school.core.files.rows import (
    Day,
    Email,
    Numbered,
    Row,
    Text40,
    Text120,
    Words200,
    column,
    one_of,
    optional,
    repeated,
)
from school.core.prepared import Facts
from school.coverage.models import Exemption, Requirement
from school.people.imports.matching import Identifier, People, identifiers
from school.people.models import Person

Key = tuple[int, int, date]


class ExemptionRow(Row):
    """An exemption of a member of staff from a requirement."""

    ABOUT: ClassVar[str] = (
        "An exemption is told by the person, the requirement and its first day; with another last day or another "
        "reason it is a change. A row whose person or requirement cannot be found waits. An exemption that never held "
        "is cancelled by a row that says so; it stays as history. Your own exemptions are refused."
    )

    staff_identifier: Text40 | None = optional(
        "the employer's number for the person", "esr id", "person number", "employee number",
        "identifier", "assignment number", example="20418833",
    )  # fmt: skip
    email: Email | None = optional("work address, when there is no staff identifier", "work email")
    requirement: Text120 = column(
        "code or name of the requirement", "requirement code", example="fire-safety"
    )
    reason: Words200 = column(
        "why it is not asked; kept as private text", "why", example="Works in the booking office"
    )
    starts: Day = column("the first day", "from date", name="from", example="2026-05-04")
    ends: Day = column("the last day: an exemption has an end", name="to", example="2027-05-03")
    cancelled: Annotated[str, one_of(yes="yes", no="")] | None = optional(
        "yes when the exemption never held"
    )
    recorded_on: Day | None = optional(
        "the day the source recorded it; today when empty", "known from", example="2026-04-20"
    )

    @model_validator(mode="after")
    def _whole(self) -> "ExemptionRow":
        if not self.told_by():
            raise ValueError(
                "staff_identifier|nobody is named: give a staff identifier or an email"
            )
        if self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        return self

    def told_by(self) -> list[Identifier]:
        """What tells the person from others."""
        return identifiers(self.staff_identifier, email=self.email)

    def says(self, held: Exemption, reason: str | None) -> bool:
        """Whether it says what is held of the same person, requirement and day, with the reason that is held."""
        content = (held.entry.about_to, held.cancelled, reason)
        return content == (self.ends, bool(self.cancelled), self.reason)

    def says_again(self, held: Exemption) -> bool:
        """The same of one whose reason has to be looked up."""
        return self.says(held, ledger.private_text(held, "reason"))


def plan(rows: Sequence[Numbered[ExemptionRow]], _reach: Reach, by: UUID) -> Plan:
    """What the rows do to the exemptions held."""
    done, people = Plan(), People()
    actor = people.actor(by)
    named = _requirements()
    keys: dict[int, Key] = {}
    found: dict[int, tuple[Person, Requirement]] = {}
    for numbered in rows:
        row, match = numbered.row, people.match(numbered.row.told_by())
        requirement = named.get(cells.folded(row.requirement))
        if match.person is None:
            told = "staff identifier" if row.staff_identifier else "email"
            reason = match.doubt or "nobody is held under this"
            value = row.staff_identifier or row.email or ""
            remedy = "Correct it, or import the person first."
            done.waiting.append(Finding(numbered.number, told, value, reason, remedy))
        if requirement is None:
            reason = "no requirement is known by this code or name"
            remedy = "Correct it, or import the requirement first."
            done.waiting.append(
                Finding(numbered.number, "requirement", row.requirement, reason, remedy)
            )
        if match.person is not None and match.person == actor:
            own = Finding(numbered.number, "", "", "this is your own exemption", "Somebody else imports it.")  # fmt: skip
            done.refused.append(own)
            continue
        if match.person is not None and requirement is not None:
            found[id(row)] = (match.person, requirement)
            keys[id(row)] = (match.person.pk, requirement.pk, row.starts)
    known = [numbered for numbered in rows if id(numbered.row) in found]
    done.refused += repeated(known, lambda row: keys[id(row)], "person, requirement and day")
    held = _held(people)
    reasons = ledger.private_texts(list(held.values()), "reason")
    replaced = Replaced(Exemption)
    wanted: list[tuple[ExemptionRow, Person, Requirement, Exemption | None]] = []
    for numbered in known:
        row, before = numbered.row, held.get(keys[id(numbered.row)])
        same = before is not None and (
            row.says(before, reasons.get(before.pk))
            or replaced.holds(before, row.recorded_on, row.says_again)
        )
        done.fates[numbered.number] = Fate.SAME if same else Fate.CHANGED if before else Fate.NEW
        if not same:
            wanted.append((row, *found[id(row)], before))
    done.ready = lambda by: _ready(wanted, by)
    return done


def _requirements() -> dict[str, Requirement]:
    """The requirements by name and code; a code goes before another's name."""
    rows = list(Requirement.objects.all())
    found = {cells.folded(row.name): row for row in rows}
    return found | {cells.folded(row.code): row for row in rows}


def _held(people: People) -> dict[Key, Exemption]:
    rows = Exemption.objects.standing().select_related("entry")
    return {
        (people.get(row.person_id).pk, row.requirement_id, row.entry.about_from): row
        for row in rows
    }


def _ready(
    wanted: Sequence[tuple[ExemptionRow, Person, Requirement, Exemption | None]], by: UUID
) -> Write:
    today = clock.today()
    drafts = (
        ledger.Draft(
            fact=Exemption(
                person=person,
                requirement=requirement,
                cancelled=bool(row.cancelled),
                supersedes=before,
            ),
            book=person.book,
            about_from=row.starts,
            about_to=row.ends,
            known_from=row.recorded_on or today,
            texts={"reason": row.reason},
        )
        for row, person, requirement, before in wanted
    )
    return Facts(Exemption, drafts, by=by).append


EXEMPTIONS = Kind("exemptions", "Exemptions", ExemptionRow, plan)
