"""The School's courses and events as an app."""

from datetime import timedelta

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, events and places, attendance, attainments and certificates."""

    name = "school.courses"
    label = "courses"

    def ready(self) -> None:
        from school.core import jobs
        from school.core.registries import offer_clashes
        from school.courses import clashes, tasks
        from school.people.envelope import because

        offer_clashes(clashes.due_at)
        jobs.register("courses.move_lists", tasks.move_lists, every=timedelta(minutes=5))
        because("booking_to_approve", "somebody you answer for asks for it")
        because("event_changed", "you have a booking there")
