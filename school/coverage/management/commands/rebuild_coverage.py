"""Makes what people had satisfied anew from the facts, and says of how many it differed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from school.coverage import standing


class Command(BaseCommand):
    help = "Rebuilds what people had satisfied from the facts; exits 1 when something differed."

    def handle(self, *args: Any, **options: Any) -> None:
        differed = standing.rebuild()
        self.stdout.write(f"{differed:,} people differed.")
        if differed:
            raise CommandError("What was kept differed from the facts. It is rebuilt.")
