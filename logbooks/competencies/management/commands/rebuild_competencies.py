"""Makes where competencies stand anew from the facts, and says what differed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from logbooks.competencies import standing
from placements.models import Enrolment


class Command(BaseCommand):
    help = "Rebuilds where competencies stand from the facts; exits 1 when something differed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="report only; nothing is changed")
        parser.add_argument("--student", help="one student number instead of everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Enrolment.objects.order_by("pk")
        if options["student"]:
            rows = rows.filter(student_number=options["student"])
        looked, wrong = 0, 0
        for enrolment in rows.iterator(chunk_size=500):
            looked += 1
            with transaction.atomic():
                found = standing.rebuild(enrolment)
                if options["check"]:
                    transaction.set_rollback(True)
            for sentence in found:
                wrong += 1
                self.stdout.write(f"{enrolment.student_number}: {sentence}")
        self.stdout.write(f"{looked:,} enrolments, {wrong:,} differences.")
        if wrong:
            raise CommandError(
                "What is kept differed from the facts."
                + (" Nothing was changed." if options["check"] else " It is rebuilt.")
            )
