"""Refuses to start a process while an append-only table could be changed."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from school.core import engine


def demand_triggers() -> None:
    """Raises ImproperlyConfigured, naming the tables, when a trigger is missing or altered; leaves no connection open."""
    try:
        tables = engine.missing_triggers(connection)
    finally:
        connection.close()
    if tables:
        raise ImproperlyConfigured(
            "The portal was not started: rows that must never change could be changed in "
            f"{', '.join(sorted(tables))}. The triggers that refuse it are missing or altered. "
            "Run manage.py check --database default, and put AppendOnly(…) into a migration."
        )
