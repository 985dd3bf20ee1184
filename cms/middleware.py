"""The door of the pages' editor: roles of today, no second way of signing in, and a policy of its own."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from cms import actions, policies

EDITOR = "/admin/"
# Accounts, groups and passwords have one door each, and it is not here.
ELSEWHERE = {"password_reset", "groups", "sites", "workflows"}
# Wagtail's editor writes scripts and styles into its pages, and shows what is about to be uploaded.
ADDED = {
    "script-src": [UNSAFE_INLINE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["blob:"],
    "frame-src": [SELF],
}


class EditorMiddleware:
    """Lets writers of pages into the editor, and nobody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "in_editor", False):
            response._csp_update = ADDED  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not request.path_info.startswith(EDITOR):
            return None
        part = request.path_info.removeprefix(EDITOR).partition("/")[0]
        if part in ELSEWHERE:
            raise Http404
        if part == "account" and request.user.is_authenticated:
            return redirect("mfa_index")
        if part == "login" or not request.user.is_authenticated:
            return redirect_to_login(resolve_url("wagtailadmin_home"))
        decision = policies.may_write_pages(request.viewer)  # type: ignore[attr-defined]
        if not decision:
            raise PermissionDenied(decision.reason)
        actions.enter_editor(by=request.user)
        request.in_editor = True  # type: ignore[attr-defined]
        return None
