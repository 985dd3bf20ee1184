"""The undergraduate placement programme."""

from datetime import time

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Programme, places, placements, hours and their confirmation."""

    name = "placements"

    def ready(self) -> None:
        from placements import arriving_tasks, clashes, done, policies, statements_queries, tasks
        from placements.actions import addresses, links
        from placements.imports import work
        from placements.models import MeetingSignature, Shift, ShiftDecision
        from placements.panels import addresses as own_addresses
        from placements.panels import (
            arriving,
            audits,
            coordinator,
            during,
            educator,
            evaluations,
            requests,
            statements,
            student,
        )
        from school.core import jobs
        from school.core.registries import offer_clashes, offer_done, offer_issued, offer_panels
        from school.people.envelope import because
        from school.people.mail import mail_refused
        from school.people.policies import offer_visible

        offer_panels("home", student.panels)
        offer_panels("home_later", student.changed)
        offer_panels("home_later", arriving.panels)
        offer_panels("home", educator.panels)
        offer_panels("home", arriving.radiation)
        offer_panels("home", coordinator.home)
        offer_panels("home_later", requests.panels)
        offer_panels("home_later", during.home)
        offer_panels("home_later", evaluations.panels)
        offer_panels("home_later", audits.panels)
        offer_panels("person", coordinator.person)
        offer_panels("person", during.person)
        offer_panels("person", statements.person)
        offer_panels("home_later", own_addresses.home)
        offer_clashes(clashes.due_at)
        offer_issued(statements_queries.issued)
        offer_done(Shift.KIND, done.worked)
        offer_done(ShiftDecision.KIND, done.decided)
        offer_done(MeetingSignature.KIND, done.met)
        offer_visible(policies.people)
        jobs.register("placements.digest", tasks.digest, at=time(7))
        jobs.register("placements.cover_begins", tasks.cover_begins, at=time(6, 30))
        jobs.register("placements.look_ahead", arriving_tasks.look_ahead, at=time(6, 45))
        jobs.register("placements.old_imports", work.delete_old, at=time(3, 30))
        mail_refused("confirmation_link", links.note_refused)
        mail_refused("confirmation_code", links.note_refused)
        mail_refused("hours_digest", addresses.note_refused)
        because("hours_digest", "you confirm hours here")
        because("shift_decided", "the hours are yours")
        because("meeting_waits", "you take part in the meeting")
        because("visit_written", "the placement is yours")
