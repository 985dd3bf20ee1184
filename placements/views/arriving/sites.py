"""One page for each site: the checks that it asks for, and its guide for newcomers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from placements import arriving_queries as queries
from placements import policies
from placements.actions.arriving import set_site
from placements.forms.arriving import GUIDE, SiteForm
from placements.views.coordinator import acting, demand, status_of
from school.people.models import Site


@require_http_methods(["GET", "HEAD", "POST"])
def site_settings(request: HttpRequest, site: UUID) -> HttpResponse:
    """Say which checks a site asks for, and write its guide."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = get_object_or_404(Site, uuid=site)
    demand(policies.may_run_site(viewer, shown))
    form = SiteForm(request.POST if request.method == "POST" else None, initial=_initial(shown))
    if request.method == "POST" and form.is_valid():
        set_site(by=acting(viewer), site=shown, **form.written())
        messages.success(request, f"What {shown.name} asks and tells is saved.")
        return redirect("site_settings", shown.uuid)
    context = {"site": shown, "form": form}
    return render(
        request, "placements/arriving/site_settings.html", context, status=status_of(form)
    )


def _initial(site: Site) -> dict[str, Any]:
    guide = queries.guide_of(site)
    found: dict[str, Any] = {name: getattr(guide, name) for name in GUIDE}
    for row in queries.asked_at(site):
        found |= {f"asks_{row.kind}": True, f"months_{row.kind}": row.months}
    return found
