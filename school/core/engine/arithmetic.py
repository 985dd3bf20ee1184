"""Counting days in SQL."""

from django.db.backends.base.base import BaseDatabaseWrapper

from school.core.engine.vendor import is_postgresql


def days_after(connection: BaseDatabaseWrapper, day: str, days: str) -> str:
    """The SQL of the day that lies so many days after another; both are SQL of the caller's own."""
    if is_postgresql(connection):
        return f"({day} + {days})"
    return f"date({day}, ({days}) || ' days')"
