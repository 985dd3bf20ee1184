"""Makes the kept state of bookings and events anew from their steps, and says what differed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from school.courses import standing


class Command(BaseCommand):
    help = (
        "Rebuilds the state of bookings and events from the facts; exits 1 when something differed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="report only; nothing is changed")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            found = standing.rebuild()
            if options["check"]:
                transaction.set_rollback(True)
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(
                f"{len(found)} differed from the facts."
                + (" Nothing was changed." if options["check"] else " They are rebuilt.")
            )
        self.stdout.write("What is kept agrees with the facts.")
