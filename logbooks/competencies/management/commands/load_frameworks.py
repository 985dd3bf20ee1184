"""Loads the frameworks that the portal ships with; `prepare` calls it by name, since it stands below this app."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from logbooks.competencies import shipped
from school.core.errors import DomainError


class Command(BaseCommand):
    help = "Adds the types of examination, tracers and frameworks that ship with the portal, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            shipped.load()
        except DomainError as error:
            raise CommandError(error.message) from None
