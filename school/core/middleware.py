"""What holds for every answer: refusals become pages, addresses are text, and what one person sees is nobody else's."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from school.core.errors import DomainError, NotYet

# Whether a page is being answered: what takes long is then left to a worker.
answering: ContextVar[bool] = ContextVar("answering", default=False)


class DomainErrorMiddleware:
    """Shows a DomainError with its own status: 403, 409, 422 or, with when to ask again, 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = answering.set(True)
        try:
            return self.get_response(request)
        finally:
            answering.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        response = render(request, "refused.html", {"error": error}, status=error.status)
        if isinstance(error, NotYet):
            # A browser comes again by itself, a program is told when.
            response.headers["Refresh"] = response.headers["Retry-After"] = str(error.again_after)
        return response


class PrivateMiddleware:
    """Keeps what a signed-in person sees out of every store, unless the answer says itself who may keep it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Who never looked at the session has an answer that is the same for all.
        if request.session.accessed and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class TextAddressMiddleware:
    """Finds nothing at an address with a NUL, which no database on PostgreSQL can be asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)
