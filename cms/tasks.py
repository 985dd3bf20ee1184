"""Recurring work about pages: what goes out, or comes off, at a time that was written in it."""

from django.core.management import call_command
from django_tasks import task


@task()
def publish_scheduled() -> None:
    """Publish the approved versions whose time has come, and take off what has ended."""
    call_command("publish_scheduled", verbosity=0)
