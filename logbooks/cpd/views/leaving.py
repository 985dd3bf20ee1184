"""Taking one's own CPD record away, and bringing one from another portal."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.cpd import files
from logbooks.cpd.actions.bringing import bring
from logbooks.cpd.forms.leaving import BringForm
from logbooks.cpd.leaving import brought
from logbooks.cpd.leaving import work as making
from logbooks.cpd.leaving.compared import Fate, compared
from logbooks.cpd.views.common import person_of
from school.core.errors import DomainError

# More parts that stay out than this are not named one by one.
SHOWN = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_away(request: HttpRequest) -> HttpResponse:
    """What goes with a person, and their copies of the last week; a POST asks for a new one."""
    person = person_of(request)
    if request.method == "POST":
        return redirect("progress", making.ask(by=person).uuid)
    copies = [
        one
        for one in making.copies(person.uuid)
        if making.path_of(person.uuid, one.uuid) is not None
    ]
    context = {"copies": copies, "days": files.KEPT_DAYS}
    return render(request, "cpd/leaving/take_away.html", context)


@never_cache
@require_safe
def copy(request: HttpRequest, work: UUID) -> HttpResponseBase:
    """One of a person's own copies, as a ZIP."""
    path = making.path_of(person_of(request).uuid, work)
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename="cpd-record.zip",
        content_type="application/zip",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_page(request: HttpRequest) -> HttpResponse:
    """Send a record; it is looked through in the background."""
    person = person_of(request)
    form = BringForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        kept = brought.keep(by=person, pieces=form.cleaned_data["file"].chunks())
        return redirect("progress", kept.uuid)
    context = {"form": form, "days": files.KEPT_DAYS}
    status = 422 if form.errors else 200
    return render(request, "cpd/leaving/bring.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def brought_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a record would bring in; a POST writes it."""
    person = person_of(request)
    found = brought.get(person.uuid, key)
    if found is None:
        raise Http404
    error, status = "", 200
    with found.open() as archive:
        if request.method == "POST":
            try:
                done = bring(by=person, archive=archive, faults=found.faults)
            except DomainError as refused:
                error, status = refused.message, refused.status
            else:
                messages.success(request, said(done.comes_in))
                return redirect("cpd_brought", key)
        comparison = compared(archive.record, request.viewer.me, found.faults)  # type: ignore[attr-defined]
    told = comparison.told()
    context = {
        "error": error,
        "has_errors": bool(error),
        "fates": [fate.value for fate in Fate],
        "counts": comparison.counts(),
        "comes_in": comparison.comes_in,
        "told": told[:SHOWN],
        "more": max(0, len(told) - SHOWN),
        "key": key,
    }
    return render(request, "cpd/leaving/brought.html", context, status=status)


def said(number: int) -> str:
    """What came of bringing a record."""
    if not number:
        return "There was nothing new to write."
    return f"{number:,} part{'' if number == 1 else 's'} of your record came in."
