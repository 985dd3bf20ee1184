"""Days on which nothing was worked, making them up, closing a week, and the rota ahead."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from placements import reference
from placements import student_queries as queries
from placements.actions.hours import note_day
from placements.actions.making_up import plan_make_up
from placements.actions.rota import usual_times
from placements.forms.student import DayNoteForm, UuidForm
from placements.forms.times import TimesForm
from placements.limits import rule_absence_late
from placements.models import DayNote, Placement, PlannedShift
from placements.views.student import asked_day, no_placement, student, times_of
from school.core import clock, days, ledger
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
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
        form = DayNoteForm(initial=_note_initial(own, asked_day(request)), own=own)
    return _notes_page(request, own, form, status=status)


def day_note(request: HttpRequest, note: UUID) -> HttpResponse:
    """Correct a day note: the earlier one stays on record."""
    person, own = student(request)
    old = _standing(request, own, note)
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
    old = _standing(request, own, note)
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
            status = refuse(form, error)
        else:
            messages.success(request, "Taken back. It stays on record and counts for nothing.")
            return redirect("day_notes")
    elif request.method == "POST":
        status = 422
    context = {"form": form, "old": old}
    return render(request, "placements/student/withdraw_day_note.html", context, status=status)


def make_up(request: HttpRequest, note: UUID) -> HttpResponse:
    """Plan when a lost day is made up; what breaks a rule ahead of time is refused."""
    person, own = student(request)
    lost = _standing(request, own, note)
    if lost.kind not in (*DayNote.ABSENCES, *DayNote.SITE_CANCELLED):
        raise Http404
    placement = _placement(own, lost.placement_id)
    status = 200
    if request.method == "POST":
        form = TimesForm(request.POST)
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
        form = TimesForm(initial=times_of(usual) if usual else {"break_minutes": 30})
    context = {"form": form, "lost": lost, "placement": placement}
    return render(request, "placements/student/make_up.html", context, status=status)


def _plan(
    person: Person, placement: Placement, lost: DayNote, form: TimesForm
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
        return None, refuse(form, error)
    return planned, 200


# Day notes


def _notes_page(
    request: HttpRequest, own: Sequence[Placement], form: DayNoteForm, *, status: int
) -> HttpResponse:
    found = queries.notes(own)
    words = queries.texts([row.pk for row in found])
    rows = [
        {
            "uuid": row.uuid,
            "day": days.day_date(row.day),
            "kind": row.words,
            "hours": days.in_hours(row.minutes),
            "note": words.get(row.pk, ""),
            "lost": row.is_lost,
            "late": row.kind in DayNote.ABSENCES and rule_absence_late(row.day, row.recorded_at),
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
        return None, refuse(form, error)
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


def _standing(request: HttpRequest, own: Sequence[Placement], uuid: UUID) -> DayNote:
    """One's own day note as it stands; 404 for anybody else's, and for opening one that was changed.

    A form sent twice names the note that it changed itself: the action knows it again.
    """
    note = queries.own_note(own, uuid)
    if note is None or note.withdrawn:
        raise Http404
    if hasattr(note, "superseded_by") and request.method != "POST":
        raise Http404
    return note


def _placement(own: Sequence[Placement], key: int) -> Placement:
    return next(row for row in own if row.pk == key)
