"""manage.py renew_badge_key: sign badges with a new key from now on; those signed before go on holding."""

from typing import Any

from django.core.management.base import BaseCommand

from school.core import badges


class Command(BaseCommand):
    help = "Makes a new key that signs Open Badges from now on; earlier public keys stay in the document that badges are checked by."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"Made {badges.renew_key()}; its public key stands first in {badges.public_file()}. "
            "Keep copies of both away from this machine, and bring them to every other one."
        )
