"""The competency log book."""

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    """Frameworks, the log of examinations, and sign-off."""

    name = "logbooks.competencies"
