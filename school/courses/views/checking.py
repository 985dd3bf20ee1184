"""What is open to everybody: whether a certificate holds, and what programs check badges by.

The check says valid, expired or revoked and nothing more: no name and no course. Whoever holds the paper has both
before them, and whoever only guesses codes learns of nobody.
"""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from school.core import badges, clock, codes
from school.courses import attained_queries as queries
from school.courses import certificates
from school.courses.forms.attaining import CodeForm

LISTS = 100
# A list is signed anew when a badge is revoked, and this often at least, in seconds.
RENEWED = 3600


@never_cache
@login_not_required
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Where the code of a certificate is typed."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("check_certificate", form.cleaned_data["code"])
    return render(
        request, "courses/attaining/door.html", {"form": form}, status=422 if form.errors else 200
    )


@never_cache
@login_not_required
@require_safe
def check_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate of this code is valid, has expired or was revoked."""
    if not ratelimit.consume(
        request, app="allauth.account", action="verify_statement", limit_get=True
    ):
        return render(request, "429.html", status=429)
    plain = codes.plain(code)
    verdict = queries.validity_of(queries.by_code(plain))
    context = {"code": codes.grouped(plain) if plain else code[:40], "verdict": verdict.value}
    return render(request, "courses/attaining/check.html", context)


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
