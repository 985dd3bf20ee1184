"""A student's own pages before the first day: what is done and missing, and the joining pack."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from placements import arriving_queries as queries
from placements import policies
from placements.arriving_lines import tasks_of
from placements.forms.arriving import GUIDE
from placements.models import Placement
from school.core import registries


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """One's own placements to come, each with what is done, missing or runs out; and what one has shown."""
    person = request.viewer.person  # type: ignore[attr-defined]
    found = queries.to_come(person) if person else []
    enrolments = {row.placement.enrolment_id for row in found}
    context = {
        "rows": [{"ready": row, "tasks": tasks_of(row)} for row in found],
        "shown": queries.shown_by(enrolments) if enrolments else [],
    }
    return render(request, "placements/arriving/ready.html", context)


@require_safe
def joining_pack(request: HttpRequest, placement: UUID) -> HttpResponse:
    """All that a student needs for the first day at a site, on one sheet that prints."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row = get_object_or_404(
        policies.placements(viewer)
        .exclude(state=Placement.State.WITHDRAWN)
        .select_related("site__organisation", "site__page", "stage", "enrolment__person"),
        uuid=placement,
    )
    viewer.opened(row.enrolment.person)
    guide = queries.guide_of(row.site)
    own = viewer.person is not None and policies.owns(viewer.person, row.enrolment)
    context = {
        "placement": row,
        "person": row.enrolment.person,
        "own": own,
        "guide": [
            (label, getattr(guide, name))
            for name, (label, _) in GUIDE.items()
            if name != "induction" and getattr(guide, name)
        ],
        "induction": queries.induction_list(guide),
        "supervisors": queries.supervisors(row),
        "week": queries.first_week(row),
        "map": registries.link(row.site),
    }
    return render(request, "placements/arriving/joining.html", context)
