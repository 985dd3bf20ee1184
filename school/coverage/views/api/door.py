"""Who may ask the API: whoever brings a token, so often a minute, and no browser's session."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthorizationError
from ninja.security import HttpBasicAuth, HttpBearer
from ninja.throttling import SimpleRateThrottle

from school.coverage.actions.tokens import known_token
from school.coverage.models import ApiToken
from school.coverage.policies import UNSEEN, Sight, sight_of
from school.people.queries import hats

# So often a token may ask.
RATE = "120/m"
CHALLENGE = 'Bearer realm="coverage", Basic realm="coverage", charset="UTF-8"'
NAMELESS = "This token gives figures alone. Make one that gives people by name."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who brought a token, and what its maker sees today."""

    token: ApiToken
    sight: Sight | None


def _reader(secret: str) -> Reader | None:
    token = known_token(secret)
    return Reader(token, sight_of(hats(token.person))) if token else None


class Bearer(HttpBearer):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: HttpRequest, token: str) -> Reader | None:
        return _reader(token)


class Basic(HttpBasicAuth):
    """The token as the password, under any name: what spreadsheets can send."""

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Reader | None:
        return _reader(password)


class PerToken(SimpleRateThrottle):
    """Counts each token apart."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"coverage_api:{asking(request).token.pk}"


def asking(request: HttpRequest) -> Reader:
    """Who asks, once the token was known."""
    reader: Reader = request.auth  # type: ignore[attr-defined]
    return reader


def sight_behind(request: HttpRequest) -> Sight:
    """What the token's maker sees today. Raises AuthorizationError where it is nothing any more."""
    sight = asking(request).sight
    if sight is None:
        raise AuthorizationError(message=UNSEEN)
    return sight


def named_sight_behind(request: HttpRequest) -> Sight:
    """The same for people by name. Raises AuthorizationError where the token, or its maker, has none."""
    sight = sight_behind(request)
    if asking(request).token.scope != ApiToken.Scope.NAMES or not sight.has_names:
        raise AuthorizationError(message=NAMELESS)
    return sight


def for_systems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that no session opens: it asks for no sign-in, and nothing of its answer is stored."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if response.status_code == 401:
            response["WWW-Authenticate"] = CHALLENGE
        return response

    return answer
