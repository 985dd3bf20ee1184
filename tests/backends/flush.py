"""Flushing between tests that commit: triggers lifted around it, and what migrations had put there put back."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from school.core import engine


def flush(connection: Any, delete: Callable[[], None], restore: Callable[[], None]) -> None:
    """Empty the tables and fill them as the migrations left them, in one transaction."""
    guards = [engine.guard_of(model) for model in engine.append_only_models()]
    with transaction.atomic(using=connection.alias):
        for guard in guards:
            engine.uninstall(connection, guard)
        delete()
        restore()
        if connection.vendor == "postgresql":
            # Constraints are checked now: a table with checks still to come takes no new trigger.
            connection.check_constraints()
        for guard in guards:
            engine.install(connection, guard)


def emptied_tables(connection: Any) -> list[str]:
    """The tables that a flush empties."""
    return sorted(
        connection.introspection.django_table_names(only_existing=True, include_views=False)
    )
