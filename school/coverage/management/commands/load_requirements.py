"""Loads the drafts of requirements that the portal ships with; `prepare` calls it by name, since it stands below."""

from typing import Any

from django.core.management.base import BaseCommand

from school.coverage import shipped


class Command(BaseCommand):
    help = "Adds the drafts of requirements that ship with the portal, each once."

    def handle(self, *args: Any, **options: Any) -> None:
        shipped.load()
