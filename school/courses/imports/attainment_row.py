"""The file of attainments from elsewhere: the portal's own columns, and those of exports from staff systems."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, model_validator

from school.core import clock
from school.core.files import cells
from school.core.files.rows import Day, Email, Row, Text20, Text40, Text200, Words200, optional

# How staff systems spell the headings, each spelling under the portal's word for it.
SPELLINGS = Path(__file__).resolve().parent.parent / "data" / "esr_header_aliases.csv"

NO_EXPIRY = "no expiry"


@cache
def _spelled() -> dict[str, tuple[str, ...]]:
    with SPELLINGS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {word: tuple(spellings.split("|")) for word, spellings in rows}


def _elsewhere(*words: str, but: tuple[str, ...] = ()) -> list[str]:
    """The spellings of some of the portal's words in other systems."""
    found = [spelling for word in words for spelling in _spelled()[word]]
    return [spelling for spelling in dict.fromkeys(found) if spelling not in but]


def _expiry(text: str) -> date | None:
    """A day, or none where the file says that there is none."""
    return None if cells.folded(text) == NO_EXPIRY else cells.day(text)


class AttainmentRow(Row):
    """Something that somebody attained."""

    ABOUT: ClassVar[str] = (
        "A file may hold people of any site: who imports it does so for the whole network. "
        "A person is told by staff identifier, registration number or email, and never by a name: a row "
        "that names nobody, or two, waits. A course is told by its code or its whole title, or by what "
        "it is called in the source, which is said once for each source; until then the row waits. A "
        "row is told by person, course and day: with another expiry it is a change, on another day a "
        "renewal; with a day on which it became void it counts until that day, as then known; recorded on a later day than that, it is attained anew. Who last updated a row elsewhere is never its learner. Your own attainments are "
        "refused, and so are two rows of one person, course and day."
    )
    IGNORED: ClassVar[tuple[str, ...]] = tuple(
        _elsewhere(
            "staff_full_name", "last_updated_by", "awarded_by", "acquired_by", "measured_by",
            "vpd", "status", "next_review_date",
        )
    )  # fmt: skip

    staff_identifier: Text40 | None = optional(
        "the number of the person in the staff system",
        *_elsewhere("staff_identifier", but=("staff_identifier",)),
        example="30412207",
    )
    registration_number: Text20 | None = optional(
        "the number of the person with their regulator",
        "registration no",
        "hcpc number",
        example="RA71234",
    )
    email: Email | None = optional(
        "the person's address", "email address", example="bo.exampleton@hospital.example"
    )
    course: Text200 | None = optional(
        "code or title of the course, or what it is called in the source",
        *_elsewhere("competency_name"),
        example="NHS|CSTF|Fire Safety - 2 Years|",
    )
    title: Text200 | None = optional(
        "what the course is called; used when there is no course",
        *_elsewhere("title", but=("title",)),
    )
    completed_on: Day | None = optional(
        "the day on which it was completed",
        *_elsewhere("completion_date", but=("completed_on",)),
        example="30-Nov-2026",
    )
    last_awarded: Day | None = optional(
        "used when there is no day of completion",
        *_elsewhere("date_last_awarded", "certification_date", but=("last_awarded",)),
    )
    date_start: Day | None = optional(
        "used when there is neither of them", *_elsewhere("date_start", but=("date_start",))
    )
    expires_on: Annotated[date | None, BeforeValidator(_expiry)] = optional(
        "the last day on which it is valid, where the issuing body printed one; “No Expiry” is the same as empty. It is kept and shown; how long it counts in coverage is a requirement's rule",
        *_elsewhere("expiry_date", but=("expires_on",)),
        example="30-Nov-2028",
    )
    recorded_on: Day | None = optional(
        "the day the source recorded it; today when empty", "known from", example="2026-12-01"
    )

    voided_on: Day | None = optional(
        "the day the source recorded that it is void; empty while it stands",
        "void on",
        example="2027-02-01",
    )
    void_reason: Words200 | None = optional("why it is void; kept as private text")

    @model_validator(mode="after")
    def _whole(self) -> "AttainmentRow":
        if not self.called:
            raise ValueError("course|this is empty")
        if self.day is None:
            raise ValueError("completed_on|there is no day of completion")
        if self.day > clock.today():
            raise ValueError("completed_on|this day is still to come")
        if self.expires_on and self.expires_on < self.day:
            raise ValueError("expires_on|it expires before it was completed")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        if self.voided_on and self.voided_on > clock.today():
            raise ValueError("voided_on|nothing is recorded on a day to come")
        if self.voided_on and self.voided_on < (self.recorded_on or self.day):
            raise ValueError("voided_on|it is void before it was recorded")
        return self

    @property
    def called(self) -> str:
        """What the source calls the course."""
        return self.course or self.title or ""

    @property
    def day(self) -> date | None:
        """The day of completion, or the nearest that the source says of it."""
        return self.completed_on or self.last_awarded or self.date_start
