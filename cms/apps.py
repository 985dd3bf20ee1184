"""Wagtail pages of the School."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Home, site and plain pages, and those of courses, events, learning material and modules."""

    name = "cms"

    def ready(self) -> None:
        """Say where public pages are and where they are written, and publish what is due."""
        from cms import lessons, panels, tasks
        from school.core import jobs, registries
        from school.courses.models import Course, Event, Module
        from school.people.envelope import because
        from school.people.models import Site

        for model in (Site, Course, Event, Module):
            registries.offer_link(model, address_of)
        for model in (Course, Event, Module):
            registries.offer_desk(model, desk_of)
        registries.offer_panels("home", panels.to_read)
        registries.offer_lessons(lessons.lessons)
        jobs.register("cms.publish_scheduled", tasks.publish_scheduled, every=timedelta(minutes=5))
        because("page_to_review", "you write the School’s courses")
        because("page_reviewed", "you submitted the page")


def address_of(target: Any) -> str | None:
    """The address of an object's page while it is public; a list asks once when it has selected `page`."""
    page = getattr(target, "page", None)
    return page.get_url() if page and page.live else None


def desk_of(target: Any) -> str:
    """The address at which the page of a course, an event or a module is written."""
    from django.urls import reverse

    return reverse(f"write_{target._meta.model_name}", args=[target.uuid])
