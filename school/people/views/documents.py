"""The public check of what the School issues: issued or not, holding or not, the file unaltered or not, and nothing else.

The page never receives the file: its SHA-256 is worked out where the file is (static/js/check-file.js), or typed.
"""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from school.core import codes, registries
from school.people.forms import CheckCodeForm, CheckFileForm


@never_cache
@login_not_required
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Where a code is typed, or a file is chosen."""
    by_code = CheckCodeForm(request.GET if "code" in request.GET else None)
    by_file = CheckFileForm(request.GET if "digest" in request.GET else None)
    for form, name in ((by_code, "code"), (by_file, "digest")):
        if form.is_bound and form.is_valid():
            return redirect("check_document", form.cleaned_data[name])
    refused = by_file if by_file.errors else by_code
    context = {"by_code": by_code, "by_file": by_file, "refused": refused}
    status = 422 if refused.errors else 200
    return render(request, "people/check.html", context, status=status)


@never_cache
@login_not_required
@require_safe
def check_document(request: HttpRequest, code: str) -> HttpResponse:
    """What became of that which was issued under a code, or as the file with a SHA-256."""
    if not ratelimit.consume(
        request, app="allauth.account", action="check_document", limit_get=True
    ):
        return render(request, "429.html", status=429)
    digest = code if CheckFileForm({"digest": code}).is_valid() else ""
    key = digest or codes.plain(code)
    found = registries.issued(key) if key else None
    form = CheckFileForm(request.GET if "digest" in request.GET and not digest else None)
    unaltered = None
    if found is not None and not found.ours:
        # Whoever brought it may have made the file: that it is the same says nothing of the School.
        pass
    elif digest:
        unaltered = found is not None
    elif form.is_bound and form.is_valid():
        unaltered = found is not None and form.cleaned_data["digest"] in found.digests
    context = {
        "code": "" if digest else codes.grouped(key) or code[:40],
        "found": found,
        "form": form,
        "unaltered": unaltered,
    }
    status = 422 if form.errors else 200
    return render(request, "people/check_document.html", context, status=status)
