"""A student's copies of the whole log book: made, downloaded, shared with a reader, and what the reader sees."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies import books_queries as queries
from logbooks.competencies.actions.books import end_sharing, open_shared, share_copy
from logbooks.competencies.book import files, work
from logbooks.competencies.book.files import FORMATS
from logbooks.competencies.forms.books import CopyForm, ShareForm
from logbooks.competencies.models import LogBookCopy, SharedCopy, SharedCopyOpening
from logbooks.competencies.views.common import own_enrolment, person_of, viewer_of
from placements.views.coordinator import status_of
from school.core import clock
from school.core.codes import grouped
from school.core.errors import DomainError
from school.core.forms import refuse

# How long a link works unless the student says otherwise.
USUAL = timedelta(days=30)
# What a student says of a reader.
SENT = ("uuid", "name", "address", "purpose", "ends_on")
MISSING = (
    "The file is not kept any more: words in it were erased, or it is missing where files are kept. "
    "A new copy can be made at any time."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_book_copies(request: HttpRequest) -> HttpResponse:
    """A student's copies with whom each is shared; a POST asks for a new one."""
    enrolment = own_enrolment(request)
    form = CopyForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            found = work.ask(
                by=person_of(request),
                enrolment=enrolment,
                reflections=form.cleaned_data["reflections"],
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("progress", found.uuid)
    rows = [{"listed": row, "code": grouped(row.copy.code)} for row in queries.listed(enrolment)]
    context = {"form": form, "rows": rows, "formats": FORMATS, "student": enrolment.person}
    return render(request, "competencies/book/copies.html", context, status=status_of(form, status))


@never_cache
@require_safe
def log_book_copy_file(request: HttpRequest, copy: UUID, format: str) -> HttpResponse:
    """One of the files of a student's own copy."""
    return _file(_own(request, copy), format)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share_log_book(request: HttpRequest, copy: UUID) -> HttpResponse:
    """Send a named reader a link to a copy."""
    found = _own(request, copy)
    initial = {"uuid": uuid4(), "ends_on": clock.today() + USUAL}
    form = ShareForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            sent = {name: form.cleaned_data[name] for name in SENT}
            share = share_copy(by=person_of(request), copy=found, **sent)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"A mail with the link is on its way to {share.address}.")
            return redirect("log_book_copies")
    context = {"form": form, "copy": found, "code": grouped(found.code)}
    return render(request, "competencies/book/share.html", context, status=status_of(form, status))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_log_book_share(request: HttpRequest, share: UUID) -> HttpResponse:
    """End a link before its day; asked once more on a page of its own."""
    found = get_object_or_404(
        SharedCopy.objects.select_related("copy__enrolment").filter(
            copy__enrolment__person__in=viewer_of(request).me
        ),
        uuid=share,
    )
    if request.method == "POST":
        end_sharing(by=person_of(request), share=found)
        messages.success(request, f"The link of {found.name} is ended.")
        return redirect("log_book_copies")
    openings = list(found.openings.order_by("-opened_at")[:50])
    context = {"share": found, "openings": openings, "code": grouped(found.copy.code)}
    return render(request, "competencies/book/end.html", context)


def _own(request: HttpRequest, copy: UUID) -> LogBookCopy:
    person_of(request)
    found: LogBookCopy = get_object_or_404(queries.own(viewer_of(request).me), entry__uuid=copy)
    return found


def _file(copy: LogBookCopy, format: str) -> HttpResponse:
    if format not in FORMATS:
        raise Http404
    data = files.kept(copy, format)
    if data is None:
        raise DomainError(MISSING)
    name = files.called(copy, format)
    return HttpResponse(
        data,
        content_type=FORMATS[format].content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# What a reader sees -----------------------------------------------------------------------------


@never_cache
@login_not_required
@require_safe
def shared_log_book(request: HttpRequest, token: str) -> HttpResponse:
    """What a link opens: whose copy it is, what for, until when, and its files."""
    return _opened(request, token, SharedCopyOpening.What.PAGE)


@never_cache
@login_not_required
@require_safe
def shared_log_book_file(request: HttpRequest, token: str, format: str) -> HttpResponse:
    """One of the files behind a link."""
    if format not in FORMATS:
        raise Http404
    return _opened(request, token, format)


def _opened(request: HttpRequest, token: str, what: str) -> HttpResponse:
    if not ratelimit.consume(
        request, app="allauth.account", action="shared_log_book", limit_get=True
    ):
        answer = render(request, "429.html", status=429)
    else:
        answer = _behind(request, token, what)
    # Neither kept nor found by a search machine, and no other site learns the address.
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _behind(request: HttpRequest, token: str, what: str) -> HttpResponse:
    try:
        share = open_shared(token=token, what=what)
        if what != SharedCopyOpening.What.PAGE:
            return _file(share.copy, what)
    except DomainError as error:
        context: dict[str, Any] = {"error": error}
        return render(request, "competencies/book/closed.html", context, status=410)
    enrolment = share.copy.enrolment
    context = {
        "share": share,
        "student": enrolment.person,
        "programme": enrolment.cohort.programme,
        "code": grouped(share.copy.code),
        "token": token,
        "formats": FORMATS,
    }
    return render(request, "competencies/book/shared.html", context)
