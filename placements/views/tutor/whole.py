"""Everything of one student on one page, for an examination board; it prints on A4."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from placements import whole_queries as queries
from placements.views.coordinator import status_of
from school.core import clock, days
from school.core.asked_days import DaysForm


@require_safe
def whole(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The whole record as of one day, as it was known on another; today when none is asked for."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        queries.readable(viewer).select_related("person", "cohort__programme", "university"),
        uuid=enrolment,
    )
    viewer.opened(found.person)
    form = DaysForm(request.GET)
    asked = form.days()
    as_of, known_on = asked or (clock.today(), clock.today())
    record = queries.whole(found, as_of, known_on) if asked else None
    share = record.turnaround.share if record else None
    context = {
        "enrolment": found,
        "person": found.person,
        "form": form,
        "said": f"As of {days.long_date(as_of)}, as it was known on {days.long_date(known_on)}",
        "record": record,
        "share": share,
        "back": reverse("enrolment_record", args=[found.uuid]),
    }
    return render(request, "placements/tutor/whole.html", context, status=status_of(form))
