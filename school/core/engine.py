"""Everything that SQLite and PostgreSQL say differently: triggers, locks, clocks, bulk inserts, canonical text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Func, Value

# One advisory lock: appenders hold it shared, whoever pins "everything up to here" takes it alone.
LEDGER_LOCK = 0x5CADD


def is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Whether the connection is to PostgreSQL; the only other engine is SQLite."""
    return connection.vendor == "postgresql"


# Append-only tables -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guard:
    """An append-only table, the column groups that make a row unique, and when a DELETE is lawful (SQL on OLD)."""

    table: str
    keys: tuple[tuple[str, ...], ...]
    delete_when: str = ""


def guard_of(model: type[models.Model]) -> Guard:
    """The guard of an append-only model: its primary key and every unique field or constraint."""
    meta = model._meta
    keys = [(field.column,) for field in meta.local_concrete_fields if field.unique]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            keys.append(
                tuple(meta.get_field(name).column for name in constraint.fields)  # type: ignore[union-attr]
            )
    return Guard(meta.db_table, tuple(keys), getattr(model, "DELETE_WHEN", ""))


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
    known = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key) + ")"
        for key in guard.keys
    )
    return [
        f"CREATE TRIGGER {guard.table}_no_update BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f"CREATE TRIGGER {guard.table}_no_delete BEFORE DELETE ON {table}{lawful} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        # INSERT OR REPLACE fires no delete trigger, so a row that exists already is refused here.
        f"CREATE TRIGGER {guard.table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {known}) "
        f"BEGIN SELECT RAISE(ABORT, '{message}: this row exists'); END",
    ]


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
        cursor.execute(
            f"SELECT pg_advisory_xact_lock_shared({LEDGER_LOCK}), count(*) FROM "
            f"(SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) locked",
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
    """Inserts rows of one model that carry their primary keys: one statement, however many rows."""
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


# Canonical text ---------------------------------------------------------------------------------


class Canonical(Func):
    """The JSON text that school.core.canonical gives for a column, made by the database itself.

    Lets verify_records compare a million payloads with their typed columns without moving them.
    """

    output_field = models.TextField()
    template = "%(expressions)s"

    def __init__(self, path: str, field: models.Field[Any, Any]) -> None:
        super().__init__(models.F(path))
        self.shape = shape_of(field)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = self.source_expressions[0].as_sql(compiler, connection)
        forms = {
            "integer": ("CAST({x} AS TEXT)", 1),
            "boolean": ("CASE WHEN {x} THEN 'true' ELSE 'false' END", 1),
            "date": ("'\"' || {x} || '\"'", 1),
            "text": ("json_quote({x})", 1),
            "uuid": (
                "'\"' || substr({x},1,8) || '-' || substr({x},9,4) || '-' || substr({x},13,4) || '-' "
                "|| substr({x},17,4) || '-' || substr({x},21) || '\"'",
                5,
            ),
            "instant": (
                "'\"' || replace({x}, ' ', 'T') || CASE length({x}) WHEN 19 THEN '.000000' ELSE '' END "
                "|| 'Z\"'",
                2,
            ),
        }
        form, times = forms[self.shape]
        return f"COALESCE({form.format(x=sql)}, 'null')", tuple(params) * times

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = self.source_expressions[0].as_sql(compiler, connection)
        form = {
            "integer": "{x}::text",
            "boolean": "{x}::text",
            "date": "'\"' || to_char({x}, 'YYYY-MM-DD') || '\"'",
            "text": "to_json({x}::text)::text",
            "uuid": "'\"' || {x}::text || '\"'",
            "instant": "'\"' || to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"'",
        }[self.shape]
        return f"COALESCE({form.format(x=sql)}, 'null')", tuple(params)


def shape_of(field: models.Field[Any, Any]) -> str:
    """Which of the payload's value shapes a field has."""
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


class JoinedArray(Func):
    """`[a,b,…]` of canonical texts; one concatenation, so that long records stay cheap."""

    output_field = models.TextField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        parts, params = [], []
        for expression in self.source_expressions:
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        return "('[' || " + " || ',' || ".join(parts) + " || ']')", tuple(params)


def literal(text: str) -> Value:
    """A constant canonical text inside a JoinedArray."""
    return Value(text, output_field=models.TextField())
