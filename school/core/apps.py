"""Core: the ledger, its guards, and small things every app uses."""

from datetime import time
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Registers the check that every append-only table has its triggers, and core's recurring jobs."""

    name = "school.core"
    label = "core"

    def ready(self) -> None:
        checks.register(check_triggers, checks.Tags.database)  # type: ignore[call-overload]
        post_migrate.connect(after_migrate, sender=self)
        register_jobs()


def register_jobs() -> None:
    """At night, when nobody waits for the database."""
    from school.core import jobs, tasks

    jobs.register("core.checkpoint", tasks.checkpoint, at=time(2, 30))
    jobs.register("core.clear_sessions", tasks.clear_sessions, at=time(3, 0))
    jobs.register("core.tidy", tasks.tidy, at=time(3, 15))


def check_triggers(databases: list[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """One error for each append-only table without its triggers; none while migrations wait.

    `migrate` asks before it begins, when the triggers are still those of the columns of yesterday. It
    asks again at its end, and no server starts without them (school.core.guard).
    """
    return [
        error
        for alias in databases or []
        if not _waits_for_migrations(alias)
        for error in _trigger_errors(alias)
    ]


def _waits_for_migrations(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _trigger_errors(alias: str) -> list[checks.CheckMessage]:
    from school.core import engine

    return [
        checks.Error(
            f"The table {table} is append-only but its triggers are missing or altered, so its rows could be changed.",
            hint="Add AppendOnly(…) from school.core.engine to the migration that rebuilt the table.",
            id="core.E001",
        )
        for table in engine.missing_triggers(connections[alias])
    ]


def after_migrate(using: str, **kwargs: Any) -> None:
    """Fails the migrate command when a migration lost a trigger."""
    engine_errors = _trigger_errors(using)
    if engine_errors:
        from django.core.management.base import SystemCheckError

        raise SystemCheckError("\n".join(str(error) for error in engine_errors))
