"""When jobs are due, and that several clocks make one run of each."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from school.core import jobs, tasks
from school.core.models import JobRun

ROOT = Path(__file__).resolve().parent.parent.parent
NOON = datetime(2026, 11, 3, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def only_jobs() -> Iterator[None]:
    """Two jobs and no others."""
    kept = dict(jobs._jobs)
    jobs._jobs.clear()
    jobs.register("minutely", tasks.tidy, every=timedelta(minutes=1))
    jobs.register("nightly", tasks.clear_sessions, at=wall(2, 30))
    yield
    jobs._jobs.clear()
    jobs._jobs.update(kept)


def job(**when: object) -> jobs.Job:
    return jobs.Job("a job", tasks.tidy, **when)  # type: ignore[arg-type]


def test_newest_due_every_minute_is_the_full_minute() -> None:
    assert job(every=timedelta(minutes=1)).newest_due(NOON) == NOON.replace(second=0)


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        # The same day in winter, the day before, and an hour earlier by UTC in summer.
        (wall(2, 30), NOON, datetime(2026, 11, 3, 2, 30, tzinfo=UTC)),
        (wall(13, 0), NOON, datetime(2026, 11, 2, 13, 0, tzinfo=UTC)),
        (
            wall(2, 30),
            datetime(2026, 7, 1, 1, 30, tzinfo=UTC),
            datetime(2026, 7, 1, 1, 30, tzinfo=UTC),
        ),
        # 25 October 2026 has 01:30 twice in London, 28 March 2027 has none.
        (
            wall(1, 30),
            datetime(2026, 10, 25, 1, 45, tzinfo=UTC),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
        (
            wall(1, 30),
            datetime(2027, 3, 28, 9, 0, tzinfo=UTC),
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_newest_due_daily_goes_by_the_clock_in_london(
    at: wall, now: datetime, due: datetime
) -> None:
    assert job(at=at).newest_due(now) == due


def test_register_refuses_what_cannot_be_due(only_jobs: None) -> None:
    for name, when in (
        ("minutely", {"every": timedelta(minutes=1)}),
        ("neither", {}),
        ("both", {"every": timedelta(minutes=1), "at": wall(2, 30)}),
        ("no time at all", {"every": timedelta(0)}),
        ("half seconds", {"every": timedelta(seconds=1.5)}),
    ):
        with pytest.raises(ValueError, match=name):
            jobs.register(name, tasks.tidy, **when)  # type: ignore[arg-type]
    assert [job.name for job in jobs.registered()] == ["minutely", "nightly"]


@pytest.mark.django_db
def test_queue_due_queues_the_newest_run_once(only_jobs: None) -> None:
    seen: dict[str, datetime] = {}
    assert jobs.queue_due(seen, NOON) == ["minutely", "nightly"]
    assert jobs.queue_due(seen, NOON) == []
    assert jobs.queue_due({}, NOON) == []
    # After three hours away only the newest of 180 missed runs is made up.
    assert jobs.queue_due(seen, NOON + timedelta(hours=3)) == ["minutely"]
    assert list(JobRun.objects.order_by("pk").values_list("job", "due_at")) == [
        ("minutely", NOON.replace(second=0)),
        ("nightly", datetime(2026, 11, 3, 2, 30, tzinfo=UTC)),
        ("minutely", NOON.replace(hour=15, second=0)),
    ]
    assert set(JobRun.objects.values_list("task_id", flat=True)) == set(
        DBTaskResult.objects.values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_queue_due_by_a_clock_that_is_slow_makes_no_older_run(only_jobs: None) -> None:
    jobs.queue_due({}, NOON)
    assert jobs.queue_due({}, NOON - timedelta(minutes=2)) == []


@pytest.mark.django_db
def test_queue_due_asks_nothing_in_a_quiet_second(
    only_jobs: None, django_assert_num_queries: object
) -> None:
    seen: dict[str, datetime] = {}
    jobs.queue_due(seen, NOON)
    with django_assert_num_queries(0):  # type: ignore[operator]
        jobs.queue_due(seen, NOON + timedelta(seconds=1))


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_queue_due_from_ten_clocks_makes_one_run(only_jobs: None) -> None:
    ready = threading.Barrier(10)
    queued: list[str] = []

    def tick() -> None:
        try:
            ready.wait()
            queued.extend(jobs.queue_due({}, NOON))
        finally:
            connection.close()

    clocks = [threading.Thread(target=tick) for _ in range(10)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert sorted(queued) == ["minutely", "nightly"]
    assert (JobRun.objects.count(), DBTaskResult.objects.count()) == (2, 2)


@pytest.mark.engine
def test_clock_twice_makes_one_run_and_ends_cleanly(process_environment: dict[str, str]) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "clock"],
            cwd=ROOT,
            env=process_environment,
            stdin=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    names = [job.name for job in jobs.registered()]
    deadline = time.monotonic() + 60
    while (
        set(JobRun.objects.values_list("job", flat=True)) != set(names)
        and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    time.sleep(3)
    for one in running:
        one.send_signal(signal.SIGTERM)
    assert [one.wait(10) for one in running] == [0, 0]
    runs = list(JobRun.objects.values_list("task_id", flat=True))
    assert sorted(set(JobRun.objects.values_list("job", flat=True))) == names
    assert sorted(runs) == sorted(DBTaskResult.objects.values_list("pk", flat=True))
