"""Results of what is held elsewhere: recorded with their document, followed by another, or taken back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from logbooks.competencies import assessors, stage_queries, stage_telling
from logbooks.competencies import stage_rules as rules
from logbooks.competencies.actions.revoking import keeps
from logbooks.competencies.models import ExternalResult, SignOff
from placements import policies as placing
from placements.models import Enrolment, Placement, StageTask
from school.core import documents, evidence, ledger
from school.core.errors import Conflict, NotAllowed
from school.core.evidence import EvidenceRefused
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a document says: what was shown, where, on which day, with which outcome.

    `document` is the file itself, none when the one that is held already says it. `reason` is why another
    result follows the one that is held, or why that one is taken back.
    """

    what: str
    place: str
    day: date
    outcome: SignOff.Outcome
    document: bytes | None = None
    reason: str = ""
    withdrawn: bool = False


def record_result(
    *,
    by: Person,
    enrolment: Enrolment,
    task: StageTask,
    entered: Entered,
    uuid: UUID,
    follows: ExternalResult | None = None,
) -> ExternalResult:
    """Records what a student showed elsewhere, which somebody has seen in a document; the student is told.

    `follows` is the result that was held when the page was opened. Raises NotAllowed, Conflict,
    EvidenceRefused or DomainError with the form's field.
    """
    rule_may_record(by, enrolment, task)
    kept = None if entered.document is None else evidence.taken_in(entered.document)
    # The document of what was taken back says nothing any more.
    held = follows.document if follows and not follows.withdrawn else ""
    digest = documents.digest(kept) if kept else held
    fact = ExternalResult(
        enrolment=enrolment,
        task=task,
        outcome=entered.outcome,
        document=digest,
        sighted_by=by,
        withdrawn=entered.withdrawn,
        supersedes=follows,
    )
    texts = {"what": entered.what, "place": entered.place, "reason": entered.reason}
    draft = Draft(
        fact=fact,
        book=enrolment.book,
        about_from=entered.day,
        uuid=uuid,
        texts={name: words.strip() for name, words in texts.items()},
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rules.rule_task_elsewhere(task)
        rules.rule_result_day(enrolment, entered.day)
        rules.rule_corrected_with_reason(follows is not None, entered.reason)
        rule_follows_newest(enrolment, task, follows)
        rule_taken_back_once(follows, entered.withdrawn)
        rule_document(digest)
        if kept:
            documents.keep(stage_queries.FOLDER, stage_queries.name_of(enrolment, digest), kept)
        pen.append([draft], by=by.uuid)
        stage_telling.recorded(fact)
    return fact


def may_record(by: Person, enrolment: Enrolment, task: StageTask) -> bool:
    """Whether somebody records results of a task: who keeps the log book, and the final assessors of its stage; never the student."""
    if placing.owns(by, enrolment):
        return False
    if keeps(by, enrolment):
        return True
    placements = Placement.objects.filter(enrolment=enrolment, stage=task.stage_id)
    held = assessors.held_by(identity(by), list(placements.values_list("pk", flat=True)))
    return any(SignOff.Capacity.ASSESSOR in here.signs for here in held.values())


def rule_may_record(by: Person, enrolment: Enrolment, task: StageTask) -> None:
    """A result from elsewhere is recorded by a final assessor of the stage, or by whoever keeps the log book."""
    if not may_record(by, enrolment, task):
        raise NotAllowed(
            "Only a final assessor of the stage, or the programme’s lead, records a result from elsewhere."
        )


def rule_document(digest: str) -> None:
    """A result from elsewhere is recorded with the document that says so."""
    if not digest:
        raise EvidenceRefused("Choose the document that says so.", field="evidence")


def rule_follows_newest(
    enrolment: Enrolment, task: StageTask, follows: ExternalResult | None
) -> None:
    """It follows the result that is held now, and not one that somebody else followed meanwhile."""
    newest = ExternalResult.objects.standing().filter(enrolment=enrolment, task=task).first()
    if newest != follows:
        raise Conflict("Somebody recorded a result of this meanwhile. Look at it again.")


def rule_taken_back_once(follows: ExternalResult | None, withdrawn: bool) -> None:
    """What is taken back is a result that stands."""
    if withdrawn and (follows is None or follows.withdrawn):
        raise Conflict("No result of this stands, so there is nothing to take back.")
