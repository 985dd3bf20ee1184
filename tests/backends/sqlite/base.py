"""SQLite for tests: each process gets a copy of one migrated file."""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.db.backends.sqlite3.operations import DatabaseOperations as SQLiteOperations

from tests.backends import template
from tests.backends.flush import emptied_tables, flush


class DatabaseCreation(SQLiteCreation):
    """Copies the template, building it first when this state of the code has none."""

    def create_test_db(
        self,
        verbosity: int = 1,
        autoclobber: bool = False,
        serialize: bool | None = None,
        keepdb: bool = False,
    ) -> str:
        name = settings.VAR_DIR / "portal.sqlite3"
        migrated = template_file()
        with template.building():
            if not migrated.exists():
                self._build(migrated)
            os.utime(migrated)
        template.forget_oldest("*.sqlite3")
        name.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(migrated, name)
        self._use(name)
        self.connection.ensure_connection()
        return str(name)

    def _build(self, migrated: Path) -> None:
        half_made = migrated.with_suffix(".new")
        for left_over in half_made.parent.glob(f"{half_made.name}*"):
            left_over.unlink()
        self._use(half_made)
        call_command("migrate", verbosity=0, interactive=False, database=self.connection.alias)
        call_command("createcachetable", database=self.connection.alias)
        with self.connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
        half_made.rename(migrated)

    def _use(self, name: Path) -> None:
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{test_database_name}{suffix}").unlink(missing_ok=True)


class DatabaseOperations(SQLiteOperations):
    """Flushes append-only tables too, and puts back what the migrations had put there."""

    def execute_sql_flush(self, sql_list: list[str]) -> None:
        flush(self.connection, lambda: self._delete(sql_list), self._restore)

    def _delete(self, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            for sql in sql_list:
                cursor.execute(sql)

    def _restore(self) -> None:
        cursor = self.connection.connection.cursor(sqlite3.Cursor)
        for table, rows in migrated_rows(self.connection).items():
            marks = ", ".join("?" for _ in rows[0])
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with the two parts above, and never waiting for the disk."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA synchronous=OFF")
        return connection


def template_file() -> Path:
    """The migrated file of this state of the code."""
    return template.FOLDER / f"{template.key()}.sqlite3"


def migrated_rows(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that the migrations leave, by table, read once."""
    if not _rows:
        plain = sqlite3.connect(f"file:{template_file()}?mode=ro&immutable=1", uri=True)
        for table in emptied_tables(connection):
            rows = plain.execute(f'SELECT * FROM "{table}"').fetchall()
            if rows:
                _rows[table] = rows
        plain.close()
    return _rows


_rows: dict[str, list[tuple[Any, ...]]] = {}
