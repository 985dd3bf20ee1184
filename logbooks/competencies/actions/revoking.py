"""What takes a sign-off's force or asks less of a student: revoking, and saying what does not apply. Nothing disappears."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from logbooks.competencies import queries, standing, telling
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    NotApplicable,
    Revocation,
    SignOff,
    StageSignOff,
)
from placements import policies as placing
from placements.models import Enrolment
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import hats, identity, scopes_with
from school.people.roles import Permission

State = CurrentCompetency.State


def revoke(*, by: Person, sign_off: SignOff, day: date, reason: str, uuid: UUID) -> Revocation:
    """Says that a sign-off holds no longer from a day on, and why; the student is told.

    Raises NotAllowed, Conflict or DomainError with the form's field.
    """
    enrolment = sign_off.enrolment
    fact = Revocation(sign_off=sign_off, person=by)
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
        rule_may_revoke(by, sign_off)
        rule_reason(reason)
        rule_revoked_day(sign_off, day)
        rows = standing.rows_of([enrolment.pk], [sign_off.competency])
        rule_stands(sign_off, rows.get((enrolment.pk, sign_off.competency_id)))
        pen.append([draft], by=by.uuid)
        standing.settle(rows, [fact])
        telling.revoked(fact, reason.strip())
    return fact


def excuse(
    *,
    by: Person,
    enrolment: Enrolment,
    competency: Competency,
    reason: str,
    uuid: UUID,
    cancelled: bool = False,
) -> NotApplicable:
    """Approves that a competency is not asked of a student, with a reason; `cancelled` asks it again.

    Raises NotAllowed, Conflict or DomainError with the form's field.
    """
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        before = (
            NotApplicable.objects.standing()
            .filter(enrolment=enrolment, competency__identifier=competency.identifier)
            .first()
        )
        fact = NotApplicable(
            enrolment=enrolment,
            competency=competency,
            person=by,
            cancelled=cancelled,
            supersedes=before,
        )
        draft = Draft(
            fact=fact,
            book=enrolment.book,
            about_from=clock.today(),
            uuid=uuid,
            texts={"reason": reason.strip()},
        )
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_excuse(by, enrolment)
        rule_asked_of(enrolment, competency)
        rule_reason(reason)
        rows = standing.rows_of([enrolment.pk], [competency])
        rule_changes(rows.get((enrolment.pk, competency.pk)), cancelled)
        pen.append([draft], by=by.uuid)
        standing.settle(rows, [fact])
        telling.excused(fact, competency)
    return fact


def may_revoke(by: Person, sign_off: SignOff | StageSignOff) -> bool:
    """Whether somebody revokes a sign-off: who signed it, and whoever keeps the log book; never the student."""
    if placing.owns(by, sign_off.enrolment):
        return False
    return sign_off.person_id in identity(by) or keeps(by, sign_off.enrolment)


def keeps(by: Person, enrolment: Enrolment) -> bool:
    """Whether one of somebody's roles keeps the log book of an enrolment; never their own."""
    if placing.owns(by, enrolment):
        return False
    allowed = Q(pk__in=[])
    for scope in scopes_with(hats(by), Permission.KEEP_LOG_BOOKS):
        allowed |= placing.in_scope(scope)
    return Enrolment.objects.filter(allowed, pk=enrolment.pk).exists()


def rule_may_revoke(by: Person, sign_off: SignOff | StageSignOff) -> None:
    """A sign-off is revoked by whoever signed it, or by whoever keeps the student's log book."""
    if not may_revoke(by, sign_off):
        raise NotAllowed(
            f"Only {sign_off.person.name}, who signed this, or the programme’s lead revokes it."
        )


def rule_may_excuse(by: Person, enrolment: Enrolment) -> None:
    """What does not apply is approved by whoever keeps the student's log book, and not by the student."""
    if not keeps(by, enrolment):
        raise NotAllowed("Only the programme’s lead approves what does not apply.")


def rule_reason(reason: str) -> None:
    """Both are written with a reason, which the student sees."""
    if not reason.strip():
        raise DomainError("Enter the reason. The student sees it.", field="reason")


def rule_revoked_day(sign_off: SignOff | StageSignOff, day: date) -> None:
    """A sign-off ceases to hold between the day that was observed and today."""
    first = sign_off.entry.about_from
    if day > clock.today():
        raise DomainError(
            "The day from which it no longer holds cannot lie in the future.", field="day"
        )
    if day < first:
        raise DomainError(
            f"What was signed was seen on {days.long_date(first)}. It cannot cease to hold before that.",
            field="day",
        )


def rule_asked_of(enrolment: Enrolment, competency: Competency) -> None:
    """Only a competency of the version that the student works towards is excused or asked again."""
    version = queries.version_of(enrolment)
    if version is None or competency.version_id != version.pk:
        raise DomainError(f"{competency.code} is not in the student’s framework.")


def rule_stands(sign_off: SignOff, row: CurrentCompetency | None) -> None:
    """Only the sign-off that stands is revoked, and once."""
    if row is None or row.sign_off_id != sign_off.pk or hasattr(row.sign_off, "revocation"):
        raise Conflict("This sign-off does not stand any more. Look at the history to see why.")


def rule_changes(row: CurrentCompetency | None, cancelled: bool) -> None:
    """What is achieved is not excused, and nothing is excused or asked again twice."""
    state = row.state if row else State.OPEN
    if cancelled and state != State.NOT_APPLICABLE:
        raise Conflict("This is asked of the student already.")
    if not cancelled and state == State.NOT_APPLICABLE:
        raise Conflict("This was recorded as not applicable already.")
    if not cancelled and state == State.ACHIEVED:
        raise DomainError(
            "This is signed as achieved. Revoke the sign-off first if it does not hold."
        )
