"""Loads the courses that the portal ships with; `prepare` calls it by name, since the two stand beside each other."""

from typing import Any

from django.core.management.base import BaseCommand

from school.courses import shipped


class Command(BaseCommand):
    help = "Adds the courses that ship with the portal, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        shipped.load()
