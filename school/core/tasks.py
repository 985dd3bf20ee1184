"""Core's own recurring work: checkpoints, expired sessions and old rows of the queue."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django_tasks import task

from school.core import clock, engine
from school.core.checkpoint import make_checkpoint
from school.core.models import JobRun, Progress, WorkerBeat

KEPT_DAYS = 30


@task()
def checkpoint() -> None:
    """Sign where every record book ends, and keep it outside the database."""
    make_checkpoint()


@task()
def clear_sessions() -> None:
    """Delete sessions that ended."""
    call_command("clearsessions")


@task()
def tidy() -> None:
    """Delete what the queue no longer needs: done tasks after a week, given up ones and due runs after a month.

    And let the database see what its tables hold by now.
    """
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=7,
        failed_min_age_days=KEPT_DAYS,
        verbosity=0,
    )
    month_ago = clock.now() - timedelta(days=KEPT_DAYS)
    JobRun.objects.filter(due_at__lt=month_ago).delete()
    Progress.objects.filter(updated_at__lt=month_ago).delete()
    WorkerBeat.objects.filter(seen_at__lt=clock.now() - timedelta(days=1)).delete()
    engine.count_rows(connection)
