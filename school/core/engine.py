"""Everything that SQLite and PostgreSQL say differently: triggers, locks, clocks, bulk inserts, canonical text."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models.sql import Query

# One advisory lock: appenders hold it shared, whoever pins "everything up to here" takes it alone.
LEDGER_LOCK = 0x5CADD


def is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Whether the connection is to PostgreSQL; the only other engine is SQLite."""
    return connection.vendor == "postgresql"


# Append-only tables -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guard:
    """An append-only table, what makes a row of it unique, and when a DELETE is lawful (SQL on OLD).

    A key is a group of columns and the condition, if any, under which the group is unique.
    """

    model: type[models.Model]
    table: str
    keys: tuple[tuple[tuple[str, ...], models.Q | None], ...]
    delete_when: str = ""


def guard_of(model: type[models.Model]) -> Guard:
    """The guard of an append-only model: its primary key and every unique field or constraint."""
    meta = model._meta
    keys: list[tuple[tuple[str, ...], models.Q | None]] = [
        ((str(field.column),), None) for field in meta.local_concrete_fields if field.unique
    ]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            columns = tuple(str(meta.get_field(name).column) for name in constraint.fields)  # type: ignore[union-attr]
            keys.append((columns, constraint.condition))
    return Guard(model, meta.db_table, tuple(keys), getattr(model, "DELETE_WHEN", ""))


def append_only_models() -> list[type[models.Model]]:
    """Every model whose rows are never changed: those that say APPEND_ONLY."""
    return [
        model
        for model in apps.get_models()
        if getattr(model, "APPEND_ONLY", False) and model._meta.managed
    ]


def _create_sql(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    table = connection.ops.quote_name(guard.table)
    lawful = f" WHEN (NOT ({guard.delete_when}))" if guard.delete_when else ""
    if is_postgresql(connection):
        return [
            "CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END $$",
            f"CREATE TRIGGER {guard.table}_no_update BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION core_refuse_change()",
            _postgresql_delete(guard, table),
            f"CREATE TRIGGER {guard.table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()",
        ]
    message = f"append-only: change of {guard.table} is refused"
    exists = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {_same_key(connection, guard, columns, condition)})"
        for columns, condition in guard.keys
    )
    return [
        f"CREATE TRIGGER {guard.table}_no_update BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f"CREATE TRIGGER {guard.table}_no_delete BEFORE DELETE ON {table}{lawful} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        # INSERT OR REPLACE fires no delete trigger, so a row that exists already is refused here.
        f"CREATE TRIGGER {guard.table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN {exists} "
        f"BEGIN SELECT RAISE(ABORT, '{message}: this row exists'); END",
    ]


def _same_key(
    connection: BaseDatabaseWrapper,
    guard: Guard,
    columns: tuple[str, ...],
    condition: models.Q | None,
) -> str:
    """SQLite's SQL for "this row has NEW's key", the condition being true of both."""
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    if condition is None:
        return same
    query = Query(model=guard.model, alias_cols=False)
    compiler = query.get_compiler(connection=connection)
    sql, params = query.build_where(condition).as_sql(compiler, connection)
    # Not entered as a context: SQLite's would refuse inside a transaction, and quoting needs none.
    editor = connection.schema_editor(collect_sql=True)
    holds = sql % tuple(editor.quote_value(value) for value in params)
    fields = guard.model._meta.local_concrete_fields
    new = ", ".join(f'NEW."{field.column}" AS "{field.column}"' for field in fields)
    return f"{same} AND {holds} AND EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {holds})"


def _postgresql_delete(guard: Guard, table: str) -> str:
    # PostgreSQL's WHEN allows no subquery, so a lawful delete is decided inside a function of its own.
    if not guard.delete_when:
        return (
            f"CREATE TRIGGER {guard.table}_no_delete BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION core_refuse_change()"
        )
    return (
        f"CREATE OR REPLACE FUNCTION {guard.table}_lawful_delete() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {guard.delete_when} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'append-only: DELETE on % is refused', TG_TABLE_NAME; END $$; "
        f"CREATE TRIGGER {guard.table}_no_delete BEFORE DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.table}_lawful_delete()"
    )


def _trigger_names(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    last = "no_truncate" if is_postgresql(connection) else "no_replace"
    return [f"{guard.table}_{name}" for name in ("no_update", "no_delete", last)]


def install(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Creates the triggers of one append-only table, first dropping what is left of older ones."""
    uninstall(connection, guard)
    with connection.cursor() as cursor:
        for statement in _create_sql(connection, guard):
            cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Drops the triggers of one append-only table."""
    table = connection.ops.quote_name(guard.table)
    with connection.cursor() as cursor:
        for name in _trigger_names(connection, guard):
            on_table = f" ON {table}" if is_postgresql(connection) else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The existing append-only tables that lack one of their triggers, or have one switched off."""
    with connection.cursor() as cursor:
        if is_postgresql(connection):
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {row[0] for row in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
    guards = [guard_of(model) for model in append_only_models()]
    return [
        guard.table
        for guard in guards
        if guard.table in tables
        and not all(name in present for name in _trigger_names(connection, guard))
    ]


class AppendOnly(Operation):
    """Migration operation: from here on the model's table refuses UPDATE, DELETE, TRUNCATE and replacing INSERT.

    Put it again after any operation that makes SQLite rebuild the table.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of Django's model state."""

    def _guard(self, app_label: str) -> Guard:
        # The model of today, not of the migration: what is unique only matters for the newest table.
        return guard_of(apps.get_model(app_label, self.model_name))

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        install(schema_editor.connection, self._guard(app_label))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        uninstall(schema_editor.connection, self._guard(app_label))

    def describe(self) -> str:
        return f"Makes {self.model_name} append-only"


class NoOverlap(Operation):
    """Migration operation: active rows of one `group` never share an instant of [start, end).

    With `whole_days` the two columns are dates and the last day counts. `active_when` is SQL with `{row}` before each column name. An exclusion constraint on
    PostgreSQL; on SQLite, which has none, two triggers.
    """

    reversible = True

    def __init__(
        self,
        table: str,
        *,
        group: str,
        start: str,
        end: str,
        active_when: str = "TRUE",
        whole_days: bool = False,
    ) -> None:
        self.table, self.group, self.start, self.end = table, group, start, end
        self.active_when, self.whole_days = active_when, whole_days

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Not part of Django's model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        name = f"{self.table}_no_overlap"
        if is_postgresql(schema_editor.connection):
            span = (
                f"daterange({self.start}, {self.end}, '[]')"
                if self.whole_days
                else f"tstzrange({self.start}, {self.end})"
            )
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            schema_editor.execute(
                f"ALTER TABLE {self.table} ADD CONSTRAINT {name} EXCLUDE USING gist "
                f"({self.group} WITH =, {span} WITH &&) "
                f"WHERE ({self.active_when.format(row='')})"
            )
            return
        before, after = ("<=", ">=") if self.whole_days else ("<", ">")
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {self.table} "
                f"WHEN {self.active_when.format(row='NEW.')} AND EXISTS ("
                f"SELECT 1 FROM {self.table} other WHERE other.{self.group} = NEW.{self.group} "
                f"AND other.id <> NEW.id AND {self.active_when.format(row='other.')} "
                f"AND other.{self.start} {before} NEW.{self.end} "
                f"AND other.{self.end} {after} NEW.{self.start}) "
                f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        name = f"{self.table}_no_overlap"
        if is_postgresql(schema_editor.connection):
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {name}")
            return
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {name}_{event}")

    def describe(self) -> str:
        return f"Forbids overlapping rows in {self.table}"


# Appending --------------------------------------------------------------------------------------


def lock_books(connection: BaseDatabaseWrapper, table: str, ids: Sequence[int]) -> None:
    """Locks the book rows in ascending order until the transaction ends.

    SQLite's IMMEDIATE transaction is already the only writer.
    """
    if not is_postgresql(connection):
        return
    with connection.cursor() as cursor:
        # First the lock that whoever pins the ledger takes alone, then the rows: a writer that
        # waits for the pin holds no book that the pin's own transaction may want to append to.
        cursor.execute(
            f"SELECT pg_advisory_xact_lock_shared({LEDGER_LOCK}); "
            f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(ids)],
        )


def wait_for_writers(connection: BaseDatabaseWrapper) -> None:
    """Returns once no append is half done, and holds new ones up until the transaction ends."""
    if is_postgresql(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock({LEDGER_LOCK})")


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
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join("%s" for _ in fields)
    values: Iterator[tuple[Any, ...]] = (
        tuple(
            field.get_db_prep_save(getattr(row, field.attname), connection=connection)
            for field in fields
        )
        for row in rows
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})",
            list(values),
        )
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


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
    sets = ", ".join(f"{quote(field.column)} = %s" for field in chosen)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(meta.pk.column)} = %s",
            [
                (
                    *(
                        field.get_db_prep_save(getattr(row, field.attname), connection=connection)
                        for field in chosen
                    ),
                    row.pk,
                )
                for row in rows
            ],
        )


# Reading the whole ledger ----------------------------------------------------------------------


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Everything read inside is of one instant, and no writer waits for it.

    Inside a transaction that is under way already, it is that transaction's view.
    """
    if connection.in_atomic_block:
        yield
    elif is_postgresql(connection):
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django would begin IMMEDIATE, which keeps writers out.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def stream(connection: BaseDatabaseWrapper, sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as the driver gives them, a few thousand in memory at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


# Canonical text ---------------------------------------------------------------------------------

_SQLITE_FORMS = {
    "integer": "CAST({x} AS TEXT)",
    "boolean": "CASE {x} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",
    "date": "'\"' || {x} || '\"'",
    "text": "json_quote({x})",
    "uuid": "'\"' || substr({x},1,8) || '-' || substr({x},9,4) || '-' || substr({x},13,4) || '-' "
    "|| substr({x},17,4) || '-' || substr({x},21) || '\"'",
    "instant": "'\"' || replace({x}, ' ', 'T') "
    "|| CASE length({x}) WHEN 19 THEN '.000000' ELSE '' END || 'Z\"'",
}
_POSTGRESQL_FORMS = {
    "integer": "{x}::text",
    "boolean": "{x}::text",
    "date": "'\"' || to_char({x}, 'YYYY-MM-DD') || '\"'",
    "text": "to_json({x}::text)::text",
    "uuid": "'\"' || {x}::text || '\"'",
    "instant": "'\"' || to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"'",
}


def canonical_sql(
    connection: BaseDatabaseWrapper, column: str, field: models.Field[Any, Any]
) -> str:
    """SQL for the JSON text that school.core.canonical gives for a column, made by the database itself.

    Lets verify_records compare a million payloads with their typed columns without moving them.
    """
    forms = _POSTGRESQL_FORMS if is_postgresql(connection) else _SQLITE_FORMS
    return f"COALESCE({forms[shape_of(field)].format(x=column)}, 'null')"


def shape_of(field: models.Field[Any, Any]) -> str:
    """Which of the payload's value shapes a field has.

    Raises TypeError for a field that no payload can hold.
    """
    for kind, shape in (
        (models.DateTimeField, "instant"),
        (models.DateField, "date"),
        (models.BooleanField, "boolean"),
        (models.UUIDField, "uuid"),
        (models.IntegerField, "integer"),
        (models.CharField, "text"),
    ):
        if isinstance(field, kind):
            return shape
    raise TypeError(
        f"{field} cannot stand in a payload: use integers, codes, UUIDs, dates or instants."
    )
