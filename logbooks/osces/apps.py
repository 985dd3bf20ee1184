"""Objective structured clinical examinations."""

from datetime import time

from django.apps import AppConfig


class OscesConfig(AppConfig):
    """Design, the day, marks and the standard of an OSCE."""

    name = "logbooks.osces"

    def ready(self) -> None:
        from logbooks.osces import done, panels
        from logbooks.osces.examined import kept
        from logbooks.osces.models import Outcome, SheetClosed
        from logbooks.osces.release import panels as release
        from logbooks.osces.release import queries
        from school.core import jobs
        from school.core.registries import Held, offer_done, offer_link, offer_panels, offer_results
        from school.people.envelope import because

        offer_panels("home_later", panels.home)
        offer_panels("home_later", panels.examines)
        offer_panels("home_learning", panels.own)
        offer_panels("learning", panels.own)
        jobs.register("osces.old_marks", kept.clear_old, at=time(3, 55))
        offer_panels("home_later", release.home)
        offer_results("osce", Held(Outcome, queries.shown_by, queries.named))
        offer_done(SheetClosed.KIND, done.examined)
        offer_done(Outcome.KIND, done.sat)
        offer_link(Outcome, queries.address)
        because("osce_result", "the exam was yours")
        because("osce_appeal_answered", "the appeal was yours")
