"""Continuing professional development."""

from datetime import timedelta

from django.apps import AppConfig


class CpdConfig(AppConfig):
    """Activities, the live checks and the regulator's profile."""

    name = "logbooks.cpd"

    def ready(self) -> None:
        from logbooks.cpd import noticed
        from school.core import jobs
        from school.core.registries import notice_done

        notice_done(noticed.take_note)
        jobs.register("cpd.notice", noticed.notice, every=timedelta(minutes=1))
