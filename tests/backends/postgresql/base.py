"""PostgreSQL for tests: each process gets a database made from one migrated template."""

import os

from django.conf import settings
from django.core.management import call_command
from django.db.backends.postgresql import base
from django.db.backends.postgresql.creation import DatabaseCreation as PostgreSQLCreation
from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQLOperations

from tests.backends import template
from tests.backends.flush import emptied_tables, flush

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
        with template.building():
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
        call_command("migrate", verbosity=0, interactive=False, database=self.connection.alias)
        call_command("createcachetable", database=self.connection.alias)
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {KEPT}")
            for table in emptied_tables(self.connection):
                cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
                if cursor.fetchone()[0]:
                    cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE "{table}"')
        self._use(maintenance)
        with self._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{migrated}"')

    def _use(self, name: str) -> None:
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{test_database_name}" WITH (FORCE)')


class DatabaseOperations(PostgreSQLOperations):
    """Flushes append-only tables too, and puts back what the migrations had put there."""

    def execute_sql_flush(self, sql_list: list[str]) -> None:
        flush(self.connection, lambda: self._delete(sql_list), self._restore)

    def _delete(self, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            for sql in sql_list:
                cursor.execute(sql)

    def _restore(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT])
            for (table,) in cursor.fetchall():
                cursor.execute(f'INSERT INTO "{table}" SELECT * FROM {KEPT}."{table}"')
                cursor.execute(
                    "SELECT column_name, pg_get_serial_sequence(%s, column_name) "
                    "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
                    "AND is_identity = 'YES'",
                    [f'"{table}"', table],
                )
                for column, sequence in cursor.fetchall():
                    cursor.execute(
                        f'SELECT setval(%s, (SELECT max("{column}") FROM "{table}"))', [sequence]
                    )


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with the two parts above."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
