"""Objective structured clinical examinations."""

from datetime import time

from django.apps import AppConfig


class OscesConfig(AppConfig):
    """Design, the day, marks and the standard of an OSCE."""

    name = "logbooks.osces"

    def ready(self) -> None:
        from logbooks.osces import panels
        from logbooks.osces.examined import kept
        from school.core import jobs
        from school.core.registries import offer_panels

        offer_panels("home_later", panels.home)
        offer_panels("home_later", panels.examines)
        offer_panels("home_learning", panels.own)
        offer_panels("learning", panels.own)
        jobs.register("osces.old_marks", kept.clear_old, at=time(3, 55))
