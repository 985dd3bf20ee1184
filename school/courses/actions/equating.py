"""Equivalences: from when to when one course counts as another, changed only by a newer row."""

from datetime import date
from uuid import UUID

from school.core import days, ledger
from school.core.errors import Conflict, DomainError
from school.core.ledger import Draft
from school.courses.actions.teaching import rule_may_teach
from school.courses.models import Course, Equivalence
from school.people.models import Person
from school.people.network import network_book


def count_as(
    *,
    by: Person,
    attained: Course,
    counts_as: Course,
    starts: date,
    uuid: UUID,
    ends: date | None = None,
) -> Equivalence:
    """Whoever attained one course has attained the other, on every day from `starts` to `ends`."""
    rule_two_courses(attained, counts_as)
    rule_in_order(starts, ends)
    fact = Equivalence(attained=attained, counts_as=counts_as)
    return _write(by, fact, starts, ends, uuid)


def end_equivalence(
    *, by: Person, equivalence: Equivalence, ends: date | None, uuid: UUID
) -> Equivalence:
    """The rule holds to a day, or, without one, was a mistake and never held; a newer row takes its place."""
    starts = equivalence.entry.about_from
    rule_in_order(starts, ends)
    fact = Equivalence(
        attained=equivalence.attained,
        counts_as=equivalence.counts_as,
        cancelled=ends is None,
        supersedes=equivalence,
    )
    return _write(by, fact, starts, ends, uuid)


def _write(
    by: Person, fact: Equivalence, starts: date, ends: date | None, uuid: UUID
) -> Equivalence:
    book = network_book()
    draft = Draft(fact=fact, book=book, about_from=starts, about_to=ends, uuid=uuid)
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_teach(by)
        if fact.supersedes is not None:
            rule_still_stands(fact.supersedes)
        pen.append([draft], by=by.uuid)
    return fact


def rule_two_courses(attained: Course, counts_as: Course) -> None:
    """A course counts as itself already."""
    if attained.pk == counts_as.pk:
        raise DomainError("Choose two different courses.", field="counts_as")


def rule_in_order(starts: date, ends: date | None) -> None:
    """A rule ends no earlier than it begins."""
    if ends is not None and ends < starts:
        raise DomainError(f"The rule begins on {days.long_date(starts)}.", field="ends")


def rule_still_stands(equivalence: Equivalence) -> None:
    """Only the newest row of a rule is changed."""
    if Equivalence.objects.filter(supersedes=equivalence).exists():
        raise Conflict("This rule was changed meanwhile. Look at how it stands.")
