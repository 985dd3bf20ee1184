"""The editor's menu: pages, pictures, documents and reports; nothing that leads elsewhere."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

KEPT = {"explorer", "images", "documents", "reports"}


@hooks.register("construct_main_menu")
def keep_own_items(request: HttpRequest, items: list[Any]) -> None:
    """Leave out settings and help: their pages are closed here or lie outside the portal."""
    items[:] = [item for item in items if item.name in KEPT]
