"""The School's courses and events as an app."""

from datetime import time, timedelta

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, events and places, attendance, attainments and certificates."""

    name = "school.courses"
    label = "courses"

    def ready(self) -> None:
        from school.core import jobs
        from school.core.files.offered import offer_kind, offer_kinds
        from school.core.registries import (
            hear,
            offer_clashes,
            offer_done,
            offer_issued,
            offer_panels,
        )
        from school.courses import attained_queries, clashes, done, tasks
        from school.courses.actions.certifying import certify
        from school.courses.imports import courses, sources
        from school.courses.models import (
            Attainment,
            AttainmentVoid,
            Attendance,
            Booking,
            BookingStep,
        )
        from school.courses.panels import attaining, booking, day, modules, teaching
        from school.people.envelope import because

        offer_clashes(clashes.due_at)
        offer_issued(attained_queries.issued)
        jobs.register("courses.move_lists", tasks.move_lists, every=timedelta(minutes=5))
        jobs.register("courses.remind", tasks.remind, at=time(7, 15))
        jobs.register("courses.forget_needs", tasks.forget_needs, at=time(3, 45))
        offer_panels("home_learning", booking.panels)
        offer_kind(courses.OFFERED)
        offer_kind(sources.OWN)
        offer_kinds(sources.kinds)
        hear(Attainment.KIND, certify)
        offer_done(Attainment.KIND, done.attained)
        offer_done(AttainmentVoid.KIND, done.voided)
        offer_done(BookingStep.KIND, done.came)
        offer_done(Attendance.KIND, done.was_there)
        offer_panels("home", teaching.home)
        offer_panels("home", day.registers)
        offer_panels("home_learning", day.to_evaluate)
        offer_panels("learning", day.to_evaluate)
        offer_panels("learning", modules.learning)
        offer_panels("learning", attaining.learning)
        offer_panels("person", attaining.person)
        offer_panels("home_learning", attaining.home)
        because("certificate_issued", "the certificate is yours")
        because("claim_decided", "the evidence is yours")
        because("attainment_changed", "it is on your record of learning")
        because("booking_to_approve", "somebody you answer for asks for it")
        because("event_changed", "you have a booking there")
        because("event_to_evaluate", "you were there")
        because("event_reminder", "you have a place there")
        for state in Booking.State:
            because(f"booking_{state}", "you have a booking there")
