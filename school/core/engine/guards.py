"""Triggers that keep append-only tables append-only, and the migration operation that makes them."""

from dataclasses import dataclass
from typing import Any

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
