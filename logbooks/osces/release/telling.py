"""Mails about results and appeals: the same words for everybody, whatever the result is."""

from logbooks.osces.models import AppealAnswered, Outcome
from placements.actions.telling import page
from school.people.telling import tell


def released(outcome: Outcome) -> None:
    """Tell a candidate that their result is there, or, where it is another than before, that it changed."""
    before, candidate = outcome.supersedes, outcome.candidate
    if before is not None and before.digest == outcome.digest:
        return
    said = "Your OSCE result has changed" if before else "Your OSCE result is there"
    tell(
        candidate.enrolment.person,
        "osce_result",
        said,
        f"{said}. It stands in the portal, with your marks by station:",
        page("osce_result", candidate.uuid),
        once_key=f"osce_result:{outcome.entry.uuid}",
    )


def answered(answer: AppealAnswered) -> None:
    """Tell a candidate that their appeal was answered."""
    candidate = answer.appeal.outcome.candidate
    tell(
        candidate.enrolment.person,
        "osce_appeal_answered",
        "Your appeal was answered",
        "Your appeal against an OSCE result was answered. Read the answer in the portal:",
        page("osce_result", candidate.uuid),
        once_key=f"osce_appeal_answered:{answer.entry.uuid}",
    )
