"""What is open to everybody: what programs check badges by. Certificates are checked where all documents are."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from school.core import badges, clock
from school.courses import attained_queries as queries
from school.courses import certificates

LISTS = 100
# A list is signed anew when a badge is revoked, and this often at least, in seconds.
RENEWED = 3600


def _public(document: dict[str, Any]) -> JsonResponse:
    """A document that programs elsewhere read, in a browser's page too."""
    return JsonResponse(
        document,
        json_dumps_params={"indent": 1},
        content_type="application/ld+json",
        headers={"Access-Control-Allow-Origin": "*"},
    )


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> HttpResponse:
    """The School's public keys, by which its badges are checked."""
    return _public(badges.controller_document())


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def badge_status(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list that says which badges are revoked."""
    if number >= LISTS:
        raise Http404
    revoked = queries.revoked_in(number, badges.LIST_SIZE)
    held: tuple[list[int], dict[str, Any]] | None = cache.get(f"badge_status:{number}")
    if held is None or held[0] != revoked:
        url = certificates.list_address(number)
        held = (revoked, badges.status_list(url, revoked, at=clock.now()))
        cache.set(f"badge_status:{number}", held, RENEWED)
    return _public(held[1])
