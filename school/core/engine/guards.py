"""Triggers that keep append-only tables append-only, and the migration operation that makes them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models.sql import Query

from school.core.engine.vendor import is_postgresql


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


class _Trigger(NamedTuple):
    """A trigger as it is created; on PostgreSQL also the function that it runs, and that function's body."""

    name: str
    sql: str
    function: str = ""
    body: str = ""


def _triggers(connection: BaseDatabaseWrapper, guard: Guard) -> list[_Trigger]:
    """What has to stand on an append-only table."""
    table = connection.ops.quote_name(guard.table)
    if is_postgresql(connection):
        return _postgresql_triggers(guard, table)
    message = f"append-only: change of {guard.table} is refused"
    lawful = f" WHEN (NOT ({guard.delete_when}))" if guard.delete_when else ""
    exists = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {_same_key(connection, guard, columns, condition)})"
        for columns, condition in guard.keys
    )
    update, delete, replace = _trigger_names(connection, guard)
    return [
        _Trigger(
            update,
            f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ),
        _Trigger(
            delete,
            f"CREATE TRIGGER {delete} BEFORE DELETE ON {table}{lawful} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ),
        # INSERT OR REPLACE fires no delete trigger, so a row that exists already is refused here.
        _Trigger(
            replace,
            f"CREATE TRIGGER {replace} BEFORE INSERT ON {table} "
            f"WHEN {exists} "
            f"BEGIN SELECT RAISE(ABORT, '{message}: this row exists'); END",
        ),
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


def _postgresql_triggers(guard: Guard, table: str) -> list[_Trigger]:
    refuse = (
        "core_refuse_change",
        " BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END ",
    )
    # PostgreSQL's WHEN allows no subquery, so a lawful delete is decided inside a function of its own.
    lawful = (
        f"{guard.table}_lawful_delete",
        f" BEGIN IF {guard.delete_when} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'append-only: DELETE on % is refused', TG_TABLE_NAME; END ",
    )
    return [
        _Trigger(
            f"{guard.table}_no_{event.lower()}",
            f"CREATE TRIGGER {guard.table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()",
            function,
            body,
        )
        for event, each, (function, body) in (
            ("UPDATE", "ROW", refuse),
            ("DELETE", "ROW", lawful if guard.delete_when else refuse),
            ("TRUNCATE", "STATEMENT", refuse),
        )
    ]


def _trigger_names(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    last = "no_truncate" if is_postgresql(connection) else "no_replace"
    return [f"{guard.table}_{name}" for name in ("no_update", "no_delete", last)]


def install(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Creates the triggers of one append-only table, first dropping what is left of older ones."""
    uninstall(connection, guard)
    triggers = _triggers(connection, guard)
    functions = {trigger.function: trigger.body for trigger in triggers if trigger.function}
    with connection.cursor() as cursor:
        for name, body in functions.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
            )
        for trigger in triggers:
            cursor.execute(trigger.sql)


def uninstall(connection: BaseDatabaseWrapper, guard: Guard) -> None:
    """Drops the triggers of one append-only table."""
    table = connection.ops.quote_name(guard.table)
    with connection.cursor() as cursor:
        for name in _trigger_names(connection, guard):
            on_table = f" ON {table}" if is_postgresql(connection) else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The existing append-only tables that lack one of their triggers, or have one that is altered or switched off."""
    with connection.cursor() as cursor:
        if is_postgresql(connection):
            cursor.execute(
                "SELECT pg_get_triggerdef(t.oid, true), p.proname, p.prosrc FROM pg_trigger t "
                "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal "
                "AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(t.tgrelid)"
            )
        else:
            cursor.execute("SELECT sql, '', '' FROM sqlite_master WHERE type = 'trigger'")
        present = {(_plain(sql), function, body) for sql, function, body in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
    guards = [guard_of(model) for model in append_only_models()]
    return [
        guard.table
        for guard in guards
        if guard.table in tables
        and not all(
            (_plain(trigger.sql), trigger.function, trigger.body) in present
            for trigger in _triggers(connection, guard)
        )
    ]


def _plain(sql: str) -> str:
    """SQL without what an engine writes in its own way: the quotes around names, and the spaces."""
    return " ".join(sql.replace('"', "").split())


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
