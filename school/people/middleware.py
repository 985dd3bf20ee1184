"""Puts the signed-in person on the request, asks for sign-in and second factor, and notes who opened whose record."""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from school.people import proof
from school.people.actions import log_access
from school.people.adapter import needs_second_factor
from school.people.models import Person
from school.people.queries import Hat, hats, identity
from school.people.roles import Permission

logger = logging.getLogger(__name__)

# Where somebody may go who still has to set up, or to use, a second factor.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "prove",
        "account_logout",
    }
)
# Help; and what other systems read, which no session opens.
OPEN_PATHS = ("/help/", "/accessibility/", "/privacy/", "/contact/", "/api/")


class Viewer:
    """Who is looking: the person, the roles they hold today, and the hat they wear."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.opened_people: list[Person] = []
        self._identities: dict[int, list[int]] = {}

    @cached_property
    def person(self) -> Person | None:
        """The person of the signed-in account; none for visitors and for accounts without a person."""
        user = self._request.user
        return getattr(user, "person", None) if user.is_authenticated else None

    @cached_property
    def me(self) -> list[int]:
        """The keys of everyone that the person is, merged persons included; none for visitors."""
        return self.identity(self.person) if self.person else []

    def identity(self, person: Person) -> list[int]:
        """The keys of everyone that a person is, asked once a request.

        Whether the viewer is anybody else came with their account: see school.people.adapter.
        """
        if person.pk not in self._identities:
            alone = person == self.person and not getattr(self._request.user, "has_merges", True)
            self._identities[person.pk] = [person.pk] if alone else identity(person)
        return self._identities[person.pk]

    @cached_property
    def hats(self) -> list[Hat]:
        """The roles held today."""
        return hats(self.person) if self.person else []

    @cached_property
    def hat(self) -> Hat | None:
        """The hat worn now: the one chosen, else the first."""
        chosen = self._request.session.get("hat")
        for hat in self.hats:
            if hat.key == chosen:
                return hat
        return self.hats[0] if self.hats else None

    def may(self, permission: Permission) -> bool:
        """Whether any of the hats allows something."""
        return any(permission in hat.role.permissions for hat in self.hats)

    def opened(self, *people: Person) -> None:
        """Note that this page shows records of people; the access log gets a row for each but oneself."""
        self.opened_people += people


class PersonMiddleware:
    """Sets `request.viewer`, which reads nothing until it is asked, and writes the access log after the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        viewer = Viewer(request)
        request.viewer = SimpleLazyObject(lambda: viewer)  # type: ignore[attr-defined]
        response = self.get_response(request)
        others = [person for person in viewer.opened_people if person != viewer.person]
        if others and viewer.person and response.status_code < 400:
            _after(response, viewer.person, others)
        _forget_finished(request, response, viewer)
        return response


def _after(response: HttpResponseBase, viewer: Person, people: list[Person]) -> None:
    """Write the access log when the answer has been sent."""
    close = response.close

    def close_and_log() -> None:
        try:
            log_access(viewer=viewer, people=people)
        except Exception:
            logger.exception("The access log could not be written.")
        close()

    response.close = close_and_log  # type: ignore[method-assign]


def _forget_finished(request: HttpRequest, response: HttpResponseBase, viewer: Viewer) -> None:
    """Once an interrupted act has been sent again and answered, it waits no longer."""
    if request.method != "POST" or response.status_code >= 400:
        return
    finished = request.POST.get(proof.RESUME_FIELD)
    if finished and viewer.person:
        proof.drop(viewer.person.uuid, finished)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it opts out; a form sent meanwhile waits for its owner."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        owner = proof.remembered_owner(request)
        if request.method == "POST" and owner and proof.keep(request, owner):
            return HttpResponseRedirect(f"{reverse('account_login')}?next={reverse('resume')}")
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Whoever sees more than their own students goes nowhere without a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if self._is_open(request) or not request.user.is_authenticated:
            return None
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if proof.used_second_factor(request) or not needs_second_factor(request.user, viewer.hats):
            return None
        if viewer.person:
            proof.keep(request, viewer.person.uuid)
        if proof.authenticator_types(request.user):
            return HttpResponseRedirect(f"{reverse('prove')}?next={_next(request)}")
        return HttpResponseRedirect(reverse("mfa_index"))

    def _is_open(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        name = match.url_name if match else None
        return name in WITHOUT_SECOND_FACTOR or request.path.startswith(OPEN_PATHS)


def _next(request: HttpRequest) -> str:
    return request.path if request.method == "GET" else reverse("resume")
