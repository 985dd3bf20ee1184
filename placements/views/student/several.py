"""Logging several rota days together, from a desk."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from placements import student_queries as queries
from placements.actions.hours import Entered, log_shift
from placements.forms.student import LineForm
from placements.models import Placement, PlannedShift
from placements.views.student import no_placement, student, times_of, uuid_of
from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.people.models import Person


def several(request: HttpRequest) -> HttpResponse:
    """Several rota days from a desk: each line is its own shift, and a line that is refused keeps its words."""
    person, own = student(request)
    if not own:
        return no_placement(request, "Log several days")
    if request.method == "POST":
        lines = _posted_lines(request, own)
        sent = _send_lines(person, lines)
        if sent:
            messages.success(request, _several_sent(sent))
        left = [(planned, form) for planned, form in lines if planned not in sent]
        if not any(form.ticked for _, form in left):
            return redirect("shifts")
        return _several_page(request, left, sent=len(sent), status=422)
    today = clock.today()
    first = today - queries.RECENT
    planned = [row for row in queries.rota(own, first, today) if row.end <= clock.now()]
    shifts = queries.shifts_between(own, first, today)
    noted = [note.day for note in queries.notes(own, first)]
    open_days = queries.unanswered(planned, shifts, noted)
    weeks = sorted({_week_of(row) for row in open_days}, reverse=True)
    asked = days.from_address(request.GET.get("week", ""))
    chosen = days.monday(asked) if asked and days.monday(asked) in weeks else None
    lines = [
        (row, _line(row, initial=_line_initial(row)))
        for row in open_days
        if chosen in (None, _week_of(row))
    ]
    return _several_page(request, lines, weeks=weeks, chosen=chosen)


def _week_of(row: PlannedShift) -> date:
    return days.monday(days.london_day(row.start))


def _line(row: PlannedShift, *args: Any, **kwargs: Any) -> LineForm:
    return LineForm(*args, prefix=f"d{row.uuid.hex}", day=days.london_day(row.start), **kwargs)


def _line_initial(row: PlannedShift) -> dict[str, Any]:
    return {"uuid": uuid4(), "send": True, **times_of(row)}


def _posted_lines(
    request: HttpRequest, own: Sequence[Placement]
) -> list[tuple[PlannedShift, LineForm]]:
    """The lines as they were sent, whatever has become of their days meanwhile: a retry must find them."""
    wanted = {uuid for typed in request.POST.getlist("line") if (uuid := uuid_of(typed))}
    rows = PlannedShift.objects.filter(uuid__in=wanted, placement__in=own).select_related(
        "day_type"
    )
    by_key = {placement.pk: placement for placement in own}
    lines = []
    for row in rows.order_by("start"):
        row.placement = by_key[row.placement_id]
        lines.append((row, _line(row, request.POST)))
    return lines


def _send_lines(
    person: Person, lines: Sequence[tuple[PlannedShift, LineForm]]
) -> list[PlannedShift]:
    """Writes each ticked line on its own and gives those that were; the others carry the reason."""
    sent = []
    for planned, form in lines:
        if not form.ticked or not form.is_valid():
            continue
        times = form.cleaned_data["times"]
        try:
            log_shift(
                by=person,
                placement=planned.placement,
                entered=Entered(
                    day_type=planned.day_type,
                    start=times.start,
                    end=times.end,
                    break_minutes=form.cleaned_data["break_minutes"],
                    makes_up=planned.makes_up,
                ),
                uuid=form.cleaned_data["uuid"],
            )
        except NotAllowed:
            raise
        except DomainError as error:
            refuse(form, error)
        else:
            sent.append(planned)
    return sent


def _several_sent(sent: Sequence[PlannedShift]) -> str:
    names = sorted({queries.goes_to(row.placement) for row in sent})
    count = "1 shift was" if len(sent) == 1 else f"{len(sent)} shifts were"
    return f"{count} sent to {' and '.join(names)}."


def _several_page(
    request: HttpRequest,
    lines: Sequence[tuple[PlannedShift, LineForm]],
    *,
    sent: int = 0,
    status: int = 200,
    weeks: Sequence[date] = (),
    chosen: date | None = None,
) -> HttpResponse:
    wrong = [(planned, form) for planned, form in lines if form.is_bound and form.ticked]
    context = {
        "lines": lines,
        "wrong": [
            (days.day_and_month(days.london_day(planned.start)), form) for planned, form in wrong
        ],
        "has_errors": bool(wrong),
        "sent": sent,
        "weeks": weeks if len(weeks) > 1 else (),
        "chosen": chosen,
        "back": reverse("home"),
    }
    return render(request, "placements/student/several.html", context, status=status)
