"""The weeks of work that a site keeps, from which rotas are planned."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from placements import patterns, policies
from placements.actions import patterns as actions
from placements.forms.patterns import PatternForm, said
from placements.models import WorkingPattern
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core.errors import DomainError
from school.people.middleware import Viewer
from school.people.models import Site


def _run(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Site]:
    viewer = watcher(request)
    site = get_object_or_404(Site, uuid=uuid)
    demand(policies.may_run_site(viewer, site))
    return viewer, site


def site_patterns(request: HttpRequest, site: UUID) -> HttpResponse:
    """A site's patterns, and a form to add one."""
    viewer, shown = _run(request, site)
    initial = {"uuid": uuid4(), "start": "08:00", "end": "16:00", "break_minutes": 30}
    form = PatternForm(request.POST if request.method == "POST" else None, initial=initial)

    def add(data: dict[str, Any]) -> WorkingPattern:
        return actions.add_pattern(by=acting(viewer), site=shown, **data)

    status = _kept(request, form, add)
    if status is None:
        return redirect("site_patterns", shown.uuid)
    rows = [{"pattern": row, "said": said(row)} for row in shown.working_patterns.all()]
    context = {"form": form, "site": shown, "rows": rows}
    return render(request, "placements/patterns/patterns.html", context, status=status)


def change_pattern(request: HttpRequest, site: UUID, pattern: UUID) -> HttpResponse:
    """Give a pattern other days, times or another name; rotas planned by it stay."""
    viewer, shown = _run(request, site)
    found = get_object_or_404(WorkingPattern, site=shown, uuid=pattern)
    initial = {
        "uuid": found.uuid,
        "name": found.name,
        "weekdays": [str(day) for day in patterns.weekdays(found.weekdays)],
        "start": found.start,
        "end": found.end,
        "break_minutes": found.break_minutes,
    }
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["uuid"] = str(found.uuid)
    form = PatternForm(data, initial=initial)

    def change(data: dict[str, Any]) -> WorkingPattern:
        del data["uuid"]
        return actions.change_pattern(by=acting(viewer), pattern=found, **data)

    status = _kept(request, form, change)
    back = reverse("site_patterns", args=[shown.uuid])
    if status is None:
        return redirect(back)
    context = {
        "form": form,
        "title": f"Change {found.name}",
        "kicker": shown.name,
        "lead": "Rotas that were planned by it stay as they are.",
        "button": "Save",
        "back": back,
        "back_text": "Working patterns",
    }
    return render(request, "placements/coordinator/form.html", context, status=status)


def _kept(
    request: HttpRequest, form: PatternForm, keep: Callable[[dict[str, Any]], WorkingPattern]
) -> int | None:
    """The status of the form's page; none when the pattern is kept."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return status_of(form)
    data = dict(form.cleaned_data)
    data["weekdays"] = [int(day) for day in data["weekdays"]]
    try:
        row = keep(data)
    except DomainError as error:
        return refuse(form, error)
    messages.success(request, f"{row.name} is kept: {said(row)}.")
    return None


@require_POST
def remove(request: HttpRequest, site: UUID, pattern: UUID) -> HttpResponse:
    """Take a pattern away."""
    viewer, shown = _run(request, site)
    found = WorkingPattern.objects.filter(site=shown, uuid=pattern).first()
    if found is None:
        messages.info(request, "This pattern is taken away already. Rotas planned by it stay.")
    else:
        actions.remove_pattern(by=acting(viewer), pattern=found)
        messages.success(request, f"{found.name} is taken away. Rotas planned by it stay.")
    return redirect("site_patterns", shown.uuid)
