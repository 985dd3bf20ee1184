"""The undergraduate placement programme."""

from datetime import time

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Programme, places, placements, hours and their confirmation."""

    name = "placements"

    def ready(self) -> None:
        from placements import tasks
        from placements.actions import links
        from placements.panels import educator, student
        from school.core import jobs
        from school.core.registries import offer_panels
        from school.people.mail import mail_refused

        offer_panels("home", student.panels)
        offer_panels("home", educator.panels)
        jobs.register("placements.digest", tasks.digest, at=time(7))
        mail_refused("confirmation_link", links.note_refused)
        mail_refused("confirmation_code", links.note_refused)
