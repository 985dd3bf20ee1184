"""Makes the public pages that are missing; `prepare` calls it by name, since it lies below the pages."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.setup import ensure_pages


class Command(BaseCommand):
    help = "Makes the home page, a page for every site and the plain pages, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_pages()
