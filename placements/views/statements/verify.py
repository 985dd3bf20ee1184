"""The public check of a statement: issued or not, current or not, the file unaltered or not, and nothing else."""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from placements import statement_pdf
from placements import statements_queries as queries
from placements.forms.statements import MAX_BYTES, CodeForm, FileForm
from placements.models import HoursStatement
from school.core import codes, documents


@never_cache
@login_not_required
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Where the code of a statement is typed."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify_statement", form.cleaned_data["code"])
    return render(
        request,
        "placements/statements/door.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@never_cache
@csrf_exempt  # `_answer` asks for the token, once the size is known: to look for it is to read the file
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify_statement(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a statement of this code was issued and holds, and whether a file that is sent is the one issued."""
    if not ratelimit.consume(
        request, app="allauth.account", action="verify_statement", limit_get=True
    ):
        return render(request, "429.html", status=429)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return _page(request, code, FileForm(), status=413, too_large=True)
    return _answer(request, code)


@csrf_protect
def _answer(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, code, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, code, form, status=422)
    found = queries.by_code(codes.plain(code))
    return _page(request, code, FileForm(), unaltered=is_unaltered(found, form.data_sent()))


def is_unaltered(statement: HoursStatement | None, pdf: bytes) -> bool:
    """Whether a file is the one that was issued: its digest is the fact's, and it bears the School's seal.

    The seal is looked at second, so that no other file than one of ours is ever read as a PDF.
    """
    if statement is None or documents.digest(pdf) != statement.digest:
        return False
    return statement_pdf.bears_seal(pdf)


def _page(
    request: HttpRequest, code: str, form: FileForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    plain = codes.plain(code)
    found = queries.by_code(plain)
    context = {
        "code": codes.grouped(plain) if plain else code[:40],
        "form": form,
        "verdict": queries.validity_of(found).value if found else "unknown",
        **more,
    }
    return render(request, "placements/statements/verify.html", context, status=status)
