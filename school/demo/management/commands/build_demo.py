"""Fills a prepared database with invented people and years of placements."""

import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from placements.models import Enrolment
from school.core import clock, days
from school.demo import builder
from school.demo.accounts import open_accounts
from school.demo.personas import PASSWORD, PERSONAS, TOTP_SECRET


class Command(BaseCommand):
    help = "Builds the demo network, once: the same for the same seed, date and scale."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--date", type=date.fromisoformat, help="the demo's today, such as 2026-11-19"
        )
        parser.add_argument(
            "--scale",
            type=int,
            default=1,
            help="1 is the network; 100 is 100 times the people and ten years of shifts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Enrolment.objects.exists():
            self.stdout.write("There are students already, so no demo was built.")
            return
        if options["scale"] < 1:
            raise CommandError("--scale must be 1 or more.")
        began = time.monotonic()
        today = options["date"] or clock.today()
        if today > clock.today():
            raise CommandError(f"--date {today} is in the future. Use today or an earlier day.")
        run = builder.build(
            today=today,
            at=days.local(clock.now()).time().replace(second=0, microsecond=0),
            seed=options["seed"],
            scale=options["scale"],
        )
        open_accounts()
        write_sign_ins()
        counts = ", ".join(f"{number:,} {what}" for what, number in builder.describe(run).items())
        self.stdout.write(f"Built the demo in {time.monotonic() - began:.1f} s: {counts}.")


def write_sign_ins() -> None:
    """Keeps one sign-in per role in a file that `make run` prints."""
    lines = ["One click: /demo/   With a form:"]
    lines += [f"  {persona.role.name:<31} {persona.email}" for persona in PERSONAS]
    lines += [
        f"  Password: {PASSWORD}",
        f"  Authenticator key, where a role asks for a second factor: {TOTP_SECRET}",
    ]
    (settings.VAR_DIR / "sign-ins.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
