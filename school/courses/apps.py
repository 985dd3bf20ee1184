"""The School's courses and events as an app."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, events and places, attendance, attainments and certificates."""

    name = "school.courses"
    label = "courses"
