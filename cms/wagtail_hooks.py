"""The editor's menu: pages, pictures, documents and reports; nothing that leads elsewhere."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

KEPT = {"explorer", "images", "documents", "reports", "portal"}


@hooks.register("register_admin_menu_item")
def lead_back() -> MenuItem:
    """The way back to the portal."""
    return MenuItem("Back to the portal", "/", name="portal", icon_name="home", order=1)


@hooks.register("construct_main_menu")
def keep_own_items(request: HttpRequest, items: list[Any]) -> None:
    """Leave out settings and help: their pages are closed here or lie outside the portal."""
    items[:] = [item for item in items if item.name in KEPT]
