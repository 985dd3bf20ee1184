"""What the query planner knows of the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from school.core.engine.vendor import is_postgresql

# Rows that SQLite looks at for each index: enough to choose by, and quick however large the table.
LOOKED_AT = 1000
# What SQLite holds of the file while a statement reads most of it: 2 MB of pages, none of them mapped.
LITTLE = {"cache_size": -2000, "mmap_size": 0}


def count_rows(connection: BaseDatabaseWrapper) -> None:
    """Lets the database look at its tables, so that it chooses the right index.

    PostgreSQL does so by itself in time. SQLite never does, and forgets a table that a migration makes anew.
    """
    with connection.cursor() as cursor:
        if not is_postgresql(connection):
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("ANALYZE")


@contextmanager
def reading_most(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For one statement that reads most of its tables.

    PostgreSQL expects few rows of what a statement makes for itself: it would look each of hundreds of thousands of them up by itself,
    where reading all at once takes half the time; and what it then believes to be dear it compiles first. SQLite works in the
    process's own memory: of a large file it would keep all that it reads, and sort in as much again; with less of both it is no slower.
    """
    if not is_postgresql(connection):
        with _holding_little(connection):
            yield
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        yield
        cursor.execute("RESET enable_nestloop; RESET jit")


@contextmanager
def _holding_little(connection: BaseDatabaseWrapper) -> Iterator[None]:
    connection.ensure_connection()

    # Past the log of queries: these are none of the page's.
    def ask(pragma: str) -> int:
        found: tuple[int] | None = connection.connection.execute(f"PRAGMA {pragma}").fetchone()
        return found[0] if found else 0

    held = {name: ask(name) for name in LITTLE}
    if ask("page_count") * ask("page_size") <= held["mmap_size"]:
        yield
        return
    try:
        for name, size in LITTLE.items():
            ask(f"{name} = {size}")
        yield
    finally:
        for name, size in held.items():
            ask(f"{name} = {size}")
