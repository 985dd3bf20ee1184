"""Looks after the queue: workers' signs of life, tasks of killed workers, pauses between attempts."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connections
from django.db.models import QuerySet
from django.db.models.functions import Now
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from school.core import apart, clock
from school.core.models import WorkerBeat

logger = logging.getLogger(__name__)

# After so many attempts and pauses a failing task waits for a person to look at it.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(minutes=120),
)
BEAT_SECONDS = 5
SILENT_AFTER = timedelta(seconds=60)

KILLED = "The worker ended each time before the task did. Look at the worker's own log."


@contextmanager
def beating(worker_id: str) -> Iterator[None]:
    """Gives a sign of life every few seconds while the worker runs, also during a long task."""
    beat(worker_id)
    stop = threading.Event()
    thread = threading.Thread(target=_keep_beating, args=(worker_id, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        WorkerBeat.objects.filter(worker_id=worker_id).delete()


def beat(worker_id: str) -> None:
    """One sign of life, by the database's clock: workers and clocks may be on several machines."""
    if not WorkerBeat.objects.filter(worker_id=worker_id).update(seen_at=Now()):
        WorkerBeat.objects.create(worker_id=worker_id, started_at=Now(), seen_at=Now())


def alive() -> QuerySet[WorkerBeat]:
    """The workers that gave a sign of life lately."""
    return WorkerBeat.objects.filter(seen_at__gt=Now() - SILENT_AFTER)


def _keep_beating(worker_id: str, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        with apart.QUIET:
            try:
                beat(worker_id)
            except (DatabaseError, InterfaceError):
                logger.warning("No sign of life could be written", exc_info=True)
            finally:
                connections.close_all()


def rescue() -> int:
    """Queue again what silent workers left running; gives how many.

    A task whose workers died as often as a failing task may fail is marked failed.
    """
    running = DBTaskResult.objects.running().values_list("pk", "worker_ids", "started_at")
    left = list(running)
    if not left:
        return 0
    living = set(alive().values_list("worker_id", flat=True))
    rescued = 0
    for pk, workers, started_at in left:
        if workers and workers[-1] in living:
            continue
        # Only as it was read: the worker may have finished it, or another clock have rescued it.
        if len(workers) > len(PAUSES):
            rescued += DBTaskResult.objects.filter(
                pk=pk, status=TaskResultStatus.RUNNING, started_at=started_at
            ).update(status=TaskResultStatus.FAILED, finished_at=clock.now(), traceback=KILLED)
        else:
            pause = (timedelta(0), *PAUSES)[max(len(workers) - 1, 0)]
            rescued += DBTaskResult.objects.filter(
                pk=pk, status=TaskResultStatus.RUNNING, started_at=started_at
            ).update(status=TaskResultStatus.READY, run_after=clock.now() + pause)
    return rescued


def retry_failed() -> int:
    """Queue failed tasks again, each after its pause, until they have had their attempts; gives how many."""
    queued = 0
    failed = DBTaskResult.objects.failed().values_list("pk", "worker_ids", "finished_at")
    for pk, workers, finished_at in failed:
        if len(workers) <= len(PAUSES) and finished_at is not None:
            queued += DBTaskResult.objects.filter(
                pk=pk, status=TaskResultStatus.FAILED, finished_at=finished_at
            ).update(
                status=TaskResultStatus.READY,
                run_after=finished_at + PAUSES[max(len(workers) - 1, 0)],
            )
    return queued


def troubled() -> QuerySet[DBTaskResult]:
    """The tasks that failed and were not done since, newest first: given up, or waiting for their next attempt."""
    return (
        DBTaskResult.objects.filter(status__in=[TaskResultStatus.FAILED, TaskResultStatus.READY])
        .exclude(traceback="")
        .order_by("-finished_at")
    )


def start_over(*, task_id: UUID, by: UUID) -> bool:
    """Queue a troubled task now with all its attempts before it; False when it runs or is done meanwhile."""
    found = (
        DBTaskResult.objects.filter(
            pk=task_id, status__in=[TaskResultStatus.FAILED, TaskResultStatus.READY]
        )
        .exclude(traceback="")
        .update(status=TaskResultStatus.READY, run_after=clock.now(), worker_ids=[])
    )
    logger.info("Task %s was queued again by %s", task_id, by)
    return bool(found)
