"""Rows and facts made ready before the transaction that writes them, so that a large import locks others out briefly.

SQLite has one writer at a time. What can be done before the transaction (converting values, sealing
private texts, making the canonical text of payloads) is done when these are made; `insert` and
`append` only fill in keys, chain hashes and hand the rows over.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from school.core import canonical, days, engine, hearing, ledger
from school.core.models import Book, Fact, LedgerEntry, PrivateText

_SEQ = ledger.HEADER.index("entry__seq")
_RECORDED = ledger.HEADER.index("entry__recorded_at")


# Rows whose objects are in memory at once while facts are made ready.
_AT_ONCE = 1_000


class _Table:
    """Rows of one model as the values of their columns; keys of related rows that are new are filled in late."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = model._meta.local_concrete_fields
        self.names = [str(field.attname) for field in self.fields]
        self.values: list[list[Any]] = []
        self._late: list[tuple[int, int, models.Model]] = []

    def add(self, rows: Sequence[models.Model]) -> None:
        """Adds rows; the objects need not be kept."""
        first = len(self.values)
        self.values += _values(rows, self.fields)
        for place, field in enumerate(self.fields):
            if not field.is_relation:
                continue
            for number, row in enumerate(rows, start=first):
                if self.values[number][place] is None and field.is_cached(row):  # type: ignore[attr-defined]
                    related = getattr(row, field.name)
                    if related is not None:
                        self._late.append((number, place, related))

    def fill(self, name: str, values: Sequence[Any]) -> None:
        """Gives one column its values."""
        place = self.names.index(name)
        self._late = [late for late in self._late if late[1] != place]
        for row, value in zip(self.values, values, strict=True):
            row[place] = value

    def insert(self) -> None:
        """Writes the rows."""
        for number, place, related in self._late:
            self.values[number][place] = related.pk
        _insert(self.model, [str(field.column) for field in self.fields], self.values)


class Rows:
    """New rows of one model, with the first line of their history when the model keeps one."""

    def __init__(self, rows: Sequence[models.Model], user: Any = None) -> None:
        self._rows = rows
        self._user = user
        self._table = _Table(type(rows[0])) if rows else None
        if self._table is not None:
            self._table.add(rows)

    def insert(self) -> None:
        """Writes the rows and gives them their keys."""
        table = self._table
        if table is None:
            return
        ids, _ = engine.take_ids(connection, table.model._meta.db_table, len(self._rows))
        table.fill("id", ids)
        table.insert()
        relations = [field.name for field in table.fields if field.is_relation]
        for row, pk in zip(self._rows, ids, strict=True):
            row.pk = pk
            row._state.adding = False
            row._state.db = connection.alias
            for name in relations:
                # Setting a relation again brings along the key that it has by now.
                setattr(row, name, getattr(row, name))
        if hasattr(table.model, "history"):
            self._insert_history(table)
        self._table = None

    def _insert_history(self, table: _Table) -> None:
        history: Any = table.model.history.model  # type: ignore[attr-defined]
        tracked = {field.attname for field in history.tracked_fields}
        places = [place for place, name in enumerate(table.names) if name in tracked]
        own = [
            field
            for field in history._meta.local_concrete_fields
            if field.attname not in tracked and not field.primary_key
        ]
        note = history(history_date=timezone.now(), history_type="+", history_user=self._user)
        same = _values([note], own)[0]
        columns = [
            str(field.column) for field in (*(table.fields[place] for place in places), *own)
        ]
        for start in range(0, len(table.values), _AT_ONCE):
            some = table.values[start : start + _AT_ONCE]
            _insert(history, columns, [[*(row[place] for place in places), *same] for row in some])


class Facts:
    """Facts of one kind, each with the day its source knew it from, ready to be appended to their books.

    The books, and rows that the facts refer to, may be new ones that `Rows` writes first. Drafts are
    taken as they are needed and not kept. Raises ValueError for one that does not say from when it is known.
    """

    def __init__(self, kind: type[Fact], drafts: Iterable[ledger.Draft], *, by: UUID) -> None:
        self._kind = kind
        self._uuids: list[UUID] = []
        self._books: list[Book] = []
        self._text_of: list[int] = []
        self._payloads: list[tuple[str, str, str]] = []
        self._latest = date.min
        self._entries = _Table(LedgerEntry)
        self._facts = _Table(kind)
        self._texts = _Table(PrivateText)
        drafts = iter(drafts)
        while some := list(islice(drafts, _AT_ONCE)):
            self._make_ready(some, by)

    def _make_ready(self, drafts: Sequence[ledger.Draft], by: UUID) -> None:
        entries, texts = [], []
        for draft in drafts:
            known_from = _known_from(draft)
            self._latest = max(self._latest, known_from)
            entry = _entry(draft, known_from, by)
            draft.fact.entry = entry
            sealed = ledger._seal(draft, entry)
            texts += sealed
            self._text_of += [len(self._uuids)] * len(sealed)
            plain = ledger._values(draft.fact)
            self._payloads.append(
                (
                    canonical.text(plain[:_SEQ])[:-1] + ",",
                    "," + canonical.text(plain[_SEQ + 1 : _RECORDED])[1:-1] + ",",
                    "," + canonical.text(plain[_RECORDED + 1 :])[1:],
                )
            )
            entries.append(entry)
            self._uuids.append(draft.uuid)
            self._books.append(draft.book)
        self._entries.add(entries)
        self._facts.add([draft.fact for draft in drafts])
        self._texts.add(texts)

    def append(self) -> None:
        """Writes the facts inside the caller's transaction.

        Raises ValueError when one is known from a day to come.
        """
        if not self._uuids:
            return
        heads = ledger.Pen(list({book.pk: book for book in self._books}.values()))._heads
        ids, now = engine.take_ids(connection, LedgerEntry._meta.db_table, len(self._uuids))
        recorded_at = max([now, *(head.recorded_at for head in heads.values() if head.recorded_at)])
        if self._latest > days.london_day(recorded_at):
            raise ValueError(f"{self._latest} is after today: nothing is known from the future.")
        self._chain(heads, recorded_at)
        self._entries.fill("id", ids)
        self._entries.insert()
        self._facts.fill("entry_id", ids)
        self._facts.insert()
        if self._text_of:
            keys, _ = engine.take_ids(connection, PrivateText._meta.db_table, len(self._text_of))
            self._texts.fill("id", keys)
            self._texts.fill("entry_id", [ids[number] for number in self._text_of])
            self._texts.insert()
        hearing.announce((self._kind.KIND, uuid) for uuid in self._uuids)

    def _chain(self, heads: dict[int, ledger._Head], recorded_at: datetime) -> None:
        """Gives each entry its place in its book, its whole payload and its hash."""
        recorded = canonical.text([recorded_at])[1:-1]
        # Each part goes when its payload is whole: the text of all of them is large.
        self._payloads.reverse()
        seqs, payloads, before, after = [], [], [], []
        for book in self._books:
            start, middle, end = self._payloads.pop()
            head = heads[book.pk]
            payload = f"{start}{head.seq + 1}{middle}{recorded}{end}"
            digest = canonical.chained(head.hash, payload)
            seqs.append(head.seq + 1)
            payloads.append(payload)
            before.append(head.hash)
            after.append(digest)
            heads[book.pk] = ledger._Head(head.seq + 1, digest, recorded_at)
        moment = connection.ops.adapt_datetimefield_value(recorded_at)
        self._entries.fill("seq", seqs)
        self._entries.fill("recorded_at", [moment] * len(seqs))
        self._entries.fill("payload", payloads)
        self._entries.fill("prev_hash", before)
        self._entries.fill("hash", after)


def _known_from(draft: ledger.Draft) -> date:
    if draft.known_from is None:
        raise ValueError("A prepared fact comes from a source that says when it knew it.")
    return draft.known_from


def _entry(draft: ledger.Draft, known_from: date, by: UUID) -> LedgerEntry:
    return LedgerEntry(
        uuid=draft.uuid,
        book=draft.book,
        kind=draft.fact.KIND,
        kind_version=draft.fact.version(),
        actor=by,
        about_from=draft.about_from,
        about_to=draft.about_to,
        known_from=known_from,
        imported=True,
    )


def _values(rows: Sequence[models.Model], fields: Sequence[models.Field[Any, Any]]) -> list[list[Any]]:  # fmt: skip
    columns = engine.prepared(connection, rows, fields)
    return [list(values) for values in zip(*columns, strict=True)]


def _insert(model: type[models.Model], columns: Sequence[str], values: Sequence[list[Any]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    marks = ", ".join("%s" for _ in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})", values
        )
