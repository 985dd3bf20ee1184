"""Continuing professional development."""

from datetime import time

from django.apps import AppConfig


class CpdConfig(AppConfig):
    """Activities, the live checks and the regulator's profile."""

    name = "logbooks.cpd"

    def ready(self) -> None:
        from logbooks.cpd import files, noticed
        from school.core import jobs
        from school.core.registries import notice_done

        notice_done(noticed.take_note)
        jobs.register("cpd.old_files", files.clear_old, at=time(4, 5))
