"""SQLite for tests: each process gets a copy of one migrated file, and again after each test that commits."""

import contextlib
import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.db.backends.sqlite3.operations import DatabaseOperations as SQLiteOperations

from tests.backends import template

PATIENCE = 30  # seconds for what a test left running to let go of the database


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
        with template.building(self.connection.vendor):
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
    """Flushes by putting the template back whole, triggers and all."""

    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        """Nothing table by table, and so no signal either: the template holds what its handlers made."""
        return []

    def execute_sql_flush(self, sql_list: list[str]) -> None:
        deadline = time.monotonic() + PATIENCE

        def give_up(status: int, remaining: int, total: int) -> None:
            if status != sqlite3.SQLITE_DONE and time.monotonic() > deadline:
                raise TimeoutError("Something that the test left running holds the database.")

        self.connection.close()
        migrated = sqlite3.connect(f"file:{template_file()}?mode=ro&immutable=1", uri=True)
        used = sqlite3.connect(self.connection.settings_dict["NAME"])
        with contextlib.closing(migrated), contextlib.closing(used):
            used.execute("PRAGMA synchronous=OFF")
            migrated.backup(used, progress=give_up, sleep=0.05)


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
