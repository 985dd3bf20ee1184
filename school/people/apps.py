"""People: who and where."""

from datetime import time, timedelta

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, persons, sites, posts and role grants; and the mail they get."""

    name = "school.people"
    label = "people"

    def ready(self) -> None:
        from school.core import jobs
        from school.people import tasks

        jobs.register("people.send_due_mail", tasks.send_due_mail, every=timedelta(minutes=1))
        jobs.register("people.clear_addresses", tasks.clear_addresses, at=time(4, 10))
