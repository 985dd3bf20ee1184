"""The columns of the file of staff, and what must hold within one row."""

from typing import Annotated, ClassVar

from pydantic import model_validator

from school.core import clock
from school.core.files.rows import (
    Day,
    Email,
    Row,
    Share,
    Text20,
    Text40,
    Text80,
    Text120,
    Text200,
    column,
    one_of,
    optional,
)
from school.people.imports.matching import Identifier, identifiers


class StaffRow(Row):
    """A member of staff, and one term of one of their posts."""

    ABOUT: ClassVar[str] = (
        "A person is found by staff identifier, then by registration number, then by email; one of the "
        "three must be there. A person with two posts, or with a post that changed, has a row for each "
        "term. A post is told by its reference, or by its first day when it has none. A row whose line "
        "manager cannot be found waits. Cells left empty under name, email, staff identifier and "
        "registration say nothing and change nothing. A row that changes the name or email of somebody "
        "who has an account or a role waits: they change the address on their account page, "
        "and an administrator changes both on the page of their roles."
    )

    name: Text200 = column(
        "the person's full name", "staff full name", "full name", "employee name", "staff name",
        "learner name", "display name", example="Amara Holt",
    )  # fmt: skip
    email: Email | None = optional(
        "work address", "email address", "work email", example="amara.holt@hospital.example"
    )
    staff_identifier: Text40 | None = optional(
        "the employer's number for the person", "esr id", "person number", "employee number",
        "identifier", "assignment number", example="20418833",
    )  # fmt: skip
    regulator: Annotated[str | None, one_of(HCPC="HCPC", NMC="NMC", GMC="GMC", none=None)] = (
        optional("HCPC, NMC, GMC or none", "registration body", example="HCPC")
    )
    registration_number: Text20 | None = optional(
        "the number in that register", "registration", "pin", example="RA51234"
    )
    post: Text40 | None = optional(
        "the employer's reference of the post",
        "post reference",
        "position number",
        example="P-1042",
    )
    job_role: Text120 | None = optional(
        "what the post is", "role title", "job title", "role", example="Senior PET-CT radiographer"
    )
    staff_group: Text80 | None = optional(
        "the group that the job role is counted in", example="Allied health professionals"
    )
    site: Text200 | None = optional(
        "name or code of the site", "site code", "site name", example="Freeman Hospital"
    )
    whole_time_equivalent: Share | None = optional(
        "1 for full time, 0.8 or 80% for four days of five; 1 when empty",
        "wte",
        "fte",
        name="whole-time equivalent",
        example="0.8",
    )
    crew: Annotated[str, one_of(static="static", mobile="mobile")] | None = optional(
        "static or mobile; static when empty", example="static"
    )
    line_manager: Text200 | None = optional(
        "the line manager's email or staff identifier", "manager", example="20411180"
    )
    starts: Day | None = optional(
        "the first day of this term of the post", "date start", "start date", "started",
        name="from", example="2024-09-02",
    )  # fmt: skip
    ends: Day | None = optional(
        "the last day; empty while it lasts", "end date", "date end", name="to"
    )
    recorded_on: Day | None = optional(
        "the day the source recorded the term; today when empty", "known from", example="2024-08-20"
    )

    @model_validator(mode="after")
    def _whole(self) -> "StaffRow":
        if not self.told_by():
            raise ValueError(
                "staff_identifier|nothing tells this person from others: give an email, "
                "a staff identifier or a registration number"
            )
        if self.registration_number and not self.regulator:
            raise ValueError("regulator|a registration number needs its regulator")
        post = {name: getattr(self, name) for name in ("job_role", "staff_group", "site", "starts")}
        if any(post.values()):
            for name, value in post.items():
                if not value:
                    raise ValueError(
                        f"{name}|a post needs its job role, staff group, site and first day"
                    )
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        if self.whole_time_equivalent is not None and not (
            1 <= self.hundredths <= 150 and self.whole_time_equivalent * 100 == self.hundredths
        ):
            raise ValueError(
                "whole_time_equivalent|this is between 0.01 and 1.5, with two decimals at most"
            )
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        return self

    @property
    def hundredths(self) -> int:
        """The whole-time equivalent in hundredths."""
        return 100 if self.whole_time_equivalent is None else int(self.whole_time_equivalent * 100)

    def told_by(self) -> list[Identifier]:
        """What tells the person from others."""
        return identifiers(
            self.staff_identifier, self.regulator, self.registration_number, self.email
        )
