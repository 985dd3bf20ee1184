"""The worker of django-tasks-db with two things added: signs of life, and patience with a busy database."""

import logging
import time
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections
from django_tasks_db.management.commands import db_worker

from school.core import upkeep
from school.core.guard import demand_triggers

logger = logging.getLogger(__name__)


class Command(db_worker.Command):
    help = "Run queued tasks. Start as many as you like, on as many machines as you like."

    def handle(self, *args: Any, worker_id: str, batch: bool, **options: Any) -> None:
        demand_triggers()
        with upkeep.beating(worker_id):
            while True:
                try:
                    super().handle(worker_id=worker_id, batch=batch, **options)
                    return
                except (DatabaseError, InterfaceError):
                    # Claiming found SQLite locked for longer than its wait, or PostgreSQL away.
                    if batch:
                        raise
                    logger.exception("The worker could not reach the database and tries again")
                    time.sleep(1)
                    close_old_connections()
