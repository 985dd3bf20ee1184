"""Training coverage as an app."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """What training is required of whom, and who has it."""

    name = "school.coverage"
    label = "coverage"
