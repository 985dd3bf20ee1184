"""The clock: queues recurring jobs when they are due and looks after the queue."""

import logging
import signal
import time
from datetime import datetime
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections

from school.core import jobs, upkeep
from school.core.guard import demand_triggers

logger = logging.getLogger(__name__)

PAUSE = 0.5
UPKEEP_EVERY = 10  # seconds


class Command(BaseCommand):
    help = "Queue recurring jobs when they are due, queue tasks of killed workers again, retry failed ones."

    def handle(self, *args: Any, **options: Any) -> None:
        # A flag and not an Event: its lock could be held when the signal comes.
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        demand_triggers()
        seen: dict[str, datetime] = {}
        next_upkeep = 0.0
        while not self.stopping:
            try:
                close_old_connections()
                if time.monotonic() >= next_upkeep:
                    upkeep.rescue()
                    upkeep.retry_failed()
                    next_upkeep = time.monotonic() + UPKEEP_EVERY
                jobs.queue_due(seen)
            except (DatabaseError, InterfaceError):
                # The database is away or busy for a moment; what is due stays due.
                logger.exception("The clock could not reach the database and tries again")
            time.sleep(PAUSE)

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """End after the round under way."""
        self.stopping = True
