"""Locks, new ids, the database's clock, and writing many rows in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from school.core.engine.vendor import is_postgresql

# One advisory lock: appenders hold it shared, whoever pins "everything up to here" takes it alone.
LEDGER_LOCK = 0x5CADD
# Another: who notices what people did.
NOTICING_LOCK = 0x5CADE
BRINGING_LOCK = 0x5CADF


def locking(
    connection: BaseDatabaseWrapper, table: str, ids: Sequence[int]
) -> tuple[str, list[Any]] | None:
    """The statements, and their values, that lock the book rows in ascending order until the transaction ends.

    They are run before what is read behind the lock, in one exchange: each statement sees what was committed before
    it began. None on SQLite, whose IMMEDIATE transaction is already the only writer.
    """
    if not is_postgresql(connection):
        return None
    # First the lock that whoever pins the ledger takes alone, then the rows: a writer that
    # waits for the pin holds no book that the pin's own transaction may want to append to.
    return (
        f"SELECT pg_advisory_xact_lock_shared({LEDGER_LOCK}); "
        f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [sorted(ids)],
    )


def wait_for_writers(connection: BaseDatabaseWrapper) -> None:
    """Returns once no append is half done, and holds new ones up until the transaction ends."""
    if is_postgresql(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock({LEDGER_LOCK})")


def alone(connection: BaseDatabaseWrapper, lock: int) -> None:
    """Returns once nobody else holds an advisory lock, and holds it until the transaction ends.

    On SQLite an IMMEDIATE transaction is alone already.
    """
    if is_postgresql(connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def is_quiet(connection: BaseDatabaseWrapper) -> bool:
    """Whether no append is half done; if so, holds new ones up until the transaction ends. It never waits."""
    if not is_postgresql(connection):
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LEDGER_LOCK})")
        return bool(cursor.fetchone()[0])


def take_ids(connection: BaseDatabaseWrapper, table: str, count: int) -> tuple[list[int], datetime]:
    """`count` unused ascending ids of a table, and the database's clock (aware, UTC), in one statement."""
    with connection.cursor() as cursor:
        if is_postgresql(connection):
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')), clock_timestamp() "
                "FROM generate_series(1, %s)",
                [table, count],
            )
            rows = cursor.fetchall()
            return sorted(row[0] for row in rows), rows[0][1].astimezone(UTC)
        # SQLite has one writer, and AUTOINCREMENT's own table follows the ids that are written.
        cursor.execute(
            f"SELECT COALESCE(MAX(id), 0) + 1, strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now') FROM {table}",
            [],
        )
        first, now = cursor.fetchone()
    return list(range(first, first + count)), datetime.fromisoformat(now).replace(tzinfo=UTC)


def insert(connection: BaseDatabaseWrapper, rows: Sequence[models.Model]) -> None:
    """Inserts rows of one model: one statement, however many rows. A key that is left to the database stays unknown."""
    if not rows:
        return
    model = type(rows[0])
    if is_postgresql(connection):
        model._base_manager.bulk_create(rows)
        return
    # Django cuts a bulk insert into pieces of 999 variables; executemany does not.
    fields = model._meta.local_concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join("%s" for _ in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})",
            list(zip(*prepared(connection, rows, fields), strict=True)),
        )
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def pour(
    connection: BaseDatabaseWrapper,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Writes any number of rows of plain values (days, UUIDs, numbers, text) as they come: PostgreSQL's COPY.

    Several times as quick as `insert` and without its models; a key that is left out is left to the database.
    """
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if is_postgresql(connection):
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("%s" for _ in columns)
        sql = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"
        cursor.executemany(sql, [tuple(map(_plain, row)) for row in rows])


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


def update(
    connection: BaseDatabaseWrapper, rows: Sequence[models.Model], fields: Sequence[str]
) -> None:
    """Writes some columns (attribute names) of rows of one model: one statement, however many rows."""
    if not rows:
        return
    meta = type(rows[0])._meta
    by_name = {field.attname: field for field in meta.local_concrete_fields}
    chosen = [by_name[name] for name in fields]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in chosen)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(str(meta.pk.column))} = %s",
            list(zip(*prepared(connection, rows, [*chosen, meta.pk]), strict=True)),
        )


def prepared(
    connection: BaseDatabaseWrapper,
    rows: Sequence[models.Model],
    fields: Sequence[models.Field[Any, Any]],
) -> Iterator[list[Any]]:
    """What the driver takes for some fields of rows, a list for each field.

    Column by column, so that what a field does with its values is looked up once.
    """
    # Not the proxy of this thread's connection, which looks it up for every value.
    own = connections[connection.alias]
    for field in fields:
        made = field.get_db_prep_save
        found = [getattr(row, field.attname) for row in rows]
        yield [None if value is None else made(value, connection=own) for value in found]
