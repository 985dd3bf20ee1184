"""Reads of copies of log books: a student's own with whom each is shared, the links that are open, and what a stranger may learn."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from logbooks.competencies.book.record import Head, head_of
from logbooks.competencies.models import LogBookCopy, SharedCopy
from placements.models import Enrolment
from school.core import clock
from school.core.registries import Issued


def copy_at(enrolment: Enrolment, head: Head, *, reflections: bool) -> LogBookCopy | None:
    """The copy of a log book that was made at a place in its record book."""
    found: LogBookCopy | None = LogBookCopy.objects.filter(
        enrolment=enrolment, head_seq=head.seq, reflections=reflections
    ).first()
    return found


def own(me: Collection[int]) -> QuerySet[LogBookCopy]:
    """The copies of an identity's own log books."""
    rows: QuerySet[LogBookCopy] = LogBookCopy.objects.filter(enrolment__person__in=me)
    return rows.select_related("enrolment__person", "enrolment__book")


def open_shares() -> QuerySet[SharedCopy]:
    """The links that open a copy today."""
    return SharedCopy.objects.filter(ended_at=None, ends_on__gte=clock.today())


@dataclass(frozen=True, slots=True)
class Shared:
    """A link with how often it was opened, and when last."""

    share: SharedCopy
    openings: int
    last: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it opens the copy today."""
        return self.share.ended_at is None and self.share.ends_on >= clock.today()


@dataclass(slots=True)
class Listed:
    """A copy with whether it is the latest, and its links, the newest first."""

    copy: LogBookCopy
    latest: bool
    shared: list[Shared] = field(default_factory=list)


def listed(enrolment: Enrolment) -> list[Listed]:
    """The copies of a log book, the newest first; three queries."""
    head = head_of(enrolment.book)
    copies = LogBookCopy.objects.filter(enrolment=enrolment).order_by("-entry__seq")
    found = {row.pk: Listed(row, head is not None and row.head_seq == head.seq) for row in copies}
    shares = (
        SharedCopy.objects.filter(copy__enrolment=enrolment)
        .annotate(number=Count("openings"), last=Max("openings__opened_at"))
        .order_by("-created_at", "-pk")
    )
    for share in shares:
        found[share.copy_id].shared.append(Shared(share, share.number, share.last))
    return list(found.values())


def issued(key: str) -> Issued | None:
    """What a stranger who holds a copy learns of it by its code, or by the SHA-256 of one of its files."""
    found = (
        LogBookCopy.objects.filter(
            Q(code=key) | Q(pdf_digest=key) | Q(json_digest=key) | Q(csv_digest=key)
        )
        .select_related("enrolment__book")
        .first()
    )
    if found is None:
        return None
    head = head_of(found.enrolment.book)
    latest = head is not None and head.seq == found.head_seq
    return Issued(
        digests=frozenset((found.pdf_digest, found.json_digest, found.csv_digest)),
        holds=latest,
        title="Issued by the School, and the latest"
        if latest
        else "Issued by the School, and not the latest",
        words="Nothing was recorded since that would change what this copy says."
        if latest
        else "Something was recorded since. Ask whoever gave it to you for a newer one.",
    )
