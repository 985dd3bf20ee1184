"""Real workers on the queue: each task once, killed workers' tasks again, failing tasks after pauses."""

import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django_tasks_db.models import DBTaskResult

from school.core import clock, upkeep
from school.core.models import PORTAL, Progress, WorkerBeat
from tests.core import worktasks

ROOT = Path(__file__).resolve().parent.parent.parent


def start_worker(environment: dict[str, str], *more: str) -> subprocess.Popen[bytes]:
    """A real worker."""
    command = ["manage.py", "db_worker", "--verbosity", "0", "--no-startup-delay", *more]
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL
    )


def marks() -> Counter[str]:
    """How often each task ran."""
    return Counter(Progress.objects.values_list("title", flat=True))


def wait_until(condition: object, seconds: float = 60) -> None:
    """Return once it is so, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "It did not come about in time."
        time.sleep(0.05)


def fail_now(attempts: int) -> DBTaskResult:
    """A task that failed for the given number of times."""
    task = DBTaskResult.objects.get(pk=worktasks.fail.enqueue("x").id)
    for number in range(attempts):
        task.claim(f"worker {number}")
    task.set_failed(ValueError("This task always fails."))
    return task


@pytest.mark.engine
def test_workers_at_once_run_each_task_once(process_environment: dict[str, str]) -> None:
    for number in range(60):
        worktasks.mark.enqueue(f"task {number}")
    running = [start_worker(process_environment, "--batch") for _ in range(3)]
    assert [worker.wait(90) for worker in running] == [0, 0, 0]
    assert marks() == Counter(f"task {number}" for number in range(60))
    assert {task.status for task in DBTaskResult.objects.all()} == {"SUCCESSFUL"}
    assert WorkerBeat.objects.count() == 0


@pytest.mark.engine
def test_rescue_queues_what_a_killed_worker_left(process_environment: dict[str, str]) -> None:
    worktasks.hang_at_first.enqueue("hang")
    worker = start_worker(process_environment)
    wait_until(lambda: marks() == Counter(["hang"]))
    assert upkeep.rescue() == 0, "The worker is alive."
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    WorkerBeat.objects.update(seen_at=Now() - upkeep.SILENT_AFTER)  # a minute later
    assert upkeep.rescue() == 1
    assert start_worker(process_environment, "--batch").wait(60) == 0
    assert marks() == Counter(["hang", "hang"])
    task = DBTaskResult.objects.get()
    assert (task.status, len(task.worker_ids)) == ("SUCCESSFUL", 2)


@pytest.mark.engine
def test_worker_asked_to_stop_stops_and_leaves_no_sign_of_life(
    process_environment: dict[str, str],
) -> None:
    worker = start_worker(process_environment)
    wait_until(lambda: upkeep.alive().count() == 1)
    time.sleep(1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert WorkerBeat.objects.count() == 0


@pytest.mark.engine
def test_beating_goes_on_while_a_task_runs(process_environment: dict[str, str]) -> None:
    worktasks.hang_at_first.enqueue("hang")
    worker = start_worker(process_environment)
    wait_until(lambda: marks() == Counter(["hang"]))
    first = WorkerBeat.objects.get().seen_at
    wait_until(lambda: WorkerBeat.objects.get().seen_at > first, 3 * upkeep.BEAT_SECONDS + 10)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


@pytest.mark.engine
@pytest.mark.django_db
def test_rescue_tells_a_live_worker_from_a_silent_one() -> None:
    for name, silent_for in (("alive", timedelta(0)), ("silent", upkeep.SILENT_AFTER)):
        upkeep.beat(name)
        WorkerBeat.objects.filter(worker_id=name).update(seen_at=Now() - silent_for)
        DBTaskResult.objects.get(pk=worktasks.mark.enqueue(name).id).claim(name)
    assert upkeep.rescue() == 1
    assert {task.args_kwargs["args"][0]: task.status for task in DBTaskResult.objects.all()} == {
        "alive": "RUNNING",
        "silent": "READY",
    }


@pytest.mark.django_db
def test_rescue_gives_up_a_task_that_kills_its_workers() -> None:
    task = DBTaskResult.objects.get(pk=worktasks.mark.enqueue("deadly").id)
    outcomes = []
    for number in range(len(upkeep.PAUSES) + 1):
        task.refresh_from_db()
        task.claim(f"worker {number}")
        assert upkeep.rescue() == 1
        task.refresh_from_db()
        outcomes.append(task.status)
    assert outcomes == ["READY"] * len(upkeep.PAUSES) + ["FAILED"]
    assert upkeep.retry_failed() == 0
    assert [found.pk for found in upkeep.troubled()] == [task.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "pause"), [(1, 1), (2, 5), (3, 30), (4, 120)])
def test_retry_failed_waits_longer_each_time(attempts: int, pause: int) -> None:
    task = fail_now(attempts)
    assert upkeep.retry_failed() == 1
    assert task.finished_at is not None
    failed_at = task.finished_at
    task.refresh_from_db()
    assert (task.status, task.run_after - failed_at) == ("READY", timedelta(minutes=pause))
    assert [found.pk for found in upkeep.troubled()] == [task.pk]


@pytest.mark.django_db
def test_retry_failed_leaves_what_has_had_its_attempts() -> None:
    task = fail_now(5)
    assert upkeep.retry_failed() == 0
    assert [(found.pk, found.status) for found in upkeep.troubled()] == [(task.pk, "FAILED")]


@pytest.mark.django_db
def test_start_over_gives_a_task_all_its_attempts_again() -> None:
    task = fail_now(5)
    assert upkeep.start_over(task_id=task.pk, by=PORTAL) is True
    task.refresh_from_db()
    assert (task.status, task.worker_ids, task.run_after <= clock.now()) == ("READY", [], True)
    task.claim("worker")
    assert upkeep.start_over(task_id=task.pk, by=PORTAL) is False
    assert upkeep.start_over(task_id=uuid.uuid4(), by=PORTAL) is False
