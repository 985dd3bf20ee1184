"""Says what somebody is entitled to do under IR(ME)R, reviews it and ends it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from school.core import clock, days, ledger
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Entitlement, Organisation, Person, PostTerm, Scope
from school.people.queries import Hat, hats, identity, scopes_with, sites_in
from school.people.roles import Permission

REFUSAL = "Only a workforce manager of the whole network imports entitlements."


def importing_hats(viewer: Any) -> list[Hat]:
    """The viewer's roles that let them import entitlements: of the whole network only, since a file holds whoever it holds."""
    wanted = {Permission.IMPORT_RECORDS, Permission.KEEP_ENTITLEMENTS}
    return [
        hat
        for hat in viewer.hats
        if hat.scope.kind == Scope.Kind.NETWORK and wanted <= hat.role.permissions
    ]


def may_entitle(held: list[Hat], me: list[int], person: Person) -> Decision:
    """Whether somebody, by their roles and the keys of everyone they are, says what a person is entitled to do.

    An employer entitles, and for it the lead of a site where the person works, who sees them at work, or
    a workforce manager, who keeps the employer's record of staff; nobody entitles themselves.
    """
    scopes = scopes_with(held, Permission.KEEP_ENTITLEMENTS)
    if not scopes or not (person.pk in me or _reaches(scopes, person)):
        return refused(
            "Only the lead of a site where they work, or a workforce manager, says what somebody is entitled to do."
        )
    if person.pk in me:
        return refused("Nobody says what they are entitled to do themselves.")
    return ALLOWED


def _reaches(scopes: list[Scope], person: Person) -> bool:
    """Whether one of the scopes holds a site where somebody works, or will."""
    if any(scope.kind == Scope.Kind.NETWORK for scope in scopes):
        return True
    sites = Q(pk__in=[])
    for scope in scopes:
        sites |= Q(site__in=sites_in(scope))
    ahead = Q(entry__about_to=None) | Q(entry__about_to__gte=clock.today())
    posts = PostTerm.objects.standing().filter(sites, ahead, post__person__in=identity(person))
    return bool(posts.exists())


@dataclass(frozen=True, slots=True)
class Terms:
    """From which day to which an entitlement holds, for good without a last day, and when it is to be reviewed."""

    first: date
    last: date | None
    review_on: date


def entitle(
    *,
    person: Person,
    employer: Organisation,
    practice: Entitlement.Practice,
    terms: Terms,
    by: Person,
    uuid: UUID,
) -> Entitlement:
    """Entitle somebody to a scope of practice.

    Raises NotAllowed, and DomainError when it is out of order or they are entitled to it already.
    """
    fact = Entitlement(
        person=person, employer=employer, practice=practice, review_on=terms.review_on
    )
    return _write(fact, terms, by, uuid)


def change_entitlement(
    *, entitlement: Entitlement, last: date | None, review_on: date, by: Person, uuid: UUID
) -> Entitlement:
    """Review an entitlement, or end it with a last day, which still counts; one before the first cancels it.

    Raises NotAllowed, DomainError when it is out of order, and Conflict when it was changed meanwhile.
    """
    first = entitlement.entry.about_from
    cancelled = last is not None and last < first
    fact = Entitlement(
        person=entitlement.person,
        employer=entitlement.employer,
        practice=entitlement.practice,
        review_on=review_on,
        cancelled=cancelled,
        supersedes=entitlement,
    )
    terms = Terms(first, entitlement.entry.about_to if cancelled else last, review_on)
    return _write(fact, terms, by, uuid)


def _write(fact: Entitlement, terms: Terms, by: Person, uuid: UUID) -> Entitlement:
    book = fact.person.book
    draft = ledger.Draft(
        fact=fact, book=book, about_from=terms.first, about_to=terms.last, uuid=uuid
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return _entitlement(done[uuid])
        rule_may_entitle(by, fact.person)
        rule_in_order(terms)
        if fact.supersedes is not None:
            rule_unchanged(fact.supersedes)
        if not fact.cancelled:
            rule_not_twice(fact, terms)
        return _entitlement(pen.append([draft], by=by.uuid)[0])


def entitlements_of(person: Person) -> list[Entitlement]:
    """What somebody is and was entitled to do, under every key they are known by, the newest first."""
    rows = Entitlement.objects.standing().filter(person__in=identity(person), cancelled=False)
    return list(rows.select_related("entry", "employer").order_by("-entry__about_from", "-pk"))


def rule_may_entitle(by: Person, person: Person) -> None:
    """The lead of a site where they work or a workforce manager says it, and nobody of themselves."""
    decision = may_entitle(hats(by), identity(by), person)
    if not decision:
        raise NotAllowed(decision.reason)


def rule_in_order(terms: Terms) -> None:
    """It ends and is reviewed on its first day or later."""
    if terms.last is not None and terms.last < terms.first:
        raise DomainError("The last day is before the first.", field="last")
    if terms.review_on < terms.first:
        raise DomainError("The day of review is before the first day.", field="review_on")


def rule_unchanged(entitlement: Entitlement) -> None:
    """What was reviewed or ended meanwhile is looked at again."""
    if Entitlement.objects.filter(supersedes=entitlement).exists():
        raise Conflict(
            "Somebody else changed this entitlement meanwhile. Look again at how it stands."
        )


def rule_not_twice(fact: Entitlement, terms: Terms) -> None:
    """An employer entitles somebody to a scope of practice once at a time."""
    held = (
        Entitlement.objects.standing()
        .filter(
            person__in=identity(fact.person),
            employer=fact.employer,
            practice=fact.practice,
            cancelled=False,
        )
        .exclude(pk=fact.supersedes_id)
    )
    for one in held:
        first, last = one.entry.about_from, one.entry.about_to or date.max
        if first <= (terms.last or date.max) and last >= terms.first:
            raise DomainError(
                f"{fact.employer.name} entitles {fact.person.name} to it already, from "
                f"{days.long_date(first)}. Review or end that one. Nothing was changed.",
                field="practice",
            )


def _entitlement(fact: object) -> Entitlement:
    assert isinstance(fact, Entitlement)
    return fact
