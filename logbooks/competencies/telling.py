"""Mails about sign-off, owed with the act that causes them: no name in a subject, nothing about patients."""

from collections.abc import Sequence

from logbooks.competencies.models import (
    Competency,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
)
from placements.actions.telling import page
from placements.models import Enrolment
from school.core import days
from school.people.models import Person
from school.people.telling import tell


def asked(requests: Sequence[SignOffRequest], by: Person) -> None:
    """Tell an assessor that a student asks for sign-off, once for what is asked together."""
    first = requests[0]
    number = f"{len(requests)} {'competency' if len(requests) == 1 else 'competencies'}"
    tell(
        first.assessor,
        "sign_off_asked",
        "A student asks you to sign",
        f"{by.name} asks you to sign {number}. You see every line before you sign:",
        page("sign_off", first.placement.uuid),
        once_key=f"sign_off_asked:{first.entry.uuid}",
    )


def asked_again(request: SignOffRequest, student: Person) -> None:
    """Tell whoever signed that an examination given as evidence was corrected afterwards."""
    tell(
        request.assessor,
        "sign_off_asked",
        "An examination that you signed on was corrected",
        f"{student.name} corrected an examination that is evidence of what you signed. Your sign-off "
        "stands; the corrected version waits beside it for you to look at:",
        page("sign_off", request.placement.uuid),
        once_key=f"sign_off_asked:{request.entry.uuid}",
    )


def signed(enrolment: Enrolment, signs: Sequence[SignOff]) -> None:
    """Tell a student what was signed together, once."""
    first = signs[0]
    codes = ", ".join(row.competency.code for row in signs)
    achieved = first.outcome == SignOff.Outcome.ACHIEVED
    words = (
        f"{first.person.name} signed as achieved: {codes}."
        if achieved
        else f"{first.person.name} saw {codes} and asks for another go. The next step stands in your log book."
    )
    tell(
        enrolment.person,
        "sign_off_signed",
        "Your log book was signed" if achieved else "Your log book: a next step for you",
        words,
        page("log_book"),
        once_key=f"sign_off_signed:{first.entry.uuid}",
    )


def revoked(fact: Revocation, reason: str) -> None:
    """Tell a student that a sign-off was revoked, from when and why."""
    sign_off = fact.sign_off
    enrolment, competency = sign_off.enrolment, sign_off.competency
    tell(
        enrolment.person,
        "sign_off_revoked",
        "A sign-off in your log book was revoked",
        f"{fact.person.name} revoked the sign-off of {competency.code} from "
        f"{days.long_date(fact.entry.about_from)} on. The reason: {reason}\n\n"
        "Nothing disappears: what was signed stays in your log book with its history. "
        "Ask for sign-off again when you are ready:",
        page("competency_of", enrolment.uuid, competency.uuid),
        once_key=f"sign_off_revoked:{fact.entry.uuid}",
    )


def excused(fact: NotApplicable, competency: Competency) -> None:
    """Tell a student that a competency is not asked of them, or is asked again."""
    said = "is asked of you again" if fact.cancelled else "is not asked of you"
    tell(
        fact.enrolment.person,
        "not_applicable",
        "What your log book asks of you changed",
        f"{fact.person.name} recorded that {competency.code} {said}. The reason stands in your log book:",
        page("competency_of", fact.enrolment.uuid, competency.uuid),
        once_key=f"not_applicable:{fact.entry.uuid}",
    )
