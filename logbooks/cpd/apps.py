"""Continuing professional development."""

from datetime import time, timedelta

from django.apps import AppConfig


class CpdConfig(AppConfig):
    """Activities, the live checks and the regulator's profile."""

    name = "logbooks.cpd"

    def ready(self) -> None:
        from logbooks.cpd import files, noticed, panels
        from logbooks.cpd.profile import queries as profiles
        from school.core import jobs
        from school.core.registries import notice_done, offer_issued, offer_panels
        from school.people.envelope import because

        notice_done(noticed.take_note)
        offer_issued(profiles.issued)
        jobs.register("cpd.notice", noticed.notice, every=timedelta(minutes=1))
        offer_panels("home_learning", panels.home)
        offer_panels("home_learning", panels.shared)
        offer_panels("learning", panels.learning)
        offer_panels("home_later", panels.school)
        because("cpd_shared", "somebody shared their CPD with you")
        jobs.register("cpd.old_files", files.clear_old, at=time(4, 5))
