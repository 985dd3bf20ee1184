"""Tasks for the tests of the worker; each leaves a row, so that one can count how often it ran."""

import time

from django_tasks import task

from school.core import progress
from school.core.models import PORTAL, Progress


@task()
def mark(name: str) -> None:
    """Leave one row."""
    progress.start(owner=PORTAL, title=name)


@task()
def hang_at_first(name: str) -> None:
    """Leave a row, and the first time never come to an end."""
    progress.start(owner=PORTAL, title=name)
    if Progress.objects.filter(title=name).count() == 1:
        time.sleep(600)


@task()
def fail(name: str) -> None:
    """Leave a row and fail."""
    progress.start(owner=PORTAL, title=name)
    raise ValueError("This task always fails.")
