"""Notices anew what people did, from the first fact on."""

from typing import Any

from django.core.management.base import BaseCommand

from logbooks.cpd import noticed


class Command(BaseCommand):
    help = "Notices anew what people did by every fact; what they kept or dismissed stays so."

    def handle(self, *args: Any, **options: Any) -> None:
        noticed.notice_anew()
        self.stdout.write("What people did is noticed from the first fact on.")
