"""A lost day made up, as the coordinator arranges it above the student's own limit or takes it off again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from placements import reference
from placements.actions.making_up import arrange_make_up, cancel_make_up
from placements.forms.coordinator import ArrangeMakeUpForm
from placements.models import DayNote, PlannedShift
from placements.views.coordinator import acting, refuse, status_of
from placements.views.coordinator.placement import found_placement
from school.core import days
from school.core.errors import DomainError


def arrange(request: HttpRequest, placement: UUID, note: UUID) -> HttpResponse:
    """Plan when a student makes a lost day up; above the limit, or into a breach, with a reason."""
    viewer, row = found_placement(request, placement)
    lost = get_object_or_404(
        DayNote.objects.standing().select_related("entry", "placement"),
        placement=row,
        kind__in=(*DayNote.ABSENCES, *DayNote.SITE_CANCELLED),
        withdrawn=False,
        entry__uuid=note,
    )
    form = ArrangeMakeUpForm(
        request.POST if request.method == "POST" else None, initial={"break_minutes": 30}
    )
    status = 200
    if form.is_bound and form.is_valid():
        times = form.cleaned_data["times"]
        try:
            planned = arrange_make_up(
                by=acting(viewer),
                placement=row,
                day_note=lost,
                day_type=reference.day_types()["clinical"],
                start=times.start,
                end=times.end,
                break_minutes=form.cleaned_data["break_minutes"],
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            day = days.day_date(days.london_day(planned.start))
            messages.success(
                request, f"Planned: {day}, {days.time_range(planned.start, planned.end)}."
            )
            return redirect("placement", row.uuid)
    context = {"form": form, "lost": lost, "placement": row}
    return render(
        request, "placements/coordinator/make_up.html", context, status=status_of(form, status)
    )


@require_POST
def cancel(request: HttpRequest, placement: UUID, planned: UUID) -> HttpResponse:
    """Take a make-up that is still to come off the rota."""
    viewer, row = found_placement(request, placement)
    found = get_object_or_404(PlannedShift, placement=row, makes_up__isnull=False, uuid=planned)
    try:
        cancel_make_up(by=acting(viewer), planned=found)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        day = days.day_date(days.london_day(found.start))
        messages.success(request, f"The make-up on {day} is off the rota.")
    return redirect("placement", row.uuid)
