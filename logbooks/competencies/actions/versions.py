"""Moving a student to another version of their framework, with a reason. What was signed stands."""

from uuid import UUID

from logbooks.competencies import queries, stage_telling, standing
from logbooks.competencies.actions.revoking import keeps, rule_reason
from logbooks.competencies.models import FrameworkVersion, VersionMove
from placements.models import Enrolment
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person


def move(
    *, by: Person, enrolment: Enrolment, version: FrameworkVersion, reason: str, uuid: UUID
) -> VersionMove:
    """Has a student work towards another version from today on; the student is told.

    Every competency goes on standing where it stood, by its identifier. Raises NotAllowed, Conflict or
    DomainError with the form's field.
    """
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        former = queries.version_of(enrolment)
        before = VersionMove.objects.standing().filter(enrolment=enrolment).first()
        fact = VersionMove(
            enrolment=enrolment,
            former=former,
            framework_version=version,
            person=by,
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
        rule_may_move(by, enrolment)
        rule_reason(reason)
        rule_same_framework(former, version)
        rule_other_version(former, version)
        pen.append([draft], by=by.uuid)
        standing.rebuild(enrolment)
        stage_telling.moved(fact, reason.strip())
    return fact


def rule_may_move(by: Person, enrolment: Enrolment) -> None:
    """A student is moved by whoever keeps their log book, and not by themselves."""
    if not keeps(by, enrolment):
        raise NotAllowed("Only the programme’s lead moves a student to another version.")


def rule_same_framework(former: FrameworkVersion | None, version: FrameworkVersion) -> None:
    """The version is of the framework that the student works towards, and published by today."""
    if former is None or version.framework_id != former.framework_id:
        raise DomainError("This version is not of the student’s framework.", field="version")
    if version.published_on > clock.today():
        raise DomainError("This version is not published yet.", field="version")


def rule_other_version(former: FrameworkVersion | None, version: FrameworkVersion) -> None:
    """Nobody is moved to where they are."""
    if former == version:
        raise Conflict(f"The student works towards version {version.number} already.")
