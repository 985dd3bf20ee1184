"""The one way to write facts: a pen holds locked record books and appends to them."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, OuterRef, QuerySet, Subquery

from school.core import canonical, days, engine, hearing
from school.core.compiled import compiled
from school.core.errors import Conflict, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.models import Book, ConflictingWrite, Fact, LedgerEntry, PrivateText

# What every payload begins with, before the columns that its kind names.
HEADER = (
    "entry__kind",
    "entry__kind_version",
    "entry__book__uuid",
    "entry__seq",
    "entry__uuid",
    "entry__actor",
    "entry__about_from",
    "entry__about_to",
    "entry__recorded_at",
    "entry__known_from",
    "entry__imported",
)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A fact about to be written.

    `texts` are private texts by name; each fills the fact's `<name>_hash` column. `known_from` is
    only for imports: the day the source says it was recorded. Raises DomainError for a text with an NHS
    number: no act of any kind keeps one, whatever its page let through.
    """

    fact: Fact
    book: Book
    about_from: date
    about_to: date | None = None
    uuid: UUID = field(default_factory=uuid4)
    texts: Mapping[str, str] = field(default_factory=dict)
    known_from: date | None = None

    def __post_init__(self) -> None:
        for name, words in self.texts.items():
            rule_no_nhs_number(words, field=name)


@dataclass(slots=True)
class _Head:
    seq: int
    hash: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Written:
    pk: int
    uuid: UUID
    kind: str
    actor: UUID


class ContentConflict(Conflict):
    """The same actor sent the same UUID with other content."""

    def __init__(self, draft: Draft, actor: UUID) -> None:
        kept = "is not kept" if draft.fact.CONFIDENTIAL else "is kept for the School to look at"
        super().__init__(
            "This was sent before with other content. What was saved first stands; "
            f"what you sent now {kept}."
        )
        self.draft = draft
        self.actor = actor


class Pen:
    """Writes to the books it holds locked, inside one transaction."""

    def __init__(self, books: Sequence[Book], answering: Sequence[UUID] = ()) -> None:
        self._books = {book.pk: book for book in books}
        self._heads, self._written = _locked(list(self._books), answering)

    def answered(self, drafts: Sequence[Draft], *, by: UUID) -> dict[UUID, Fact]:
        """The facts that were written before under the drafts' UUIDs, by UUID.

        Looks among the UUIDs that the pen was opened with. Raises ContentConflict when one was written with other content, and NotAllowed when the
        UUID is another actor's.
        """
        found: dict[UUID, Fact] = {}
        for draft in drafts:
            entry = self._written.get(draft.uuid)
            if entry is None:
                continue
            if entry.actor != by:
                raise NotAllowed("This cannot be saved.")
            if entry.kind != draft.fact.KIND:
                raise ContentConflict(draft, by)
            fact = type(draft.fact)._default_manager.get(pk=entry.pk)
            if not _same_content(fact, draft):
                raise ContentConflict(draft, by)
            found[entry.uuid] = fact
        return found

    def last(self, book: Book) -> int:
        """The number of the last entry of a book that the pen holds; 0 where there is none."""
        return self._heads[book.pk].seq

    def append(self, drafts: Sequence[Draft], *, by: UUID) -> list[Fact]:
        """Writes the drafts in their order; as many statements for a thousand as for one of each kind.

        Raises ValueError for a book that the pen does not hold or a `known_from` after today.
        """
        if not drafts:
            return []
        ids, now = engine.take_ids(connection, LedgerEntry._meta.db_table, len(drafts))
        latest = [head.recorded_at for head in self._heads.values() if head.recorded_at]
        recorded_at = max([now, *latest])
        today = days.london_day(recorded_at)
        entries: list[LedgerEntry] = []
        texts: list[PrivateText] = []
        for pk, draft in zip(ids, drafts, strict=True):
            if draft.book.pk not in self._books:
                raise ValueError(f"{draft.book} is not locked by this pen.")
            if draft.known_from is not None and draft.known_from > today:
                raise ValueError(
                    f"{draft.known_from} is after today: nothing is known from the future."
                )
            head = self._heads[draft.book.pk]
            entry = LedgerEntry(
                pk=pk,
                uuid=draft.uuid,
                book=draft.book,
                seq=head.seq + 1,
                kind=draft.fact.KIND,
                kind_version=draft.fact.version(),
                actor=by,
                about_from=draft.about_from,
                about_to=draft.about_to,
                recorded_at=recorded_at,
                known_from=draft.known_from or today,
                imported=draft.known_from is not None,
                prev_hash=head.hash,
            )
            draft.fact.entry = entry
            _point_to_new(draft.fact)
            texts.extend(_seal(draft, entry))
            entry.payload = canonical.text(_values(draft.fact))
            entry.hash = canonical.chained(entry.prev_hash, entry.payload)
            self._heads[draft.book.pk] = _Head(entry.seq, entry.hash, recorded_at)
            entries.append(entry)
        engine.insert(connection, entries)
        for model in dict.fromkeys(type(draft.fact) for draft in drafts):
            engine.insert(connection, [d.fact for d in drafts if type(d.fact) is model])
        engine.insert(connection, texts)
        hearing.announce((draft.fact.KIND, draft.uuid) for draft in drafts)
        return [draft.fact for draft in drafts]


@contextmanager
def writing(*books: Book, answering: Sequence[UUID] = ()) -> Iterator[Pen]:
    """One transaction with the books locked in ascending key order; yields the pen that writes to them.

    `answering` are the client-made UUIDs that a retried request may bring again. A write refused because its UUID was used with other content is kept after the roll-back, unless it is confidential.
    """
    try:
        with transaction.atomic():
            yield Pen(books, answering)
    except ContentConflict as conflict:
        if not conflict.draft.fact.CONFIDENTIAL:
            _keep_for_a_look(conflict)
        raise


def _keep_for_a_look(conflict: ContentConflict) -> None:
    draft = conflict.draft
    ConflictingWrite.objects.create(
        uuid=draft.uuid,
        actor=conflict.actor,
        kind=draft.fact.KIND,
        content={
            "about_from": canonical.plain(draft.about_from),
            "about_to": canonical.plain(draft.about_to),
            "columns": {
                path: canonical.plain(_reach(draft.fact, path))
                for path in draft.fact.PAYLOAD[draft.fact.version()]
                if not path.endswith("_hash")
            },
            "texts": dict(draft.texts),
        },
    )


def private_text(fact: Fact, name: str) -> str:
    """A private text of a fact, or the empty string when there is none or it was erased."""
    row = PrivateText.objects.filter(entry_id=fact.pk, name=name).first()
    return row.text if row else ""


def private_texts(facts: Sequence[Fact], name: str) -> dict[int, str]:
    """The private texts called `name` of many facts, by the facts' primary keys, in one query."""
    rows = PrivateText.objects.filter(entry_id__in=[fact.pk for fact in facts], name=name)
    return dict(rows.values_list("entry_id", "text"))


@cache
def confidential_kinds() -> list[str]:
    """The kinds of facts that only their own few readers learn of."""
    facts = [model for model in apps.get_models() if issubclass(model, Fact)]
    return sorted(model.KIND for model in facts if model.CONFIDENTIAL)


def watermark() -> int:
    """The highest ledger id, once every append under way has ended; holds new ones until the transaction does.

    Whoever waits for a long append makes all that come after wait as well: see `watermark_at_once`.
    """
    engine.wait_for_writers(connection)
    return _highest()


def watermark_at_once() -> int | None:
    """The same where no append is under way; none where one is, without waiting for it."""
    return _highest() if engine.is_quiet(connection) else None


def _highest() -> int:
    return LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _locked(
    books: Sequence[int], uuids: Sequence[UUID]
) -> tuple[dict[int, _Head], dict[UUID, _Written]]:
    """Locks the books; the last entry of each, and the entries that exist under the UUIDs, in one query."""
    before = engine.locking(connection, Book._meta.db_table, books)
    # Where there is no book nothing is locked, but for whoever pins the ledger: no book has the key 0.
    ids = list(books) or [0]
    rows = (
        _last_and_written(books=ids, uuids=list(uuids), before=before)
        if uuids
        else _last(books=ids, before=before)
    )
    wanted = set(uuids)
    heads_by_book = {pk: _Head(0, canonical.GENESIS, None) for pk in books}
    written = {}
    for pk, uuid, book, seq, kind, actor, last_hash, recorded_at in rows:
        if uuid in wanted:
            written[uuid] = _Written(pk, uuid, kind, actor)
        if book in heads_by_book and seq > heads_by_book[book].seq:
            heads_by_book[book] = _Head(seq, last_hash, recorded_at)
    return heads_by_book, written


def last_in(book: str) -> Subquery:
    """The number of the last entry of the book at a path, read with the row that it belongs to: `Pen.last` says whether it still is."""
    rows = LedgerEntry.objects.filter(book=OuterRef(book)).order_by("-seq")
    return Subquery(rows.values("seq")[:1])


_READ = ("pk", "uuid", "book", "seq", "kind", "actor", "hash", "recorded_at")


@compiled
def _last(books: Any) -> QuerySet[LedgerEntry, tuple[Any, ...]]:
    """The last entry of each book."""
    return _last_of(books).values_list(*_READ)


@compiled
def _last_and_written(books: Any, uuids: Any) -> QuerySet[LedgerEntry, tuple[Any, ...]]:
    """The same with the entries under the UUIDs: a union and not an OR, which PostgreSQL would answer by reading the whole ledger."""
    written = LedgerEntry.objects.filter(uuid__in=uuids)
    return _last_of(books).values_list(*_READ).union(written.values_list(*_READ), all=True)


def _last_of(books: Any) -> QuerySet[LedgerEntry]:
    newest = LedgerEntry.objects.filter(book=OuterRef("pk")).order_by("-seq").values("pk")[:1]
    rows = Book.objects.filter(pk__in=books).values(newest=Subquery(newest))
    return LedgerEntry.objects.filter(pk__in=rows)


def _seal(draft: Draft, entry: LedgerEntry) -> list[PrivateText]:
    rows = []
    for name, words in draft.texts.items():
        if f"{name}_hash" not in draft.fact.PAYLOAD[draft.fact.version()]:
            raise ValueError(f"{draft.fact.KIND} has no private text called {name}.")
        if words:
            salt = secrets.token_bytes(16)
            setattr(draft.fact, f"{name}_hash", canonical.sealed(salt, words))
            rows.append(PrivateText(entry=entry, name=name, salt=salt, text=words))
    return rows


def _point_to_new(fact: Fact) -> None:
    """Fills the keys of facts of the same append, which had none when `fact` was made to refer to them."""
    for column in fact._meta.local_concrete_fields:
        if (
            isinstance(column, ForeignKey)
            and getattr(fact, column.attname) is None
            and column.is_cached(fact)
        ):
            setattr(fact, column.name, getattr(fact, column.name))


def _reach(fact: Fact, path: str) -> Any:
    value: Any = fact
    for name in path.split("__"):
        value = getattr(value, name)
        if value is None:
            return None
    return value


def _values(fact: Fact) -> list[Any]:
    return [_reach(fact, path) for path in (*HEADER, *fact.PAYLOAD[fact.version()])]


def _same_content(fact: Fact, draft: Draft) -> bool:
    entry = fact.entry
    if (entry.book_id, entry.about_from, entry.about_to) != (
        draft.book.pk,
        draft.about_from,
        draft.about_to,
    ):
        return False
    if (entry.known_from if entry.imported else None) != draft.known_from:
        return False
    kept = {row.name: row for row in fact.entry.private_texts.all()}
    for path in fact.PAYLOAD[fact.version()]:
        if path in fact.NOT_CONTENT:
            continue
        if path.endswith("_hash"):
            words = draft.texts.get(path.removesuffix("_hash"), "")
            row = kept.get(path.removesuffix("_hash"))
            if (row.text if row else "") != words and not (row is None and getattr(fact, path)):
                return False
        elif canonical.plain(_reach(fact, path)) != canonical.plain(_reach(draft.fact, path)):
            return False
    return True
