"""Education-tariff weeks by trust and financial year: the page, and both tables as files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from placements import tariff, tariff_queries
from placements.forms.tutor import TariffForm
from placements.views.coordinator import demand
from school.core import days
from school.core.decision import ALLOWED, refused
from school.core.files import writing
from school.people.middleware import Viewer
from school.people.roles import Permission

DEFINITION = (
    "Hours: clinical, confirmed in the portal, on the day the shift began; simulated hours and hours from paper are "
    "not among them. Weeks: minutes added up whole, divided by 2,250 (37 hours 30 minutes) and rounded half up at two "
    "decimals, so that a trust’s weeks are of its minutes and not the sum of rounded rows."
)


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    allowed = viewer.person is not None and viewer.may(Permission.CERTIFY_HOURS)
    demand(ALLOWED if allowed else refused("This page is for coordinators and programme leads."))
    return viewer


@require_safe
def weeks(request: HttpRequest) -> HttpResponse:
    """Each trust with its weeks, and why placements do not count."""
    viewer = _viewer(request)
    form = TariffForm(request.GET or None)
    year = form.year()
    rules = tariff.rules_on(tariff.days_of(year)[0])
    found = tariff_queries.trusts(tariff_queries.lines(viewer, year, rules), rules)
    query = f"?year={year}"
    context: dict[str, Any] = {
        "form": form,
        "filtered": False,
        "said": f"Financial year {tariff_queries.year_in_words(year)}",
        "rows": [_shown(trust) for trust in found],
        "rules": [rule for rule in tariff.published() if rule.starts <= tariff.days_of(year)[1]],
        "trusts": [
            reverse("tariff_file", args=["trusts", kind]) + query for kind in writing.FORMATS
        ],
        "placements": [
            reverse("tariff_file", args=["placements", kind]) + query for kind in writing.FORMATS
        ],
    }
    return render(request, "placements/tutor/tariff.html", context)


@require_safe
def weeks_file(request: HttpRequest, what: str, format: str) -> HttpResponseBase:
    """A table as a file: a row for each trust, or for each placement with its student's number."""
    viewer = _viewer(request)
    if format not in writing.FORMATS or what not in ("trusts", "placements"):
        raise Http404
    year = TariffForm(request.GET or None).year()
    rules = tariff.rules_on(tariff.days_of(year)[0])
    found = tariff_queries.lines(viewer, year, rules)
    said = f"financial year {tariff_queries.year_in_words(year)}"
    about = writing.About(f"Education-tariff weeks, {what}", said, DEFINITION)
    if what == "trusts":
        rows = tariff_queries.trust_cells(tariff_queries.trusts(found, rules), year)
        return writing.table_response("tariff-weeks", tariff_queries.TRUSTS, rows, about, format)
    viewer.opened(*tariff_queries.people(found))
    rows = tariff_queries.placement_cells(found, year, rules)
    return writing.table_response(
        "tariff-placements", tariff_queries.PLACEMENTS, rows, about, format
    )


def _shown(trust: tariff_queries.Trust) -> dict[str, Any]:
    return {
        "name": trust.name,
        "code": trust.code,
        "counted": len(trust.counted),
        "hours": days.in_hours(trust.minutes),
        "weeks": f"{trust.weeks:.2f}",
        "left": len(trust.left),
        "why": [f"{reason}: {number}" for reason, number in trust.why.items()],
    }
