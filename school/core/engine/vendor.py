"""Which of the two engines a connection is to."""

from django.db.backends.base.base import BaseDatabaseWrapper


def is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Whether the connection is to PostgreSQL; the only other engine is SQLite."""
    return connection.vendor == "postgresql"
