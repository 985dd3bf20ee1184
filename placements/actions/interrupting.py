"""Studies interrupted and resumed: what a tutor, programme lead or coordinator records about an enrolment."""

from datetime import date
from uuid import UUID

from placements import interruption_queries, policies, standing
from placements.models import Enrolment, Interruption
from school.core import days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.people.models import Person


def interrupt_studies(
    *,
    by: Person,
    enrolment: Enrolment,
    first: date,
    last: date | None,
    reason: str,
    uuid: UUID,
) -> Interruption:
    """Records that studies are interrupted from a day, until one when that is known; hours sent meanwhile are kept."""
    rule_not_own_studies(by, enrolment)
    draft = Draft(
        fact=Interruption(enrolment=enrolment),
        book=enrolment.book,
        about_from=first,
        about_to=last,
        uuid=uuid,
        texts={"reason": reason.strip()},
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        if not reason.strip():
            raise DomainError("Enter why studies are interrupted.", field="reason")
        rule_within_enrolment(enrolment, first, last)
        rule_not_interrupted_yet(enrolment, first, last)
        return _written(pen, draft, by)


def resume_studies(
    *, by: Person, interruption: Interruption, last: date, uuid: UUID
) -> Interruption:
    """Gives an interruption its last day; a day given before is corrected by a later fact."""
    enrolment = interruption.enrolment
    rule_not_own_studies(by, enrolment)
    draft = Draft(
        fact=Interruption(enrolment=enrolment, supersedes=interruption),
        book=enrolment.book,
        about_from=interruption.entry.about_from,
        about_to=last,
        uuid=uuid,
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_still_stands(interruption)
        if last < interruption.entry.about_from:
            raise DomainError(
                f"Studies are interrupted from {days.long_date(interruption.entry.about_from)}. "
                "The last day must not be before that.",
                field="last",
            )
        rule_not_interrupted_yet(enrolment, interruption.entry.about_from, last, but=interruption)
        return _written(pen, draft, by)


def cancel_interruption(*, by: Person, interruption: Interruption, uuid: UUID) -> Interruption:
    """Takes back an interruption that was recorded by mistake; the record keeps that it was."""
    enrolment, entry = interruption.enrolment, interruption.entry
    rule_not_own_studies(by, enrolment)
    draft = Draft(
        fact=Interruption(enrolment=enrolment, cancelled=True, supersedes=interruption),
        book=enrolment.book,
        about_from=entry.about_from,
        about_to=entry.about_to,
        uuid=uuid,
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_still_stands(interruption)
        return _written(pen, draft, by)


def rule_not_own_studies(by: Person, enrolment: Enrolment) -> None:
    """Nobody interrupts or resumes their own studies, whatever their roles."""
    if policies.owns(by, enrolment):
        raise NotAllowed("These are your own studies. Your tutor records an interruption.")


def rule_within_enrolment(enrolment: Enrolment, first: date, last: date | None) -> None:
    """An interruption begins within the enrolment, and before it ends."""
    if not enrolment.starts <= first <= enrolment.ends:
        raise DomainError(
            f"{enrolment.person.name} is enrolled from {days.long_date(enrolment.starts)} to "
            f"{days.long_date(enrolment.ends)}. The first day must lie within that.",
            field="first",
        )
    if last is not None and last < first:
        raise DomainError("The last day must not be before the first.", field="last")


def rule_not_interrupted_yet(
    enrolment: Enrolment, first: date, last: date | None, but: Interruption | None = None
) -> None:
    """Studies are interrupted once at a time: two interruptions share no day."""
    rows = interruption_queries.standing().filter(enrolment=enrolment)
    for other in rows:
        entry = other.entry
        begins_in_time = last is None or entry.about_from <= last
        if other != but and begins_in_time and (entry.about_to is None or entry.about_to >= first):
            raise DomainError(
                "Studies are interrupted "
                f"{interruption_queries.in_words(entry.about_from, entry.about_to)} already.",
                field="first" if but is None else "last",
            )


def rule_still_stands(interruption: Interruption) -> None:
    """What was resumed or taken back meanwhile is looked at again first."""
    later = Interruption.objects.filter(supersedes=interruption).exists()
    if later or interruption.cancelled:
        raise Conflict(
            "This interruption was changed since you opened the page. "
            "Open the record to see how it stands."
        )


def _written(pen: Pen, draft: Draft, by: Person) -> Interruption:
    [fact] = pen.append([draft], by=by.uuid)
    standing.refresh_tallies([fact.enrolment_id])  # type: ignore[attr-defined]
    return fact  # type: ignore[return-value]
