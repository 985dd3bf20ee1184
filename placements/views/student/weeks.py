"""The rota ahead, and closing a week."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from placements import interruption_queries
from placements import student_queries as queries
from placements.actions.hours import close_week as close
from placements.actions.hours import note_day
from placements.actions.making_up import cancel_make_up
from placements.forms.student import LostDayForm, UuidForm
from placements.interruptions import covering
from placements.models import Placement, PlannedShift
from placements.views.student import no_placement, placement_by, student
from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.people.models import Person


@require_safe
def rota(request: HttpRequest) -> HttpResponse:
    """The shifts that are planned from today on."""
    _, own = student(request)
    if not own:
        return no_placement(request, "Planned shifts")
    planned = queries.rota(own, clock.today())
    broken = interruption_queries.spans({row.enrolment_id for row in own})
    rows = [
        {
            "day": days.day_date(days.london_day(row.start)),
            "times": days.time_range(row.start, row.end),
            "hours": days.in_hours(queries.planned_minutes(row)),
            "kind": row.day_type.name,
            "site": row.placement.site.name,
            "make_up": row.makes_up_id is not None,
            "interrupted": covering(broken, days.london_day(row.start)) is not None,
            "uuid": row.uuid,
            "may_cancel": row.makes_up_id is not None and row.start > clock.now(),
        }
        for row in planned
    ]
    total = sum(queries.planned_minutes(row) for row in planned)
    return render(request, "placements/student/rota.html", {"rows": rows, "total": total})


@require_POST
def cancel_planned_make_up(request: HttpRequest, planned: UUID) -> HttpResponse:
    """Take a make-up of one's own that is still to come off the rota."""
    person, own = student(request)
    row = get_object_or_404(PlannedShift, placement__in=own, makes_up__isnull=False, uuid=planned)
    try:
        cancel_make_up(by=person, planned=row)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        day = days.day_date(days.london_day(row.start))
        messages.success(request, f"The make-up on {day} is off the rota.")
    return redirect("rota")


def close_week(request: HttpRequest, placement: UUID, monday: str) -> HttpResponse:
    """Say that a week is complete, with a note for each rota day on which nothing was worked."""
    person, own = student(request)
    found = placement_by(own, placement)
    first = _monday(monday)
    if found is None or first is None:
        raise Http404
    last = first + timedelta(days=6)
    planned = [row for row in queries.rota(own, first, last) if row.placement_id == found.pk]
    shifts = queries.shifts_between(own, first, last)
    notes = [row for row in queries.notes(own, first) if row.day <= last]
    left = queries.unanswered(planned, shifts, [row.day for row in notes])
    to_come = [row for row in left if row.end > clock.now()]
    open_days = [row for row in left if row not in to_come]
    data = request.POST if request.method == "POST" else None
    form = UuidForm(data, initial={"uuid": uuid4()})
    asked = [(row, _lost_form(row, data)) for row in open_days]
    status = 200
    if data is not None:
        status = 422
        if to_come:
            form.add_error(
                None, "This week has a planned shift still to come. Close it after that."
            )
        # Every form is looked at, so that every day without a reason is named at once.
        valid = [one.is_valid() for one in (form, *(lost for _, lost in asked))]
        if all(valid):
            status = _close(person, found, first, form, asked)
            if status == 200:
                messages.success(request, f"The week of {days.long_date(first)} is closed.")
                return redirect("shifts")
    closed = first in queries.closed_weeks(own)
    context = {
        "placement": found,
        "monday": first,
        "closed": closed,
        "form": form,
        "asked": [
            (lost, f"{reverse('log_shift')}?day={days.london_day(row.start).isoformat()}")
            for row, lost in asked
        ],
        "asked_forms": [lost for _, lost in asked],
        "has_errors": status != 200,
        "to_come": [days.day_and_month(days.london_day(row.start)) for row in to_come],
        "rows": _week_rows(first, shifts, notes),
    }
    return render(request, "placements/student/close_week.html", context, status=status)


def _close(
    person: Person,
    placement: Placement,
    monday: date,
    form: UuidForm,
    asked: Sequence[tuple[PlannedShift, LostDayForm]],
) -> int:
    try:
        for row, lost in asked:
            note_day(
                by=person,
                placement=placement,
                day=days.london_day(row.start),
                kind=lost.cleaned_data["kind"],
                expected_minutes=queries.planned_minutes(row),
                uuid=lost.cleaned_data["uuid"],
            )
        close(by=person, placement=placement, monday=monday, uuid=form.cleaned_data["uuid"])
    except NotAllowed:
        raise
    except DomainError as error:
        return refuse(form, error)
    return 200


def _lost_form(row: PlannedShift, data: Any) -> LostDayForm:
    return LostDayForm(
        data,
        prefix=f"d{row.uuid.hex}",
        day=days.london_day(row.start),
        initial={"uuid": uuid4()},
    )


def _week_rows(monday: date, shifts: Sequence[Any], notes: Sequence[queries.Noted]) -> list[Any]:
    rows: list[tuple[date, str, str, str]] = []
    for one in shifts:
        day = days.london_day(one.start)
        if days.monday(day) == monday:
            rows.append(
                (day, days.time_range(one.start, one.end), days.in_hours(one.minutes), queries.STATE_KEYS.get(one.state, one.state))
            )  # fmt: skip
    rows += [(row.day, row.words, "", "") for row in notes]
    return [
        {"day": days.short_day(day), "what": what, "hours": number, "state": state}
        for day, what, number, state in sorted(rows, key=lambda row: row[0])
    ]


def _monday(typed: str) -> date | None:
    day = days.from_address(typed)
    return day if day is not None and day.weekday() == 0 else None
