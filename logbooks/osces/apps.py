"""Objective structured clinical examinations."""

from django.apps import AppConfig


class OscesConfig(AppConfig):
    """Design, the day, marks and the standard of an OSCE."""

    name = "logbooks.osces"
