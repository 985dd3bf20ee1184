"""Puts the signed-in person and their hats on the request."""

from collections.abc import Callable
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from school.people.models import Person
from school.people.queries import Hat, hats
from school.people.roles import Permission


class Viewer:
    """Who is looking: the person, the roles they hold today, and the hat they wear."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        """The person of the signed-in account; none for visitors and for accounts without a person."""
        user = self._request.user
        return getattr(user, "person", None) if user.is_authenticated else None

    @cached_property
    def hats(self) -> list[Hat]:
        """The roles held today."""
        return hats(self.person) if self.person else []

    @cached_property
    def hat(self) -> Hat | None:
        """The hat worn now: the one chosen, else the first."""
        chosen = self._request.session.get("hat")
        for hat in self.hats:
            if f"{hat.role.key}:{hat.scope.uuid}" == chosen:
                return hat
        return self.hats[0] if self.hats else None

    def may(self, permission: Permission) -> bool:
        """Whether any of the hats allows something."""
        return any(permission in hat.role.permissions for hat in self.hats)


class PersonMiddleware:
    """Sets `request.viewer`, which reads nothing until it is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: Viewer(request))  # type: ignore[attr-defined]
        return self.get_response(request)
