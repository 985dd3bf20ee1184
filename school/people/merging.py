"""Says that two persons are one, and takes it back; reads know merged persons by school.people.queries.identity."""

from uuid import UUID

from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.actions import close_account
from school.people.models import Person, PersonMerge, Scope, User
from school.people.network import network_book
from school.people.queries import hats, identity, merges, scopes_with
from school.people.roles import Permission


def merge_people(*, kept: Person, merged: Person, by: Person, uuid: UUID) -> PersonMerge:
    """Make two persons one: `kept` signs in from now on, and an open account of `merged` is closed.

    Raises what check_merge raises.
    """
    before = PersonMerge.objects.filter(entry__uuid=uuid).first()
    book = network_book()
    draft = ledger.Draft(
        fact=PersonMerge(kept=kept, merged=merged),
        book=book,
        # The same request sent again after midnight is still the same.
        about_from=before.entry.about_from if before else clock.today(),
        uuid=uuid,
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return _merge(done[uuid])
        # Whoever accepts an invitation or reopens an account meanwhile holds the person.
        list(Person.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk"))
        merged.refresh_from_db()
        check_merge(kept=kept, merged=merged, by=by)
        if _open_account(merged):
            close_account(person=merged, by=by)
        return _merge(pen.append([draft], by=by.uuid)[0])


def undo_merge(*, merge: PersonMerge, by: Person, uuid: UUID) -> PersonMerge:
    """Make two persons of one again. An account that the merge closed stays closed until it is reopened.

    Raises NotAllowed, and Conflict when the merge was undone meanwhile.
    """
    book = network_book()
    draft = ledger.Draft(
        fact=PersonMerge(kept=merge.kept, merged=merge.merged, undone=True, supersedes=merge),
        book=book,
        about_from=merge.entry.about_from,
        uuid=uuid,
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return _merge(done[uuid])
        rule_network_administrator(by)
        rule_not_oneself(merge.kept, merge.merged, by)
        if not merges().filter(pk=merge.pk).exists():
            raise Conflict("Somebody else has undone this already. The two are separate people.")
        return _merge(pen.append([draft], by=by.uuid)[0])


def check_merge(*, kept: Person, merged: Person, by: Person) -> None:
    """Raises NotAllowed, or DomainError with what to do, when the two cannot be made one so."""
    rule_network_administrator(by)
    rule_not_oneself(kept, merged, by)
    rule_separate(kept, merged)
    rule_one_account(kept, merged)


def rule_network_administrator(by: Person) -> None:
    """A merge reaches every record that either has, wherever it is."""
    scopes = scopes_with(hats(by), Permission.GRANT_ROLES)
    if not any(scope.kind == Scope.Kind.NETWORK for scope in scopes):
        raise NotAllowed("Only an administrator of the whole network says who is one person.")


def rule_not_oneself(kept: Person, merged: Person, by: Person) -> None:
    """Nobody gains another's roles and records, or loses any, by their own hand."""
    if by.pk in {*identity(kept), *identity(merged)}:
        raise NotAllowed("This is about yourself. Ask another administrator.")


def rule_separate(kept: Person, merged: Person) -> None:
    """All who are one are merged straight into the one who is kept, which `hats` reads in one go."""
    if merged.pk in identity(kept):
        raise DomainError("These are one person already. Nothing was changed.")
    above = merges().filter(merged=kept).select_related("kept").first()
    if above:
        raise DomainError(
            f"{kept.name} was made one with {above.kept.name} before. "
            f"Go to {above.kept.name} and make the two one there."
        )
    if len(identity(merged)) > 1:
        raise DomainError(
            f"{merged.name} was made one with somebody before. "
            f"Keep {merged.name} instead, or undo that first."
        )


def rule_one_account(kept: Person, merged: Person) -> None:
    """Whoever signs in now still can afterwards, with the account of the person who is kept."""
    if _open_account(merged) and not _open_account(kept):
        raise DomainError(
            f"{merged.name} signs in with {merged.email} and {kept.name} has no open account. "
            f"Keep {merged.name} instead."
        )


def _open_account(person: Person) -> bool:
    return User.objects.filter(person=person, is_active=True).exists()


def _merge(fact: object) -> PersonMerge:
    assert isinstance(fact, PersonMerge)
    return fact
