"""Lawful erasure of private text: the fact that says so and the deletion, in one transaction."""

from uuid import UUID

from school.core import clock, ledger
from school.core.errors import DomainError
from school.core.models import ConflictingWrite, Erasure, LedgerEntry, PrivateText


def erase(*, entry: LedgerEntry, ground: Erasure.Ground, uuid: UUID, by: UUID) -> Erasure:
    """Deletes the private texts of one fact and appends the Erasure that says on what ground.

    The fact, its entry and the salted hashes stay, so the chain holds. Raises DomainError when
    the fact has no private text.
    """
    draft = ledger.Draft(
        fact=Erasure(erased=entry, ground=ground),
        book=entry.book,
        about_from=clock.today(),
        uuid=uuid,
    )
    with ledger.writing(entry.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by)
        if not done:
            if not PrivateText.objects.filter(entry=entry).exists():
                raise DomainError("This fact has no private text, so nothing was erased.")
            pen.append([draft], by=by)
            PrivateText.objects.filter(entry=entry).delete()
            # What was refused under the same identity may hold the same words.
            ConflictingWrite.objects.filter(uuid=entry.uuid).delete()
    erasure = done.get(uuid, draft.fact)
    assert isinstance(erasure, Erasure)
    return erasure
