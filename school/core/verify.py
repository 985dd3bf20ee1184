"""Re-hashes the ledger, walks every book, and compares payloads with the columns that pages read."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from school.core import canonical, engine
from school.core.checkpoint import Checkpoint
from school.core.ledger import HEADER
from school.core.models import Book, Erasure, Fact, LedgerEntry, PrivateText

ENTRY = LedgerEntry._meta.db_table
START = (0, canonical.GENESIS)


class _Claim(NamedTuple):
    """What a checkpoint says of a book."""

    seq: int
    hash: str


class Verification:
    """One reading of the whole ledger; `problems` does the work and the counts are right after it."""

    def __init__(self, connection: BaseDatabaseWrapper, against: Checkpoint | None = None) -> None:
        self.connection = connection
        self.against = against
        self.entries: Counter[str] = Counter()
        self.books = 0
        self.texts = 0
        self.erased = 0

    def problems(self) -> Iterator[str]:
        """Each thing that is wrong, in a sentence; all of it seen at one instant."""
        with engine.snapshot(self.connection):
            yield from self._chains()
            yield from self._columns()
            yield from self._texts()
            yield from self._digests()

    # Pass 1: every entry in the order of its id, remembering only each book's last.

    def _chains(self) -> Iterator[str]:
        names = {
            pk: UUID(str(key))
            for pk, key in self._stream(f"SELECT id, uuid FROM {Book._meta.db_table}")
        }
        self.books = len(names)
        claims = self._claims(names)
        pinned = self.against.watermark if self.against else 0
        heads: dict[int, tuple[int, str]] = {}
        kinds = self.entries
        digest = hashlib.sha256
        for pk, book, seq, kind, previous, stored, payload in self._stream(
            f"SELECT id, book_id, seq, kind, prev_hash, hash, payload FROM {ENTRY} ORDER BY id"
        ):
            last_seq, last_hash = heads.get(book, START)
            if seq != last_seq + 1:
                yield self._out_of_turn(pk, seq, last_seq)
            elif previous != last_hash:
                yield f"{self._entry(pk)} is not chained to the entry before it."
            if digest((previous + payload).encode()).hexdigest() != stored:
                yield f"{self._entry(pk)} does not hash to the hash that is stored with it."
            if book not in names:
                yield f"{self._entry(pk)} is in a book that does not exist."
            heads[book] = (seq, stored)
            kinds[kind] += 1
            if pk <= pinned:
                claim = claims.get(book, _Claim(*START))
                if seq > claim.seq:
                    yield f"{self._entry(pk)} was slipped in: the checkpoint does not know of it, though it is older."
                elif seq == claim.seq and stored != claim.hash:
                    yield f"{self._entry(pk)} is not what the checkpoint saw there: the book was re-hashed up to it."
        yield from self._lost(names, claims, heads)

    def _claims(self, names: dict[int, UUID]) -> dict[int, _Claim]:
        if self.against is None:
            return {}
        heads = {head.book: _Claim(head.seq, head.hash) for head in self.against.heads}
        return {pk: heads[key] for pk, key in names.items() if key in heads}

    def _lost(
        self,
        names: dict[int, UUID],
        claims: dict[int, _Claim],
        heads: dict[int, tuple[int, str]],
    ) -> Iterator[str]:
        if self.against is None:
            return
        present = set(names.values())
        for head in self.against.heads:
            if head.book not in present:
                yield f"Book {head.book} is lost: the checkpoint saw {head.seq} entries in it."
        for pk, claim in claims.items():
            seq, _ = heads.get(pk, START)
            if seq < claim.seq:
                yield (
                    f"Book {names[pk]} has lost its end: it stops at entry {seq}, "
                    f"and the checkpoint saw entry {claim.seq}."
                )
        highest = self._one(f"SELECT COALESCE(MAX(id), 0) FROM {ENTRY}")
        if highest < self.against.watermark:
            yield (
                f"The ledger ends at id {highest}, and the checkpoint saw id {self.against.watermark}."
            )

    def _out_of_turn(self, pk: int, seq: int, last: int) -> str:
        if seq == last + 2:
            return f"{self._entry(pk)} follows entry {last}: entry {last + 1} is missing before it."
        if seq > last:
            return (
                f"{self._entry(pk)} follows entry {last}: "
                f"entries {last + 1} to {seq - 1} are missing before it."
            )
        return f"{self._entry(pk)} follows entry {last}, so it is out of its order."

    # Pass 2: the database writes each payload anew from the columns and gives back what differs.

    def _columns(self) -> Iterator[str]:
        facts: Counter[str] = Counter()
        for model in fact_models():
            facts[model.KIND] = self._one(f"SELECT COUNT(*) FROM {self._quoted(model)}")
            for pk, entry, kind, version, payload, made in self._stream(
                differing_sql(self.connection, model)
            ):
                if entry is None:
                    facts[model.KIND] -= 1
                    yield f"The row of {model._meta.db_table} with the key {pk} has no ledger entry."
                elif kind != model.KIND:
                    facts[model.KIND] -= 1
                    yield f"{self._entry(entry)} has a row in {model._meta.db_table}, which is of another kind."
                elif made is None:
                    yield f"{self._entry(entry)} says it is of version {version}, which its kind does not know."
                else:
                    yield f"{self._entry(entry)} {_difference(model, version, payload, made)}"
        if facts != self.entries:
            yield from self._without_fact()

    def _without_fact(self) -> Iterator[str]:
        whens = "".join(
            f" WHEN '{model.KIND}' THEN CASE WHEN EXISTS (SELECT 1 FROM {self._quoted(model)} f "
            "WHERE f.entry_id = e.id) THEN 0 ELSE 1 END"
            for model in fact_models()
        )
        known = {model.KIND for model in fact_models()}
        for pk, kind in self._stream(
            f"SELECT e.id, e.kind FROM {ENTRY} e WHERE CASE e.kind{whens} ELSE 1 END = 1 ORDER BY e.id"
        ):
            what = "has lost its fact row" if kind in known else "is of a kind that does not exist"
            yield f"{self._entry(pk)} {what}."

    # Pass 3: private texts.

    def _texts(self) -> Iterator[str]:
        texts, erasures = PrivateText._meta.db_table, Erasure._meta.db_table
        pairs = []
        for model in fact_models():
            for name in text_names(model):
                pairs.append(f"('{model.KIND}', '{name}')")
                for pk, sealed, salt, words, erased in self._stream(
                    f"SELECT f.entry_id, f.{name}_hash, p.salt, p.text, "
                    f"EXISTS (SELECT 1 FROM {erasures} x WHERE x.erased_id = f.entry_id) "
                    f"FROM {self._quoted(model)} f LEFT JOIN {texts} p "
                    f"ON p.entry_id = f.entry_id AND p.name = '{name}' "
                    f"WHERE f.{name}_hash <> '' OR p.id IS NOT NULL"
                ):
                    if words is None:
                        self.erased += bool(erased)
                        if not erased:
                            yield f"{self._entry(pk)} has lost its private text “{name}” without an erasure."
                        continue
                    self.texts += 1
                    if erased:
                        yield f"{self._entry(pk)} still has its private text “{name}”, which was erased."
                    if canonical.sealed(bytes(salt), words) != sealed:
                        yield f"{self._entry(pk)} was sealed with another private text “{name}” than it has now."
        known = f"(e.kind, p.name) NOT IN (VALUES {', '.join(pairs)})" if pairs else "1 = 1"
        for pk, name in self._stream(
            f"SELECT p.entry_id, p.name FROM {texts} p LEFT JOIN {ENTRY} e ON e.id = p.entry_id "
            f"WHERE e.id IS NULL OR {known}"
        ):
            yield f"{self._entry(pk)} has a private text “{name}” that its kind does not have."

    # Pass 4: rows that facts seal by a digest of what they hold.

    def _digests(self) -> Iterator[str]:
        quote = self.connection.ops.quote_name
        for model in engine.append_only_models():
            meta = model._meta
            names: tuple[str, ...] = getattr(model, "DIGEST_OF", ())
            if not names:
                continue
            fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in names)]
            columns = [quote(field.column) for field in fields]
            for pk, digest, words in self._stream(
                f"SELECT {', '.join(columns)} FROM {self._quoted(model)}"
            ):
                if canonical.sealed(b"", words) != digest:
                    yield (
                        f"The row of {meta.db_table} with the key {pk} holds other words than those "
                        f"that were sealed: they do not hash to its digest {digest}."
                    )

    # Small helpers.

    def _stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        return engine.stream(self.connection, sql)

    def _one(self, sql: str) -> int:
        return next(self._stream(sql))[0]

    def _quoted(self, model: type[models.Model]) -> str:
        return self.connection.ops.quote_name(model._meta.db_table)

    def _entry(self, pk: int) -> str:
        row = next(
            self._stream(
                f"SELECT b.uuid, e.seq, e.kind, e.uuid, e.book_id FROM {ENTRY} e "
                f"LEFT JOIN {Book._meta.db_table} b ON b.id = e.book_id WHERE e.id = {int(pk)}"
            ),
            None,
        )
        if row is None:
            return f"Entry with the key {pk}, which does not exist,"
        book, seq, kind, key, book_pk = row
        name = UUID(str(book)) if book else f"with the key {book_pk}"
        return f"Book {name}, entry {seq} ({kind} {UUID(str(key))})"


def fact_models() -> list[type[Fact]]:
    """Every kind of fact that the installed apps know."""
    return [model for model in apps.get_models() if issubclass(model, Fact)]


def text_names(model: type[Fact]) -> list[str]:
    """The private texts that a kind of fact may have: those whose hashes its columns hold."""
    paths = dict.fromkeys(path for paths in model.PAYLOAD.values() for path in paths)
    return [path.removesuffix("_hash") for path in paths if path.endswith("_hash")]


def differing_sql(connection: BaseDatabaseWrapper, model: type[Fact]) -> str:
    """SQL for the rows of a kind that have no entry, one of another kind, or a payload that the columns do not give.

    Its columns: the row's key, the entry's key, kind, version and payload, and the payload as the
    columns give it (null for an unknown version). Outer joins, so that a row whose person or site
    is gone is found and not left out; and the planner begins with the facts, which is the cheap end.
    """
    joins = _Joins(connection, model)
    entry = joins.alias(("entry",))
    whens = " ".join(
        f"WHEN {version} THEN {_array_sql(joins, model, version)}" for version in model.PAYLOAD
    )
    made = f"CASE {entry}.kind_version {whens} END"
    return (
        f"SELECT f.entry_id, {entry}.id, {entry}.kind, {entry}.kind_version, {entry}.payload, {made} "
        f"FROM {connection.ops.quote_name(model._meta.db_table)} f {joins.sql()} "
        f"WHERE {entry}.id IS NULL OR {entry}.kind <> '{model.KIND}' "
        f"OR COALESCE({entry}.payload <> {made}, TRUE)"
    )


def _array_sql(joins: "_Joins", model: type[Fact], version: int) -> str:
    # The kind and the version were compared already, so they stand there as they are.
    parts = [f"'[\"{model.KIND}\",{version}'"]
    for path in (*HEADER[2:], *model.PAYLOAD[version]):
        column, field = joins.column(path)
        parts.append(engine.canonical_sql(joins.connection, column, field))
    return "(" + " || ',' || ".join(parts) + " || ']')"


class _Joins:
    """The outer joins that reach the columns of a fact's payload, each table once a path."""

    def __init__(self, connection: BaseDatabaseWrapper, model: type[Fact]) -> None:
        self.connection = connection
        self._aliases: dict[tuple[str, ...], tuple[str, type[models.Model]]] = {(): ("f", model)}
        self._sql: list[str] = []

    def sql(self) -> str:
        return " ".join(self._sql)

    def alias(self, relations: tuple[str, ...]) -> str:
        return self._reach(relations)[0]

    def column(self, path: str) -> tuple[str, models.Field[Any, Any]]:
        *relations, name = path.split("__")
        alias, model = self._reach(tuple(relations))
        field: Any = model._meta.get_field(name)
        return f"{alias}.{self.connection.ops.quote_name(field.column)}", field

    def _reach(self, relations: tuple[str, ...]) -> tuple[str, type[models.Model]]:
        if relations[-1:] == ("entry",) and len(relations) > 1:
            return self._entry_of(relations[:-1])
        if relations not in self._aliases:
            *earlier, last = relations
            before, model = self._reach(tuple(earlier))
            field: Any = model._meta.get_field(last)
            target = field.remote_field.model
            self._join(relations, target, field.target_field.column, before, field.column)
        return self._aliases[relations]

    def _entry_of(self, relations: tuple[str, ...]) -> tuple[str, type[models.Model]]:
        """Another fact's entry has that fact's key, so the fact's own table is passed over."""
        key = (*relations, "entry")
        if key not in self._aliases:
            before, model = self._reach(relations[:-1])
            field: Any = model._meta.get_field(relations[-1])
            self._join(key, LedgerEntry, "id", before, field.column)
        return self._aliases[key]

    def _join(
        self,
        key: tuple[str, ...],
        target: type[models.Model],
        column: str,
        before: str,
        source: str,
    ) -> None:
        alias, quote = f"t{len(self._aliases)}", self.connection.ops.quote_name
        self._sql.append(
            f"LEFT JOIN {quote(target._meta.db_table)} {alias} "
            f"ON {alias}.{quote(column)} = {before}.{quote(source)}"
        )
        self._aliases[key] = (alias, target)


def _difference(model: type[Fact], version: int, payload: str, made: str) -> str:
    """What a sealed payload says otherwise than the columns."""
    try:
        sealed, columns = json.loads(payload), json.loads(made, strict=False)
    except ValueError:
        return "has a payload that is no JSON."
    paths = [*HEADER, *model.PAYLOAD[version]]
    if not isinstance(sealed, list) or len(sealed) != len(paths):
        return "has a payload of another length than its kind has."
    differing = [
        f"{path.removeprefix('entry__').replace('__', ' ')} was {json.dumps(was, ensure_ascii=False)} "
        f"when it was sealed and is {json.dumps(now, ensure_ascii=False)} now"
        for path, was, now in zip(paths, sealed, columns, strict=True)
        if was != now or type(was) is not type(now)
    ]
    if not differing:
        return "has a payload that is not written in its canonical form."
    return f"differs from its columns: {'; '.join(differing)}."
