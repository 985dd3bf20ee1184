"""Days on which nothing was worked, making them up, closing a week, and the rota ahead."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from placements import reference
from placements import student_queries as queries
from placements.actions.hours import close_week as close
from placements.actions.hours import note_day, plan_make_up
from placements.actions.rota import usual_times
from placements.forms.student import DayNoteForm, LostDayForm, MakeUpForm, UuidForm, take
from placements.limits import rule_absence_late
from placements.models import DayNote, Placement, PlannedShift
from placements.views.student import no_placement, placement_by, student
from school.core import clock, days, ledger
from school.core.errors import DomainError, NotAllowed
from school.people.models import Person

A_DAY = 450  # minutes: 7 hours 30 minutes, until the rota says otherwise


def day_notes(request: HttpRequest) -> HttpResponse:
    """Why nothing was worked, day by day, with a form for another day."""
    person, own = student(request)
    if not own:
        return no_placement(request, "Days not worked")
    status = 200
    if request.method == "POST":
        form = DayNoteForm(request.POST, own=own)
        noted, status = _note(person, form)
        if noted:
            messages.success(request, _noted(noted))
            return redirect("day_notes")
    else:
        form = DayNoteForm(initial=_note_initial(own, _day(request)), own=own)
    return _notes_page(request, own, form, status=status)


def day_note(request: HttpRequest, note: UUID) -> HttpResponse:
    """Correct a day note: the earlier one stays on record."""
    person, own = student(request)
    old = _standing(own, note)
    status = 200
    if request.method == "POST":
        form = DayNoteForm(request.POST, own=own)
        noted, status = _note(person, form, corrects=old)
        if noted:
            messages.success(request, _noted(noted))
            return redirect("day_notes")
    else:
        initial = {
            "uuid": uuid4(),
            "day": old.entry.about_from,
            "kind": old.kind,
            "expected_minutes": old.expected_minutes,
            "placement": str(old.placement.uuid),
            "note": ledger.private_text(old, "note"),
        }
        form = DayNoteForm(initial=initial, own=own)
    context = {"form": form, "old": old, "several": len(own) > 1}
    return render(request, "placements/student/day_note.html", context, status=status)


def withdraw_day_note(request: HttpRequest, note: UUID) -> HttpResponse:
    """Check, then take a day note back."""
    person, own = student(request)
    old = _standing(own, note)
    form = UuidForm(request.POST or None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            note_day(
                by=person,
                placement=_placement(own, old.placement_id),
                day=old.entry.about_from,
                kind=old.kind,
                expected_minutes=old.expected_minutes,
                uuid=form.cleaned_data["uuid"],
                corrects=old,
                withdrawn=True,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            status = take(form, error)
        else:
            messages.success(request, "Taken back. It stays on record and counts for nothing.")
            return redirect("day_notes")
    context = {"form": form, "old": old}
    return render(request, "placements/student/withdraw_day_note.html", context, status=status)


def make_up(request: HttpRequest, note: UUID) -> HttpResponse:
    """Plan when a lost day is made up; what breaks a rule ahead of time is refused."""
    person, own = student(request)
    lost = _standing(own, note)
    if lost.kind not in (*DayNote.ABSENCES, *DayNote.SITE_CANCELLED):
        raise Http404
    placement = _placement(own, lost.placement_id)
    status = 200
    if request.method == "POST":
        form = MakeUpForm(request.POST)
        status = 422
        if form.is_valid():
            planned, status = _plan(person, placement, lost, form)
            if planned:
                messages.success(
                    request,
                    f"Planned: {days.day_date(days.london_day(planned.start))}, "
                    f"{days.time_range(planned.start, planned.end)}.",
                )
                return redirect("rota")
    else:
        usual = usual_times(queries.rota([placement], placement.starts), clock.today())
        form = MakeUpForm(initial=_usual(usual))
    context = {"form": form, "lost": lost, "placement": placement}
    return render(request, "placements/student/make_up.html", context, status=status)


def _plan(
    person: Person, placement: Placement, lost: DayNote, form: MakeUpForm
) -> tuple[PlannedShift | None, int]:
    times = form.cleaned_data["times"]
    same = {"placement": placement, "start": times.start, "end": times.end, "makes_up": lost}
    before = PlannedShift.objects.filter(**same).first()
    if before is not None:  # sent twice
        return before, 200
    try:
        planned = plan_make_up(
            by=person,
            placement=placement,
            day_note=lost,
            day_type=reference.day_types()["clinical"],
            start=times.start,
            end=times.end,
            break_minutes=form.cleaned_data["break_minutes"],
        )
    except NotAllowed:
        raise
    except DomainError as error:
        return None, take(form, error)
    return planned, 200


def rota(request: HttpRequest) -> HttpResponse:
    """The shifts that are planned from today on."""
    _, own = student(request)
    if not own:
        return no_placement(request, "Planned shifts")
    planned = queries.rota(own, clock.today())
    rows = [
        {
            "day": days.day_date(days.london_day(row.start)),
            "times": days.time_range(row.start, row.end),
            "hours": days.in_hours(queries.planned_minutes(row)),
            "kind": row.day_type.name,
            "site": row.placement.site.name,
            "make_up": row.makes_up_id is not None,
        }
        for row in planned
    ]
    total = sum(queries.planned_minutes(row) for row in planned)
    return render(request, "placements/student/rota.html", {"rows": rows, "total": total})


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
    notes = [row for row in queries.notes(own, first) if row.entry.about_from <= last]
    left = queries.unanswered(planned, shifts, [row.entry.about_from for row in notes])
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
        return take(form, error)
    return 200


def _lost_form(row: PlannedShift, data: Any) -> LostDayForm:
    return LostDayForm(
        data,
        prefix=f"d{row.uuid.hex}",
        day=days.london_day(row.start),
        initial={"uuid": uuid4()},
    )


def _week_rows(monday: date, shifts: Sequence[Any], notes: Sequence[DayNote]) -> list[Any]:
    rows: list[tuple[date, str, str, str]] = []
    for one in shifts:
        day = days.london_day(one.start)
        if days.monday(day) == monday:
            rows.append(
                (day, days.time_range(one.start, one.end), days.in_hours(one.minutes), queries.STATE_KEYS.get(one.state, one.state))
            )  # fmt: skip
    rows += [(row.entry.about_from, row.get_kind_display(), "", "") for row in notes]
    return [
        {"day": days.short_day(day), "what": what, "hours": number, "state": state}
        for day, what, number, state in sorted(rows, key=lambda row: row[0])
    ]


# Day notes


def _notes_page(
    request: HttpRequest, own: Sequence[Placement], form: DayNoteForm, *, status: int
) -> HttpResponse:
    found = queries.notes(own)
    words = ledger.private_texts(found, "note")
    rows = [
        {
            "uuid": row.entry.uuid,
            "day": days.day_date(row.entry.about_from),
            "kind": row.get_kind_display(),
            "hours": days.in_hours(row.expected_minutes),
            "note": words.get(row.pk, ""),
            "lost": row.kind in (*DayNote.ABSENCES, *DayNote.SITE_CANCELLED),
            "late": row.kind in DayNote.ABSENCES
            and rule_absence_late(row.entry.about_from, row.entry.recorded_at),
        }
        for row in reversed(found)
    ]
    context = {"form": form, "rows": rows, "several": len(own) > 1}
    return render(request, "placements/student/day_notes.html", context, status=status)


def _note(
    person: Person, form: DayNoteForm, corrects: DayNote | None = None
) -> tuple[DayNote | None, int]:
    if not form.is_valid():
        return None, 422
    data = form.cleaned_data
    try:
        noted = note_day(
            by=person,
            placement=form.chosen_placement,
            day=data["day"],
            kind=data["kind"],
            expected_minutes=data["expected_minutes"],
            uuid=data["uuid"],
            note=data["note"],
            corrects=corrects,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        return None, take(form, error)
    return noted, 200


def _noted(note: DayNote) -> str:
    return f"Noted: {days.day_date(note.entry.about_from)}, {note.get_kind_display()}."


def _note_initial(own: Sequence[Placement], asked: date | None) -> dict[str, Any]:
    day = asked or clock.today()
    placement = queries.placement_on(own, day)
    same = queries.rota(own, day, day)
    minutes = queries.planned_minutes(same[0]) if same else A_DAY
    return {
        "uuid": uuid4(),
        "day": day,
        "placement": str(placement.uuid),
        "expected_minutes": minutes,
    }


def _standing(own: Sequence[Placement], uuid: UUID) -> DayNote:
    """One's own day note as it stands; 404 for anybody else's and for one that was changed or taken back."""
    note = queries.own_note(own, uuid)
    if note is None or note.withdrawn or note.superseded:  # type: ignore[attr-defined]
        raise Http404
    return note


def _placement(own: Sequence[Placement], key: int) -> Placement:
    return next(row for row in own if row.pk == key)


def _usual(row: PlannedShift | None) -> dict[str, Any]:
    if row is None:
        return {"break_minutes": 30}
    return {
        "start": days.local(row.start).time(),
        "end": days.local(row.end).time(),
        "break_minutes": row.break_minutes,
    }


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _monday(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.weekday() == 0 else None
