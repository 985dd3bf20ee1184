"""PostgreSQL for tests: each process gets a database made from one migrated template.

A cluster that was just made has no template, so what the migrations of this state of the code made is
also kept as a dump: the next cluster reads that instead of migrating again.
"""

import functools
import os
import subprocess
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient
from django.db.backends.postgresql.creation import DatabaseCreation as PostgreSQLCreation
from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQLOperations

from school.core import engine
from tests import postgres
from tests.backends import template

KEPT = "as_migrated"  # a schema beside the tables: the rows that the migrations left


class DatabaseCreation(PostgreSQLCreation):
    """Makes a database from the template, building it first when this state of the code has none."""

    def create_test_db(
        self,
        verbosity: int = 1,
        autoclobber: bool = False,
        serialize: bool | None = None,
        keepdb: bool = False,
    ) -> str:
        migrated = f"portal_template_{template.key()}"
        name = f"portal_test_{os.getpid()}"
        self.connection.close()
        with template.building(self.connection.vendor):
            with self._nodb_cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [migrated])
                is_built = cursor.fetchone() is not None
            if not is_built:
                self._build(migrated)
            with self._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
        self._use(name)
        self.connection.ensure_connection()
        return name

    def _build(self, migrated: str) -> None:
        half_made = f"{migrated}_new"
        maintenance = self.connection.settings_dict["NAME"]
        with self._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{half_made}"')
            cursor.execute(f'CREATE DATABASE "{half_made}"')
        self._use(half_made)
        self.connection.ensure_connection()
        dump = template.FOLDER / f"{template.key()}.{self.connection.pg_version}.sql"
        if dump.exists():
            self._run(
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
                f"--file={dump}",
            )
        else:
            self._migrate()
            new = dump.with_suffix(".new")
            self._run("pg_dump", "--no-owner", f"--file={new}")
            new.rename(dump)
        os.utime(dump)
        template.forget_oldest("*.sql")
        self._use(maintenance)
        with self._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{migrated}"')

    def _migrate(self) -> None:
        call_command("migrate", verbosity=0, interactive=False, database=self.connection.alias)
        call_command("createcachetable", database=self.connection.alias)
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {KEPT}")
            tables = self.connection.introspection.django_table_names(
                only_existing=True, include_views=False
            )
            for table in tables:
                cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
                if cursor.fetchone()[0]:
                    cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE "{table}"')

    def _run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's own programs, on the database in use."""
        command, password = DatabaseClient.settings_to_cmd_args_env(
            self.connection.settings_dict, list(arguments)
        )
        subprocess.run(
            [postgres.program(program), *command[1:]],
            env={**os.environ, **(password or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _use(self, name: str) -> None:
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{test_database_name}" WITH (FORCE)')


class DatabaseOperations(PostgreSQLOperations):
    """Flushes append-only tables too, and puts back what the migrations had put there."""

    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        """Nothing here, and so no signal either: what its handlers made is among the rows put back."""
        return []

    def execute_sql_flush(self, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            # Lifts every trigger, those of foreign keys included, until the end of the transaction.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in flushing(self.connection):
                cursor.execute(sql)
        lost = set(engine.missing_triggers(self.connection))
        for model in engine.append_only_models():
            if model._meta.db_table in lost:
                engine.install(self.connection, engine.guard_of(model))


@functools.cache
def flushing(connection: Any) -> list[str]:
    """What empties every table and fills those that the migrations had filled; sequences run on."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT])
        filled = [table for (table,) in cursor.fetchall()]
    # Deleting from a small table is quicker than truncating it: no file is made anew.
    empty = "; ".join(f'DELETE FROM "{table}"' for table in sorted(tables))
    return [
        empty,
        *(f'INSERT INTO "{table}" SELECT * FROM {KEPT}."{table}"' for table in sorted(filled)),
    ]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with the two parts above."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
