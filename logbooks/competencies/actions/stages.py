"""What a final assessor signs of a whole stage, and the revoking of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from logbooks.competencies import assessors, queries, stage_queries, stage_telling
from logbooks.competencies import signing_rules as signing
from logbooks.competencies import stage_rules as rules
from logbooks.competencies.actions import revoking
from logbooks.competencies.models import SignOff, StageRevocation, StageSignOff
from placements import reference
from placements.models import Placement, ShiftDecision
from school.core import clock, ledger
from school.core.decision import Decision
from school.core.errors import DomainError
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity

# What is signed. A changed sentence here becomes a new stored wording; what was signed before keeps its own.
WORDING = (
    "I have looked at everything that this stage asks, as it is listed here. All of it stands, "
    "and I sign the stage as complete."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said with the sign-off of a stage: `shown` is the digest of what the page showed it to rest on."""

    shown: str
    proof: ShiftDecision.Proof
    feedback: str = ""
    exception: str = ""
    device_time: datetime | None = None


def sign_stage(*, by: Person, placement: Placement, said: Said, uuid: UUID) -> StageSignOff:
    """Signs the stage of a placement as complete, for its student; the student is told.

    Raises DomainError or Conflict when something is missing, or is not as it was shown.
    """
    enrolment, stage = placement.enrolment, placement.stage
    me = identity(by)
    # Kept by the process, so it must outlive a transaction that a rule rolls back.
    wording = reference.wording(WORDING)
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        newest = StageSignOff.objects.standing().filter(enrolment=enrolment, stage=stage)
        newest = newest.select_related("person", "revocation").first()
        fact = StageSignOff(
            enrolment=enrolment,
            stage=stage,
            framework_version=queries.version_of(enrolment),
            placement=placement,
            person=by,
            capacity=SignOff.Capacity.ASSESSOR,
            proof=said.proof,
            wording=wording,
            device_time=said.device_time,
            supersedes=newest,
        )
        draft = Draft(
            fact=fact,
            book=enrolment.book,
            about_from=clock.today(),
            uuid=uuid,
            texts={"feedback": said.feedback.strip(), "exception": said.exception.strip()},
        )
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        held = assessors.held_by(me, [placement.pk]).get(placement.pk, assessors.NOTHING)
        _check(may_sign_stage(me, placement, held, said.exception), "exception")
        rules.rule_not_signed_yet(newest)
        standing = stage_queries.of_stage(enrolment, stage)
        rests = stage_queries.rests_of(enrolment, standing)
        _check(signing.rule_way_allowed(signing.rules_of(enrolment)))
        _check(rules.rule_everything_stands(standing.needs))
        assert rests is not None
        rules.rule_as_shown(said.shown, rests.digest)
        fact.minutes = rests.minutes
        fact.rests_on = rests.text
        pen.append([draft], by=by.uuid)
        stage_telling.signed(fact)
    return fact


def may_sign_stage(
    me: list[int], placement: Placement, held: assessors.Held, exception: str
) -> Decision:
    """Whether an identity signs the stage of a placement, whatever the stage still asks; the first rule that refuses gives the reason."""
    verdict = signing.rule_not_own(me, placement.enrolment)
    if verdict:
        verdict = rules.rule_final_assessor(held.signs)
    if verdict:
        verdict = signing.rule_assessor_apart(
            signing.rules_of(placement.enrolment), held.ever, SignOff.Capacity.ASSESSOR, exception
        )
    return verdict


def _check(verdict: Decision, field: str = "") -> None:
    if not verdict:
        raise DomainError(verdict.reason, field=field)


def revoke_stage(
    *, by: Person, sign_off: StageSignOff, day: date, reason: str, uuid: UUID
) -> StageRevocation:
    """Says that the sign-off of a stage holds no longer from a day on, and why; the student is told.

    Raises NotAllowed, Conflict or DomainError with the form's field.
    """
    enrolment = sign_off.enrolment
    fact = StageRevocation(sign_off=sign_off, person=by)
    draft = Draft(
        fact=fact,
        book=enrolment.book,
        about_from=day,
        uuid=uuid,
        texts={"reason": reason.strip()},
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        revoking.rule_may_revoke(by, sign_off)
        revoking.rule_reason(reason)
        revoking.rule_revoked_day(sign_off, day)
        newest = StageSignOff.objects.standing().filter(
            enrolment=enrolment, stage=sign_off.stage_id
        )
        rules.rule_newest(newest.select_related("revocation").first(), sign_off)
        pen.append([draft], by=by.uuid)
        stage_telling.revoked(fact, reason.strip())
    return fact
