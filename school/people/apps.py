"""People: who and where."""

from datetime import time, timedelta

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, persons, sites, posts and role grants; and the mail they get."""

    name = "school.people"
    label = "people"

    def ready(self) -> None:
        from school.core import jobs
        from school.core.files.offered import Offered, offer_kind
        from school.people import entitling, tasks
        from school.people.imports.entitlements import ENTITLEMENTS

        jobs.register("people.send_due_mail", tasks.send_due_mail, every=timedelta(minutes=1))
        jobs.register("people.clear_addresses", tasks.clear_addresses, at=time(4, 10))

        command = "import_people --entitlements FILE"
        offer_kind(
            Offered(ENTITLEMENTS, entitling.importing_hats, entitling.REFUSAL, command=command)
        )
