"""Writes the documentation of import files."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from placements.imports.documented import document


class Command(BaseCommand):
    help = "Writes docs/imports.md from the row models of the imports."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "imports.md").write_text(document(), encoding="utf-8")
