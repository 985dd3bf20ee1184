"""What was published: its page, its people, its documents, what came later, sending it and taking it back."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from school.core import ledger
from school.core.codes import grouped
from school.core.errors import DomainError
from school.courses.views import demand, refuse, signed_in, status_of
from school.coverage import frozen, later, policies, publication_files, told
from school.coverage.actions import reporting, sending
from school.coverage.forms.reports import SendForm, WithdrawForm
from school.coverage.frozen import Published
from school.coverage.models import Publication, Sending
from school.coverage.policies import Sight
from school.coverage.publication_files import Column
from school.coverage.views.reports import may_look, publisher
from school.people.middleware import Viewer
from school.people.models import Person, Site

# So many lines stand on a page; the rest is in the file.
MOST = 500


def _found(request: HttpRequest, publication: UUID) -> tuple[Viewer, Publication]:
    viewer, _ = signed_in(request)
    demand(may_look(viewer))
    rows = policies.publications(viewer).select_related(
        "report", "drafted_by", "reviewed_by", "files", "withdrawal"
    )
    return viewer, get_object_or_404(rows, entry__uuid=publication)


@require_safe
def publication(request: HttpRequest, publication: UUID) -> HttpResponse:
    """The figures as they were published."""
    viewer, found = _found(request, publication)
    published = frozen.opened(found)
    seen = policies.sight(viewer)
    withdrawal = getattr(found, "withdrawal", None)
    shown = publication_files.columns(published)
    whole = publication_files.columns(published, inside=True)
    tables = [
        _table(found, published, *pair, names=_has_names(seen))
        for pair in zip(shown, whole, strict=True)
    ]
    context = {
        "publication": found,
        "published": published,
        "asked": publication_files.asked(published),
        "other": publication_files.other(published.policy).value.capitalize(),
        "tables": tables,
        "hides": any(row["hidden"] for table in tables for row in table["rows"]),
        "code": grouped(found.code),
        "publishes": bool(policies.may_publish(viewer)),
        "names": _has_names(seen),
        "withdrawal": withdrawal,
        "reason": ledger.private_text(withdrawal, "reason") if withdrawal else "",
        "kinds": list(publication_files.KINDS) if getattr(found, "files", None) else [],
        "sendings": _sendings(found),
    }
    return render(request, "coverage/reports/publication.html", context)


def _has_names(seen: Sight | None) -> bool:
    return seen is not None and seen.names != frozenset()


def _table(
    found: Publication, published: Published, told: Column, whole: Column, *, names: bool
) -> dict[str, Any]:
    """One requirement as inside the School, with what is hidden outside marked."""
    keys = [*(group.key for group in published.groups), ""]
    page = reverse("publication_people", args=[found.uuid])
    rows = []
    for key, out, row in zip(keys, [*told.rows, told.together], [*whole.rows, whole.together], strict=True):  # fmt: skip
        query = urlencode({"requirement": whole.asked.code, "group": key})
        rows.append(
            {
                "row": row,
                "cells": row.cells,
                "hidden": out.figure is None,
                "url": f"{page}?{query}" if names else "",
            }
        )
    return {"asked": whole.asked, "rows": rows}


def _sendings(publication: Publication) -> list[dict[str, Any]]:
    rows: Iterable[Sending] = Sending.objects.filter(publication=publication).select_related(
        "entry", "person"
    )
    found = list(rows)
    texts = ledger.private_texts(found, "address")
    return [
        {
            "who": one.person.name if one.person else texts.get(one.pk, "") or "An address, erased since",
            "at": one.entry.recorded_at,
        }
        for one in found
    ]  # fmt: skip


@require_safe
def people(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Who stood behind a figure as it was published, at the sites whose people the viewer sees."""
    viewer, found = _found(request, publication)
    seen = policies.sight(viewer)
    if seen is None or not _has_names(seen):
        raise Http404
    published = frozen.opened(found)
    code, group = request.GET.get("requirement", ""), request.GET.get("group", "")
    asked = next((one for one in published.requirements if one.code == code), None)
    named = next((one for one in published.groups if one.key == group), None)
    if asked is None or (group and named is None):
        raise Http404
    sites = {
        one.uuid: one
        for one in Site.objects.all()
        if seen.names_at(one.pk) and group in ("", str(one.uuid), one.network_region)
    }
    lines = [one for one in frozen.lines(found, code) if one.site in sites]
    who = Person.objects.in_bulk({one.person for one in lines}, field_name="uuid")
    viewer.opened(*who.values())
    context = {
        "publication": found,
        "published": published,
        "asked": asked,
        "group": named.name if named else publication_files.TOGETHER,
        "states": told.by_state(lines, who, sites),
        "total": len(lines),
    }
    return render(request, "coverage/reports/people.html", context)


@require_safe
def came_later(request: HttpRequest, publication: UUID) -> HttpResponse:
    """What is known by now of the day of a publication and was not known when it was made."""
    viewer, found = _found(request, publication)
    published, seen = frozen.opened(found), policies.sight(viewer)
    came = later.came_later(found)
    mine = told.seen_of(came.by_site, seen)
    lines = told.lines_of(mine, published.policy, MOST)
    viewer.opened(*[one.person for one in lines])
    context = {
        "publication": found,
        "published": published,
        "asked": publication_files.asked(published),
        "sums": came.summed(published.policy),
        "lines": lines,
        "more": len(mine) - len(lines),
        "total": len(came.by_site),
    }
    return render(request, "coverage/reports/later.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, publication: UUID, format: str) -> HttpResponse:
    """A document of a publication, as it was made."""
    _, found = _found(request, publication)
    files = getattr(found, "files", None)
    if format not in publication_files.KINDS or files is None:
        raise Http404
    data = publication_files.kept(files, format)
    if data is None:
        raise DomainError(
            "This document is missing where files are kept, or is not what was made. Write to whoever looks "
            "after the portal: it can be brought back from a backup."
        )
    name = f"training-coverage-{found.entry.about_from.isoformat()}-{grouped(found.code)}.{format}"
    return HttpResponse(
        data,
        content_type=publication_files.KINDS[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Send a publication to somebody."""
    _, person = publisher(request)
    _, found = _found(request, publication)
    form = SendForm(
        request.POST if request.method == "POST" else None,
        readers=policies.readers(found.report),
        outside=found.goes_outside,
        initial={"uuid": uuid4()},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            sending.send_publication(by=person, publication=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "It is sent, and kept on record.")
            return redirect("publication", found.uuid)
    context = {"form": form, "title": "Send the report", "button": "Send it"} | _back(found)
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Take a publication back."""
    _, person = publisher(request)
    _, found = _found(request, publication)
    form = WithdrawForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid4()}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            reporting.withdraw_publication(by=person, publication=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The report is withdrawn.")
            return redirect("publication", found.uuid)
    context = {
        "form": form,
        "title": "Withdraw the report",
        "lead": "It stays readable, and its page and the check of its code say that it was withdrawn. It cannot be "
        "brought back; you can publish another.",
        "button": "Withdraw it",
    } | _back(found)
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))


def _back(publication: Publication) -> dict[str, str]:
    return {
        "kicker": publication.report.title,
        "back": reverse("publication", args=[publication.uuid]),
        "back_text": "The report",
    }
