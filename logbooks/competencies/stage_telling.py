"""Mails about whole stages, results from elsewhere, and the version that a student works towards."""

from collections.abc import Sequence
from uuid import UUID

from logbooks.competencies.models import (
    ExternalResult,
    StageRevocation,
    StageSignOff,
    VersionMove,
)
from placements.actions.telling import page
from placements.models import Enrolment
from school.core import days
from school.people.telling import tell


def signed(fact: StageSignOff) -> None:
    """Tell a student that a whole stage of theirs was signed."""
    stage = fact.stage
    tell(
        fact.enrolment.person,
        "stage_signed",
        "A whole stage of your log book was signed",
        f"{fact.person.name} signed {_lower(stage)} of your log book as complete:",
        page("stage_of", fact.enrolment.uuid, stage.uuid),
        once_key=f"stage_signed:{fact.entry.uuid}",
    )


def revoked(fact: StageRevocation, reason: str) -> None:
    """Tell a student that the sign-off of a stage was revoked, from when and why."""
    sign_off = fact.sign_off
    tell(
        sign_off.enrolment.person,
        "stage_revoked",
        "The sign-off of a stage was revoked",
        f"{fact.person.name} revoked the sign-off of {_lower(sign_off.stage)} from "
        f"{days.long_date(fact.entry.about_from)} on. The reason: {reason}\n\n"
        "Nothing disappears: what was signed stays in your log book with its history:",
        page("stage_of", sign_off.enrolment.uuid, sign_off.stage.uuid),
        once_key=f"stage_revoked:{fact.entry.uuid}",
    )


def recorded(fact: ExternalResult) -> None:
    """Tell a student that a result from elsewhere was recorded, corrected or taken back."""
    done = "took back" if fact.withdrawn else "recorded"
    tell(
        fact.enrolment.person,
        "result_recorded",
        "A result from elsewhere in your log book",
        f"{fact.sighted_by.name} {done} a result for “{fact.task.title}”. What was recorded, with its "
        "document, stands in your log book:",
        page("stage_of", fact.enrolment.uuid, fact.task.stage.uuid),
        once_key=f"result_recorded:{fact.entry.uuid}",
    )


def moved(fact: VersionMove, reason: str) -> None:
    """Tell a student that they work towards another version of the framework now, and why."""
    tell(
        fact.enrolment.person,
        "version_moved",
        "Your log book: another version of the framework",
        f"{fact.person.name} moved you from version {fact.former.number} to version "
        f"{fact.framework_version.number}. The reason: {reason}\n\n"
        "What was signed stands, and says under which version it was signed:",
        page("log_book"),
        once_key=f"version_moved:{fact.entry.uuid}",
    )


def paper(enrolment: Enrolment, codes: Sequence[str], key: UUID) -> None:
    """Tell a student that what stands on paper was brought into their log book, once for what came together."""
    tell(
        enrolment.person,
        "paper_signed",
        "Your log book: what stands on paper was brought in",
        f"Sign-offs that stand on paper were brought into your log book: {', '.join(codes)}. Each shows the "
        "name on the paper, who has sighted it, and the scan:",
        page("log_book"),
        once_key=f"paper_signed:{key}",
    )


def _lower(stage: object) -> str:
    """ "year 3"."""
    return str(stage).lower()
