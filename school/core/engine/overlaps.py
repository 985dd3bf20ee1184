"""The migration operation that forbids rows of one group to overlap in time."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from school.core.engine.vendor import is_postgresql


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
