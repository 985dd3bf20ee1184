"""A student's shifts: the list and its files, one shift with its history, taking one back, answering a query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from placements import cover_queries, policies
from placements import student_queries as queries
from placements.actions.hours import reply_to_query, withdraw_shift
from placements.forms.student import STATE_CHOICES, ReplyForm, ShiftFilter, UuidForm
from placements.hours import counted_minutes
from placements.models import CurrentShift, Placement, Shift
from placements.student_week import OnPage, week
from placements.views.student import no_placement, student
from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.core.files.writing import FORMATS, About, table_response
from school.core.forms import refuse
from school.people.models import Person

PAGE = 25
State = CurrentShift.State


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, ready to be written."""

    url: str
    day: str
    times: str
    hours: str
    kind: str
    site: str
    state: str
    breach: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The shifts of a week, and whether the student has closed it."""

    heading: str
    rows: list[Row]
    closed: bool
    close_url: str


@require_safe
def shifts(request: HttpRequest) -> HttpResponse:
    """All shifts by week, newest first; filtered by state."""
    _, own = student(request)
    if not own:
        return no_placement(request, "Shifts")
    form = ShiftFilter(request.GET or None)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = Paginator(queries.own_shifts(own, state), PAGE).get_page(request.GET.get("page"))
    closed = queries.closed_weeks(own)
    words = f"?state={state}" if state else ""
    context = {
        "form": form,
        "filtered": bool(state),
        "page": page,
        "groups": _groups(own, list(page), closed),
        "query": f"state={state}" if state else "",
        "files": {name: reverse("shifts_file", args=[name]) + words for name in FORMATS},
    }
    return render(request, "placements/student/shifts.html", context)


@require_safe
def shifts_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same list as CSV or XLSX, filtered as the page was."""
    person, own = student(request)
    if format not in FORMATS:
        raise Http404
    form = ShiftFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    rows = queries.own_shifts(own, state).select_related("placement__stage")
    about = About(
        title=f"Shifts of {person.name}",
        filtered=f"state: {dict(STATE_CHOICES)[state].lower()}" if state else "nothing left out",
        definition="Counted hours are elapsed time less the break; only confirmed hours count towards the year.",
    )
    columns = ("Date", "Start", "End", "Break, minutes", "Counted minutes", "Counted hours", "Day type", "Site", "Year", "State", "Decided by", "Reference")  # fmt: skip
    return table_response("shifts", columns, (_file_row(row) for row in rows), about, format)


def _file_row(row: CurrentShift) -> Sequence[Any]:
    return (
        days.london_day(row.start),
        days.clock_time(row.start),
        days.clock_time(row.end),
        row.break_minutes,
        row.minutes,
        round(row.minutes / 60, 2),
        row.day_type.name,
        row.placement.site.name,
        row.placement.stage.year,
        row.get_state_display(),
        row.decision.person.name if row.decision else "",
        str(row.shift.entry.uuid),
    )


def _way(shift: Shift, current: CurrentShift) -> list[str]:
    """Who else has a shift that waits: somebody who stands in, or the site's lead."""
    if current.state != CurrentShift.State.AWAITING:
        return []
    return cover_queries.way_of(shift.placement, current.sent_on, None)[1:]


def _groups(
    own: Sequence[Placement], rows: Sequence[CurrentShift], closed: set[date]
) -> list[Group]:
    found = []
    several = len(own) > 1
    by_week = groupby(rows, key=lambda row: days.monday(days.london_day(row.start)))
    for monday, rows_of in by_week:
        shown = list(rows_of)
        newest = shown[0].placement
        found.append(
            Group(
                f"Week of {days.long_date(monday)}",
                [_row(row, several) for row in shown],
                monday in closed,
                reverse("close_week", args=[newest.uuid, monday.isoformat()]),
            )
        )
    return found


def _row(row: CurrentShift, several: bool) -> Row:
    return Row(
        reverse("shift", args=[row.shift.entry.uuid]),
        days.day_and_month(days.london_day(row.start)),
        days.time_range(row.start, row.end),
        days.in_hours(row.minutes),
        row.day_type.name,
        row.placement.site.name if several else "",
        queries.STATE_KEYS.get(row.state, row.state),
        row.breach,
    )


@require_safe
def shift(request: HttpRequest, shift: UUID) -> HttpResponse:
    """One shift: where it stands, every version, and exactly what was signed, by whom and when."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        Shift.objects.select_related(
            "entry", "placement__enrolment__person", "placement__enrolment__cohort__programme", "placement__site", "placement__stage"
        ).filter(placement__in=policies.placements(viewer)),
        entry__uuid=shift,
    )  # fmt: skip
    owner = found.placement.enrolment.person
    viewer.opened(owner)
    mine = viewer.person is not None and policies.owns(viewer.person, found.placement.enrolment)
    keys = queries.line_of(found)
    current = (
        CurrentShift.objects.select_related("day_type", "shift__entry")
        .filter(shift=keys[-1])
        .first()
    )
    if current is None:
        raise Http404
    if found.pk != keys[-1]:
        return redirect("shift", current.shift.entry.uuid)
    own = queries.own_placements(viewer.person) if mine else [found.placement]
    placement = next((row for row in own if row.pk == current.placement_id), found.placement)
    live = current.state in CurrentShift.LIVE
    shown = None
    if live:
        on_page = OnPage(
            start=current.start,
            end=current.end,
            break_minutes=current.break_minutes,
            counts_week=current.day_type.counts_week,
            key=current.pk,
        )
        monday = days.monday(days.london_day(current.start))
        shown = week(placement, own, monday, on_page)
    versions = queries.history(keys)
    context = {
        "owner": owner,
        "mine": mine,
        "current": current,
        "placement": placement,
        "goes_to": queries.goes_to(placement),
        "way": _way(found, current),
        "state": queries.STATE_KEYS.get(current.state, current.state),
        "versions": versions,
        "newest": versions[0],
        "week": shown,
        "not_ended": current.end > clock.now(),
        "correctable": mine and current.state != State.WITHDRAWN,
    }
    return render(request, "placements/student/shift.html", context)


def take_back(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Check, then take a shift back: it was never worked. The record stays."""
    person, old = _own_shift(request, shift)
    form = UuidForm(request.POST or None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = withdraw_shift(by=person, shift=old, uuid=form.cleaned_data["uuid"])
        except NotAllowed:
            raise
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Taken back. It stays on record and counts for nothing.")
            return redirect("shift", done.entry.uuid)
    elif request.method == "POST":
        status = 422
    elif old.withdrawn or queries.current_of(old) is None:
        return redirect("shift", shift)
    context = {"shift": old, "minutes": _minutes(old), "form": form}
    return render(request, "placements/student/take_back.html", context, status=status)


def reply(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Answer a query without changing the shift: it waits again from today."""
    person, old = _own_shift(request, shift)
    form = ReplyForm(request.POST or None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reply_to_query(
                    by=person,
                    shift=old,
                    reply=form.cleaned_data["reply"],
                    uuid=form.cleaned_data["uuid"],
                )
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(
                    request, "Your reply was sent. The shift waits for confirmation again."
                )
                return redirect("shift", shift)
    events = queries.history([old.pk])[0].events
    question = next((event for event in reversed(events) if event.state == "query"), None)
    context = {"shift": old, "minutes": _minutes(old), "form": form, "question": question}
    return render(request, "placements/student/reply.html", context, status=status)


def _own_shift(request: HttpRequest, shift: UUID) -> tuple[Person, Shift]:
    """The student's own shift, ready to be written about; 404 for anybody else's."""
    person, own = student(request)
    found = queries.own_shift(own, shift)
    if found is None:
        raise Http404
    return person, found


def _minutes(shift: Shift) -> int:
    return counted_minutes(shift.start, shift.end, shift.break_minutes)
