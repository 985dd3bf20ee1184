"""Exemptions: of one person a requirement is not asked from a day to a day, for a reason; changed only by a newer row."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from school.core import days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.coverage import policies
from school.coverage.models import Exemption, Requirement
from school.people.models import Person
from school.people.queries import hats, identity, kept


def exempt(
    *,
    by: Person,
    person: Person,
    requirement: Requirement,
    reason: str,
    starts: date,
    ends: date,
    uuid: UUID,
) -> Exemption:
    """A requirement is not asked of somebody on the days from `starts` to `ends`; it is always known when that ends."""
    rule_has_a_reason(reason)
    rule_in_order(starts, ends)
    them = kept(person)
    draft = Draft(
        fact=Exemption(person=them, requirement=requirement),
        book=them.book,
        about_from=starts,
        about_to=ends,
        uuid=uuid,
        texts={"reason": reason.strip()},
    )
    with ledger.writing(them.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_exempt(by, them)
        rule_not_exempt_already(them, requirement, starts, ends)
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]


def end_exemption(*, by: Person, exemption: Exemption, ends: date | None, uuid: UUID) -> Exemption:
    """An exemption ends earlier or, without a last day, was a mistake and never held; a newer row takes its place."""
    rule_earlier(exemption, ends)
    book, entry = exemption.person.book, exemption.entry
    fact = Exemption(
        person=exemption.person,
        requirement=exemption.requirement,
        reason_hash=exemption.reason_hash,
        cancelled=ends is None,
        supersedes=exemption,
    )
    draft = Draft(
        fact=fact,
        book=book,
        about_from=entry.about_from,
        about_to=ends or entry.about_to,
        uuid=uuid,
        texts={"reason": ledger.private_text(exemption, "reason")},
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_exempt(by, kept(exemption.person))
        rule_still_stands(exemption)
        pen.append([draft], by=by.uuid)
    return fact


def rule_may_exempt(by: Person, person: Person) -> None:
    """Exemptions are given by those who see who has which training at a site of the person; never to oneself."""
    decision = policies.may_exempt(hats(by), identity(by), person)
    if not decision:
        raise NotAllowed(decision.reason)


def rule_has_a_reason(reason: str) -> None:
    """Nobody is let off without a reason."""
    if not reason.strip():
        raise DomainError("Enter why, so that whoever asks later knows.", field="reason")


def rule_in_order(starts: date, ends: date) -> None:
    """An exemption ends no earlier than it begins."""
    if ends < starts:
        raise DomainError(f"It begins on {days.long_date(starts)}.", field="ends")


def rule_not_exempt_already(
    person: Person, requirement: Requirement, starts: date, ends: date
) -> None:
    """Two exemptions of one person from one requirement do not overlap."""
    rows = Exemption.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=starts),
        cancelled=False,
        person__in=identity(person),
        requirement=requirement,
        entry__about_from__lte=ends,
    )
    other = rows.select_related("entry").first()
    if other is not None:
        until = other.entry.about_to
        to = f" to {days.long_date(until)}" if until else ""
        raise DomainError(
            f"Already exempt from {days.long_date(other.entry.about_from)}{to}. Begin after that, or end it first.",
            field="starts",
        )


def rule_earlier(exemption: Exemption, ends: date | None) -> None:
    """What is changed of an exemption is that it ends earlier; more time is an exemption of its own."""
    entry = exemption.entry
    if ends is None:
        return
    rule_in_order(entry.about_from, ends)
    if entry.about_to is not None and ends >= entry.about_to:
        raise DomainError(
            f"It ends on {days.long_date(entry.about_to)} already. Enter an earlier day, or give another exemption after it.",
            field="ends",
        )


def rule_still_stands(exemption: Exemption) -> None:
    """Only the newest row of an exemption is changed, and none that was taken back."""
    if exemption.cancelled or Exemption.objects.filter(supersedes=exemption).exists():
        raise Conflict("This exemption was changed meanwhile. Look at how it stands.")
