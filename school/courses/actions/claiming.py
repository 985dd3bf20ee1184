"""Claims of what was learned elsewhere: made with evidence, accepted, which makes an attainment, or declined with a reason."""

from datetime import date
from uuid import UUID, uuid5

from school.core import clock, days, documents, evidence, ledger
from school.core.errors import Conflict, DomainError
from school.core.ledger import Draft
from school.core.models import LedgerEntry
from school.courses import attained_telling, claims_queries, queries
from school.courses.actions.attaining import rule_keeps_records, rule_reason
from school.courses.models import Attainment, Claim, ClaimDecision, Course, CourseVersion
from school.people.models import Person

# An attainment is named after the decision that makes it, so that a retry finds it.
_NAMESPACE = UUID("0b7c8c1e-9a1b-5a55-8f0e-6a2c9d0e4b21")


def claim_attainment(
    *,
    by: Person,
    course: Course,
    day: date,
    given_by: str,
    data: bytes,
    uuid: UUID,
    note: str = "",
    expires_on: date | None = None,
) -> Claim:
    """Says that one learned something elsewhere, with a file that shows it. Raises EvidenceRefused."""
    rule_days(day, expires_on)
    rule_taught(course)
    kept = evidence.taken_in(data)
    fact = Claim(person=by, course=course, expires_on=expires_on, digest=documents.digest(kept))
    words = "\n".join([" ".join(given_by.split()), note.strip()])
    draft = Draft(fact=fact, book=by.book, about_from=day, uuid=uuid, texts={"words": words})
    with ledger.writing(by.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        documents.keep(claims_queries.FOLDER, str(uuid), kept)
        pen.append([draft], by=by.uuid)
    return fact


def accept_claim(*, by: Person, claim: Claim, uuid: UUID) -> ClaimDecision:
    """Somebody who keeps the person's record accepts the evidence: it is an attainment of the day it names."""
    attainment = Attainment(
        person=claim.person,
        course_version=version_for(claim.course, claim.entry.about_from),
        source=Attainment.Source.CLAIM,
        expires_on=claim.expires_on,
    )
    attainment.entry = LedgerEntry(uuid=uuid5(_NAMESPACE, str(uuid)))
    return _decide(by, claim, uuid, attainment, "")


def decline_claim(*, by: Person, claim: Claim, reason: str, uuid: UUID) -> ClaimDecision:
    """Somebody who keeps the person's record declines the evidence, with the reason for the person."""
    return _decide(by, claim, uuid, None, rule_reason(reason))


def _decide(
    by: Person, claim: Claim, uuid: UUID, attainment: Attainment | None, reason: str
) -> ClaimDecision:
    book, day = claim.person.book, claim.entry.about_from
    fact = ClaimDecision(claim=claim, attainment=attainment)
    texts = {"reason": reason} if reason else {}
    draft = Draft(fact=fact, book=book, about_from=day, uuid=uuid, texts=texts)
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_keeps_records(by, claim.person)
        if ClaimDecision.objects.filter(claim=claim).exists():
            raise Conflict("This claim was decided meanwhile. Nothing was changed.")
        drafts = [draft]
        if attainment is not None:
            made = Draft(fact=attainment, book=book, about_from=day, uuid=attainment.entry.uuid)
            drafts = [made, draft]
        pen.append(drafts, by=by.uuid)
        attained_telling.tell_decided(fact)
    return fact


def version_for(course: Course, day: date) -> CourseVersion:
    """The version of a course that was taught on a day, or its first one when the day lies before."""
    found = queries.version_on(course, day)
    if found is None:
        taught = CourseVersion.objects.filter(course=course, published_on__lte=clock.today())
        found = taught.order_by("number").first()
    if found is None:
        raise DomainError("No version of this course is published yet.", field="course")
    return found


def rule_days(day: date, expires_on: date | None) -> None:
    """What was learned was learned by today, and does not expire before."""
    if day > clock.today():
        raise DomainError(
            f"{days.long_date(day)} is still to come. Enter the day on which it was completed.",
            field="day",
        )
    if expires_on is not None and expires_on < day:
        raise DomainError("It cannot expire before it was completed.", field="expires_on")


def rule_taught(course: Course) -> None:
    """A claim is of a course of the catalogue that has a version."""
    version_for(course, clock.today())
