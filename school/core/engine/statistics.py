"""What the query planner knows of the tables."""

from django.db.backends.base.base import BaseDatabaseWrapper

from school.core.engine.vendor import is_postgresql

# Rows that SQLite looks at for each index: enough to choose by, and quick however large the table.
LOOKED_AT = 1000


def count_rows(connection: BaseDatabaseWrapper) -> None:
    """Lets the database look at its tables, so that it chooses the right index.

    PostgreSQL does so by itself in time. SQLite never does, and forgets a table that a migration makes anew.
    """
    with connection.cursor() as cursor:
        if not is_postgresql(connection):
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("ANALYZE")
