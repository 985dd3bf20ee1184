"""What record books say: their entries as they were known at the end of a day, read from the ledger itself.

The payload of an entry is what was sealed, so that a figure asked for twice of two past days is the same
to the digit, and one query reads everything that a book holds of some kinds.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Q

from placements import meetings
from placements.models import (
    Adjustment,
    BroughtForward,
    DayNote,
    HoursStatement,
    Induction,
    Interruption,
    Meeting,
    MeetingSignature,
    PlacementStep,
    QueryReply,
    Shift,
    ShiftDecision,
    Supervision,
)
from school.core.ledger import HEADER
from school.core.models import Fact, LedgerEntry

# What hours are made of.
HOURS: tuple[type[Fact], ...] = (Shift, ShiftDecision, QueryReply, DayNote, BroughtForward, Adjustment)  # fmt: skip
MEETINGS: tuple[type[Fact], ...] = (Meeting, MeetingSignature, Induction)
# Never those that are confidential, nor what a student thinks of a placement.
WHOLE: tuple[type[Fact], ...] = (*HOURS, *MEETINGS, PlacementStep, Supervision, Interruption, HoursStatement)  # fmt: skip

_COLUMNS = ("pk", "uuid", "book_id", "seq", "kind", "kind_version", "actor", "about_from", "about_to", "recorded_at", "known_from", "imported", "hash", "payload")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as its book holds it; `value` has the columns of its kind by their paths."""

    pk: int
    uuid: str
    seq: int
    kind: str
    actor: str
    about_from: date
    about_to: date | None
    recorded_at: datetime
    known_from: date
    imported: bool
    hash: str
    value: dict[str, Any]

    @property
    def over(self) -> date:
        """The last day that the fact is about."""
        return self.about_to or self.about_from


@dataclass(frozen=True, slots=True)
class Book:
    """The entries of one record book, by kind and in their order."""

    entries: dict[str, list[Entry]]

    def all(self, fact: type[Fact]) -> list[Entry]:
        """Every entry of a kind."""
        return self.entries.get(fact.KIND, [])

    def standing(self, fact: type[Fact]) -> list[Entry]:
        """The entries of a kind that no later one supersedes."""
        rows = self.all(fact)
        later = {row.value["supersedes__entry__uuid"] for row in rows}
        return [row for row in rows if row.uuid not in later]

    def until(self, seq: int) -> "Book":
        """The book as it was when one of its entries was its newest."""
        return Book(
            {kind: [row for row in rows if row.seq <= seq] for kind, rows in self.entries.items()}
        )

    def signatures(self, meeting: Entry) -> list[Entry]:
        """The signatures under one version of a meeting's record."""
        return [
            row
            for row in self.all(MeetingSignature)
            if row.value["meeting__entry__uuid"] == meeting.uuid
        ]

    def in_force(self, meeting: Entry) -> Entry:
        """The newest version up to this one that every side has signed; this one where there is none."""
        earlier = {row.uuid: row for row in self.all(Meeting)}
        one: Entry | None = meeting
        while one is not None:
            capacities = [row.value["capacity"] for row in self.signatures(one)]
            if not meetings.unsigned(one.value["meeting_kind"], capacities):
                return one
            one = earlier.get(one.value["supersedes__entry__uuid"])
        return meeting


def read(books: Iterable[int], facts: Collection[type[Fact]], known_on: date) -> dict[int, Book]:
    """The record books with some keys, each with its entries of some kinds, in one query."""
    kinds = {fact.KIND: fact for fact in facts}
    wanted = list(books)
    found: dict[int, Book] = {book: Book({}) for book in wanted}
    rows = LedgerEntry.objects.filter(
        Q(known_from__lte=known_on), book__in=wanted, kind__in=list(kinds)
    ).order_by("book_id", "seq")
    for (
        pk, uuid, book, seq, kind, version, actor, about_from, about_to, recorded_at, known_from, imported, digest, payload,
    ) in rows.values_list(*_COLUMNS).iterator():  # fmt: skip
        values = dict(
            zip(kinds[kind].PAYLOAD[version], json.loads(payload)[len(HEADER) :], strict=True)
        )
        entry = Entry(
            pk, str(uuid), seq, kind, str(actor), about_from, about_to, recorded_at, known_from, imported, digest, values,
        )  # fmt: skip
        found[book].entries.setdefault(kind, []).append(entry)
    return found


@cache
def instant(written: str) -> datetime:
    """An instant as a payload holds it."""
    return datetime.fromisoformat(written)
