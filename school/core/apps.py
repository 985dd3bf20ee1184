"""Core: the ledger, its guards, and small things every app uses."""

from datetime import time
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
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
    """One error for each append-only table without its triggers."""
    from school.core import engine

    return [
        checks.Error(
            f"The table {table} is append-only but its triggers are missing or altered, so its rows could be changed.",
            hint="Add AppendOnly(…) from school.core.engine to the migration that rebuilt the table.",
            id="core.E001",
        )
        for alias in databases or []
        for table in engine.missing_triggers(connections[alias])
    ]


def after_migrate(using: str, **kwargs: Any) -> None:
    """Fails the migrate command when a migration lost a trigger."""
    engine_errors = check_triggers(databases=[using])
    if engine_errors:
        from django.core.management.base import SystemCheckError

        raise SystemCheckError("\n".join(str(error) for error in engine_errors))
