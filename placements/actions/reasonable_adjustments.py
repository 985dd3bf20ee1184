"""What a student says about what they need on placement, and to whom they consent that it is shown."""

from dataclasses import dataclass
from uuid import UUID

from placements import policies
from placements.models import Enrolment, ReasonableAdjustment
from school.core import clock, ledger
from school.core.errors import Conflict, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """To whom a student lets something be shown; to nobody by default."""

    supervisors: bool = False
    site: bool = False
    university: bool = False


def say_need(
    *,
    by: Person,
    enrolment: Enrolment,
    words: str,
    consent: Consent,
    uuid: UUID,
    changes: ReasonableAdjustment | None = None,
) -> ReasonableAdjustment:
    """Writes down what a student needs, or changes what they wrote; who reads it changes at once."""
    fact = ReasonableAdjustment(
        enrolment=enrolment,
        for_supervisors=consent.supervisors,
        for_site=consent.site,
        for_university=consent.university,
        supersedes=changes,
    )
    return _write(by=by, fact=fact, words=words.strip(), uuid=uuid)


def take_need_back(*, by: Person, need: ReasonableAdjustment, uuid: UUID) -> ReasonableAdjustment:
    """Takes back what a student wrote; from now on it is shown to nobody else."""
    fact = ReasonableAdjustment(enrolment=need.enrolment, withdrawn=True, supersedes=need)
    return _write(by=by, fact=fact, words="", uuid=uuid)


def _write(
    *, by: Person, fact: ReasonableAdjustment, words: str, uuid: UUID
) -> ReasonableAdjustment:
    book = fact.enrolment.book
    draft = Draft(fact=fact, book=book, about_from=clock.today(), uuid=uuid, texts={"words": words})
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_needs(by, fact.enrolment)
        if fact.supersedes is not None:
            rule_need_stands(fact.supersedes)
        pen.append([draft], by=by.uuid)
    return fact


def rule_own_needs(by: Person, enrolment: Enrolment) -> None:
    """Students say themselves what they need; nobody says it for them."""
    if not policies.owns(by, enrolment):
        raise NotAllowed("Only the student says what they need.")


def rule_need_stands(need: ReasonableAdjustment) -> None:
    """Only what stands is changed or taken back."""
    if need.withdrawn or ReasonableAdjustment.objects.filter(supersedes=need).exists():
        raise Conflict("This was changed since you opened the page. Look at what stands now.")
