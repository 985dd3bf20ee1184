"""Logging a shift, correcting one, and logging several days from a desk."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from placements import hours
from placements import student_queries as queries
from placements.actions.hours import log_shift
from placements.actions.rota import usual_times
from placements.forms.student import ShiftForm
from placements.models import CurrentShift, Placement, PlannedShift, Shift
from placements.views.student import asked_day, no_placement, student, times_of, uuid_of
from placements.views.student.typed import on_page
from school.core import clock, days, ledger
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.core.ledger import ContentConflict
from school.people.models import Person

# A rota shift that began so long ago may still be the one that is meant by "today".
STILL_TODAY = timedelta(hours=20)


def log(request: HttpRequest) -> HttpResponse:
    """Log a shift: filled in from the rota, changed where it was different, sent for confirmation."""
    person, own = student(request)
    if not own:
        return no_placement(request, "Log a shift")
    if request.method == "POST":
        form = ShiftForm(_typed(request), own=own, lost=_lost(request, own))
        shift, status = _send(person, form)
        if shift:
            messages.success(request, _sent(form))
            return redirect("shift", shift.entry.uuid)
        return _log_page(request, person, own, form, status=status)
    if not queries.taking_shifts(own):
        return no_placement(request, "Log a shift")
    day = asked_day(request)
    around = day or clock.today()
    rota = queries.rota(own, around - queries.RECENT, around + timedelta(days=9))
    day = day or _likely_day(rota)
    placement = queries.placement_on(own, day)
    initial = _from_rota(placement, rota, day)
    lost = queries.lost_days(own)
    return _log_page(
        request, person, own, ShiftForm(initial=initial, own=own, lost=lost), rota=rota
    )


def correct(request: HttpRequest, shift: UUID) -> HttpResponse:
    """A new version of a shift: the one before stays on record, and the new one waits."""
    person, own = student(request)
    old = queries.own_shift(own, shift)
    if old is None:
        raise Http404
    lost = queries.lost_days(own)
    if request.method == "POST":
        form = ShiftForm(_typed(request), own=own, lost=lost)
        new, status = _send(person, form, corrects=old)
        if new:
            messages.success(request, _sent(form))
            return redirect("shift", new.entry.uuid)
        return _log_page(request, person, own, form, status=status, corrects=old)
    if queries.current_of(old) is None:
        return redirect("shift", shift)
    initial = {
        "uuid": uuid4(),
        "day": days.london_day(old.start),
        "start": days.local(old.start).time(),
        "end": days.local(old.end).time(),
        "break_minutes": old.break_minutes,
        "placement": str(old.placement.uuid),
        "day_type": old.day_type.code,
        "makes_up": str(old.makes_up.entry.uuid) if old.makes_up else "",
        "note": ledger.private_text(old, "note"),
    }
    form = ShiftForm(initial=initial, own=own, lost=lost)
    return _log_page(request, person, own, form, corrects=old)


@require_safe
def week_part(request: HttpRequest) -> HttpResponse:
    """The week with what is typed in it, for the page's script; nothing is written."""
    _, own = student(request)
    if not own:
        raise Http404
    form = ShiftForm(request.GET, own=own, lost=())
    asked = uuid_of(request.GET.get("corrects"))
    context = on_page(own, form, queries.own_shift(own, asked) if asked else None)
    return render(request, "placements/student/_typed.html", {**context, "form": form})


# Sending


def _send(
    person: Person, form: ShiftForm, corrects: Shift | None = None
) -> tuple[Shift | None, int]:
    """The shift that was written, or none and the status of the page that says why."""
    if not form.is_valid():
        return None, 422
    placement = form.chosen_placement
    assert placement is not None
    try:
        shift = log_shift(
            by=person,
            placement=placement,
            entered=form.entered(queries.own_note([placement], form.cleaned_data["makes_up"])),
            uuid=form.cleaned_data["uuid"],
            corrects=corrects,
        )
    except NotAllowed:
        raise
    except ContentConflict as conflict:
        form.sent_before = True  # type: ignore[attr-defined]
        return None, refuse(form, conflict)
    except DomainError as error:
        return None, refuse(form, error)
    return shift, 200


def _sent(form: ShiftForm) -> str:
    entered = form.entered()
    minutes = hours.counted_minutes(entered.start, entered.end, entered.break_minutes)
    placement = form.chosen_placement
    assert placement is not None
    return (
        f"Sent to {queries.goes_to(placement)}: {days.day_and_month(days.london_day(entered.start))}, "
        f"{days.time_range(entered.start, entered.end)}, {days.in_words(minutes)}."
    )


def _typed(request: HttpRequest) -> QueryDict:
    """What was posted; "send until now" puts the time on its button in place of the end."""
    data = request.POST.copy()
    if data.get("until_now"):
        data["end"] = str(data["until_now"])
    return data


def _lost(request: HttpRequest, own: Sequence[Placement]) -> list[Any]:
    return queries.lost_days(own) if request.POST.get("makes_up") else []


# The page


def _log_page(
    request: HttpRequest,
    person: Person,
    own: list[Placement],
    form: ShiftForm,
    *,
    rota: list[PlannedShift] | None = None,
    status: int = 200,
    corrects: Shift | None = None,
) -> HttpResponse:
    if form.is_bound and not form.fields["makes_up"].choices[1:]:  # type: ignore[attr-defined]
        form = _with_lost(form, own)
    context = on_page(own, form, corrects, rota=rota)
    context |= {
        "form": form,
        "person": person,
        "corrects": corrects,
        "confirmed": corrects and _is_confirmed(corrects),
        "several": len(own) > 1,
        "open_details": any(
            name in form.errors for name in ("placement", "day_type", "makes_up", "note")
        ),
        "sent_before": form.data.get("uuid") if getattr(form, "sent_before", False) else None,
    }
    return render(request, "placements/student/log.html", context, status=status)


def _is_confirmed(shift: Shift) -> bool:
    current = queries.current_of(shift)
    return current is not None and current.state == CurrentShift.State.CONFIRMED


def _with_lost(form: ShiftForm, own: list[Placement]) -> ShiftForm:
    lost = queries.lost_days(own)
    form.fields["makes_up"].choices = ShiftForm(own=own, lost=lost).fields["makes_up"].choices  # type: ignore[attr-defined]
    return form


# What the form begins with


def _likely_day(rota: Sequence[PlannedShift]) -> date:
    """Today, or the day on which a night shift began that is under way or has just ended."""
    today = clock.today()
    if any(days.london_day(row.start) == today and row.start <= clock.now() for row in rota):
        return today
    night = [
        row
        for row in rota
        if days.london_day(row.start) < today <= days.london_day(row.end)
        and clock.now() - row.start < STILL_TODAY
    ]
    return days.london_day(night[0].start) if night else today


def _from_rota(placement: Placement, rota: list[PlannedShift], day: date) -> dict[str, Any]:
    mine = [row for row in rota if row.placement_id == placement.pk]
    usual = usual_times(mine, day)
    initial: dict[str, Any] = {
        "uuid": uuid4(),
        "day": day,
        "placement": str(placement.uuid),
        "day_type": "clinical",
    }
    if usual is not None:
        initial |= times_of(usual) | {"day_type": usual.day_type.code}
        if usual.makes_up_id and days.london_day(usual.start) == day:
            initial["makes_up"] = str(usual.makes_up.entry.uuid)  # type: ignore[union-attr]
    return initial
