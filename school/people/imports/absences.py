"""The file of staff absences."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import model_validator

from school.core import clock, ledger
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.replaced import Replaced
from school.core.files.rows import (
    Day,
    Email,
    Numbered,
    Row,
    Text40,
    column,
    one_of,
    optional,
    repeated,
)
from school.core.prepared import Facts
from school.people.imports.matching import Identifier, People, identifiers
from school.people.models import Absence, Person


class AbsenceRow(Row):
    """An absence of a member of staff from work."""

    ABOUT: ClassVar[str] = (
        "An absence is told by the person and its first day. A row whose person cannot be found waits. "
        "An absence that did not take place is cancelled by a row that says so; it stays as history."
    )

    staff_identifier: Text40 | None = optional(
        "the employer's number for the person", "esr id", "person number", "employee number",
        "identifier", "assignment number", example="20418833",
    )  # fmt: skip
    email: Email | None = optional("work address, when there is no staff identifier", "work email")
    reason: Annotated[
        str,
        one_of(
            maternity="maternity",
            paternity="maternity",
            adoption="maternity",
            sick="sick",
            career_break="career_break",
            secondment="secondment",
            other="other",
        ),
    ] = column(
        "maternity, paternity, adoption, sick, career break, secondment or other",
        "absence reason",
        example="maternity",
    )
    starts: Day = column(
        "the first day away", "date start", "start date", name="from", example="2026-05-04"
    )
    ends: Day | None = optional(
        "the last day away; empty while it lasts", "end date", "date end", name="to"
    )
    cancelled: Annotated[str, one_of(yes="yes", no="")] | None = optional(
        "yes when the absence did not take place"
    )
    recorded_on: Day | None = optional(
        "the day the source recorded it; today when empty", "known from", example="2026-04-20"
    )

    @model_validator(mode="after")
    def _whole(self) -> "AbsenceRow":
        if not self.told_by():
            raise ValueError(
                "staff_identifier|nobody is named: give a staff identifier or an email"
            )
        if self.ends and self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        return self

    def told_by(self) -> list[Identifier]:
        """What tells the person from others."""
        return identifiers(self.staff_identifier, email=self.email)

    def says(self, held: Absence) -> bool:
        """Whether it says what is held of the same person and day."""
        content = (held.reason, held.cancelled, held.entry.about_to)
        return content == (self.reason, bool(self.cancelled), self.ends)


def plan(rows: Sequence[Numbered[AbsenceRow]], _reach: Reach, _by: UUID) -> Plan:
    """What the rows do to the absences held."""
    done = Plan()
    people = People()
    matches = {id(numbered.row): people.match(numbered.row.told_by()) for numbered in rows}
    found = [numbered for numbered in rows if matches[id(numbered.row)].person]
    done.refused = repeated(
        found, lambda row: (_key(matches[id(row)].person), row.starts), "person and day"
    )
    held: dict[tuple[int, date], Absence] = {
        (people.get(absence.person_id).pk, absence.entry.about_from): absence
        for absence in Absence.objects.standing()
    }
    replaced = Replaced(Absence)
    wanted: list[tuple[AbsenceRow, Person, Absence | None]] = []
    for numbered in rows:
        row, match = numbered.row, matches[id(numbered.row)]
        if match.person is None:
            done.waiting.append(
                Finding(
                    numbered.number,
                    "staff identifier" if row.staff_identifier else "email",
                    row.staff_identifier or row.email or "",
                    match.doubt or "nobody is held under this",
                    "Correct it, or import the person first.",
                )
            )
            continue
        before = held.get((match.person.pk, row.starts))
        same = before is not None and (
            row.says(before) or replaced.holds(before, row.recorded_on, row.says)
        )
        done.fates[numbered.number] = Fate.SAME if same else Fate.CHANGED if before else Fate.NEW
        if not same:
            wanted.append((row, match.person, before))
    done.ready = lambda by: _ready(wanted, by)
    return done


def _key(person: Person | None) -> int | None:
    return person.pk if person else None


def _ready(wanted: Sequence[tuple[AbsenceRow, Person, Absence | None]], by: UUID) -> Write:
    today = clock.today()
    drafts = (
        ledger.Draft(
            fact=Absence(
                person=person, reason=row.reason, cancelled=bool(row.cancelled), supersedes=before
            ),
            book=person.book,
            about_from=row.starts,
            about_to=row.ends,
            known_from=row.recorded_on or today,
        )
        for row, person, before in wanted
    )
    return Facts(Absence, drafts, by=by).append


ABSENCES = Kind("absences", "Staff absences", AbsenceRow, plan)
