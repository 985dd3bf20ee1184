"""Recurring jobs: registered in code, queued when due, once each however many clocks run."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from school.core import clock, days
from school.core.models import JobRun


@dataclass(frozen=True, slots=True)
class Job:
    """A task and when it is due: every so often, or each day at a time in London."""

    name: str
    task: Any
    every: timedelta | None = None
    at: time | None = None

    def newest_due(self, now: datetime) -> datetime:
        """The latest instant, not after `now`, at which the job was due."""
        if self.every is not None:
            seconds = int(self.every.total_seconds())
            return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
        assert self.at is not None  # register() allows no third way
        day = days.london_day(now)
        due = datetime.combine(day, self.at, days.LONDON).astimezone(UTC)
        if due > now:
            due = datetime.combine(day - days.DAY, self.at, days.LONDON).astimezone(UTC)
        return due


_jobs: dict[str, Job] = {}


def register(
    name: str, task: Any, *, every: timedelta | None = None, at: time | None = None
) -> None:
    """Have `task`, which takes no arguments, queued `every` whole seconds or daily `at` a time in London.

    Raises ValueError for a name that is taken, or when not exactly one of the two is given.
    """
    if name in _jobs:
        raise ValueError(f"There is a job called {name} already.")
    if (every is None) == (at is None):
        raise ValueError(f"{name} needs either `every` or `at`.")
    if every is not None and (every < timedelta(seconds=1) or every % timedelta(seconds=1)):
        raise ValueError(f"{name}: {every} is not a number of whole seconds.")
    _jobs[name] = Job(name, task, every, at)


def registered() -> list[Job]:
    """Every job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def queue_due(seen: dict[str, datetime], now: datetime | None = None) -> list[str]:
    """Queue the newest run of each job that nobody queued yet; gives the names of those queued here.

    Runs missed before the newest are left out. `seen` is the caller's memory of what is done, so
    that a quiet second asks the database nothing.
    """
    queued = []
    for job in registered():
        due = job.newest_due(now or clock.now())
        if seen.get(job.name) != due:
            if _queue(job, due):
                queued.append(job.name)
            seen[job.name] = due
    return queued


def _queue(job: Job, due: datetime) -> bool:
    if JobRun.objects.filter(job=job.name, due_at__gte=due).exists():
        return False
    try:
        with transaction.atomic():
            task = job.task.enqueue()
            JobRun.objects.create(job=job.name, due_at=due, task_id=task.id)
    except IntegrityError:
        # Another clock wrote the row in between; our task went with our transaction.
        return False
    return True
