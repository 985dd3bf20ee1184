"""The editor's menu: pages, pictures, documents, redirects and reports; nothing that leads elsewhere.

Writers hear of each other's pages through the portal's own mail (cms.telling), so Wagtail's is switched off.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

KEPT = {"explorer", "images", "documents", "redirects", "reports", "portal"}

for signal, sender, name in (
    (task_submitted, TaskState, "group_approval_task_submitted"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted"),
    (workflow_approved, WorkflowState, "workflow_state_approved"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected"),
):
    signal.disconnect(sender=sender, dispatch_uid=f"{name}_email_notification")


@hooks.register("register_admin_menu_item")
def lead_back() -> MenuItem:
    """The way back to the portal."""
    return MenuItem("Back to the portal", "/", name="portal", icon_name="home", order=1)


@hooks.register("register_admin_menu_item")
def offer_redirects() -> MenuItem:
    """What leads on from an address that a page had before."""
    address = reverse("wagtailredirects:index")
    return MenuItem("Redirects", address, name="redirects", icon_name="redirect", order=850)


@hooks.register("construct_main_menu")
def keep_own_items(request: HttpRequest, items: list[Any]) -> None:
    """Leave out settings and help: their pages are closed here or lie outside the portal."""
    items[:] = [item for item in items if item.name in KEPT]
