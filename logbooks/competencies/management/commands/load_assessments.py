"""Loads the assessment forms that the portal ships; `prepare` calls it by name, since it stands below this app."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from logbooks.competencies import shipped_assessments
from school.core.errors import Conflict


class Command(BaseCommand):
    help = "Publishes the assessment forms that ship with the portal, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            shipped_assessments.load()
        except Conflict as error:
            raise CommandError(error.message) from None
