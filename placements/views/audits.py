"""Quality audits of sites: all of them, one site's with what they asked for, and doing it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from placements import audits_queries as queries
from placements import policies
from placements.actions.audits import ask_for_action, finish_action
from placements.forms.audits import ActionForm, DoneForm
from placements.models import SiteAudit, SiteAuditAction
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core import clock
from school.core.errors import DomainError
from school.core.files import writing
from school.people.models import Site

COLUMNS = ("Site", "Region", "Audited on", "Holds until", "State", "Actions open", "Actions overdue")  # fmt: skip


def audits(request: HttpRequest) -> HttpResponse:
    """Every site with its newest audit, those that need one soonest first."""
    watcher(request)
    context = {
        "rows": queries.audited(Site.objects.all()),
        "csv": reverse("audits_file", args=["csv"]),
        "xlsx": reverse("audits_file", args=["xlsx"]),
    }
    return render(request, "placements/audits/audits.html", context)


def audits_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file."""
    watcher(request)
    if format not in writing.FORMATS:
        raise Http404
    about = writing.About(
        title="Quality audits of sites",
        definition="An audit holds for 24 months; it ends soon within 3 months.",
    )
    cells = _cells(queries.audited(Site.objects.all()))
    return writing.table_response("audits", COLUMNS, cells, about, format)


def _cells(rows: list[queries.Audited]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (row.site.name, row.site.network_region, row.audited_on, row.until, row.state, row.open, row.overdue)  # fmt: skip


def site_audits(request: HttpRequest, site: UUID) -> HttpResponse:
    """A site's audits and what they asked for; a POST adds an action to the newest."""
    viewer = watcher(request)
    shown = get_object_or_404(Site, uuid=site)
    found = list(SiteAudit.objects.filter(site=shown).order_by("-entry__about_to", "-pk"))
    may_audit = policies.may_audit(viewer, shown)
    form = ActionForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST":
        demand(may_audit)
        if not found:
            raise Http404
        if form.is_valid():
            try:
                ask_for_action(by=acting(viewer), audit=found[0], **form.cleaned_data)
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "What the audit asks for is kept.")
                return redirect("site_audits", shown.uuid)
    today = clock.today()
    context = {
        "site": shown,
        "audits": found,
        "audited": queries.audited(Site.objects.filter(pk=shown.pk))[0],
        "actions": [
            {"action": row, "overdue": row.done_on is None and row.due < today}
            for row in queries.actions_of(found)
        ],
        "may_audit": bool(may_audit),
        "may_run": bool(policies.may_run_site(viewer, shown)),
        "form": form,
    }
    return render(request, "placements/audits/site.html", context, status=status_of(form, status))


def finish(request: HttpRequest, action: UUID) -> HttpResponse:
    """Note when an action was done."""
    viewer = watcher(request)
    rows = SiteAuditAction.objects.select_related("audit__site", "audit__entry")
    found = get_object_or_404(rows, uuid=action)
    site = found.audit.site
    demand(policies.may_run_site(viewer, site))
    form = DoneForm(
        request.POST if request.method == "POST" else None, initial={"day": clock.today()}
    )
    back = reverse("site_audits", args=[site.uuid])
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            finish_action(by=acting(viewer), action=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The action is done.")
            return redirect(back)
    context = {
        "form": form,
        "title": "Note that it is done",
        "kicker": site.name,
        "lead": found.what,
        "button": "Save",
        "back": back,
        "back_text": "Quality audits",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )
