"""What stands beside the fields of a shift: counted minutes, the rota's times, notices and the week."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from placements import hours, reference
from placements import student_queries as queries
from placements.actions.hours import Entered
from placements.forms.student import ShiftForm
from placements.models import Placement, PlannedShift, Shift
from placements.student_week import OnPage, week
from school.core import clock, days


def on_page(
    own: Sequence[Placement],
    form: ShiftForm,
    corrects: Shift | None,
    *,
    rota: list[PlannedShift] | None = None,
) -> dict[str, Any]:
    """The context of the form's surroundings; `rota` where the page has read it already."""
    typed = _entered(form)
    placement = form.chosen_placement or own[-1]
    if typed is None:
        day = _typed_day(form) or clock.today()
        return {
            "placement": placement,
            "goes_to": queries.goes_to(placement),
            "week": week(placement, own, days.monday(day), planned=None),
        }
    day = days.london_day(typed.start)
    planned = (
        rota
        if rota is not None
        else queries.rota(own, day - timedelta(days=7), day + timedelta(days=9))
    )
    counts = typed.day_type.counts_week
    minutes = hours.elapsed_minutes(typed.start, typed.end) - typed.break_minutes
    shift = OnPage(
        start=typed.start, end=typed.end, break_minutes=typed.break_minutes, counts_week=counts
    )
    current = queries.current_of(corrects) if corrects else None
    limits = reference.limits(placement.enrolment.cohort.programme_id, day)
    sending = hours.sendable(typed.start, typed.end, clock.now(), limits.future_end)
    return {
        "placement": placement,
        "goes_to": queries.goes_to(placement),
        "typed": typed,
        "minutes": minutes,
        "day_words": _day_words(day),
        "next_day": days.london_day(typed.end) != day,
        "until": sending.until,
        "too_early": sending.reason,
        "rota_says": _rota_says(typed, planned, day),
        "week": week(
            placement, own, days.monday(day), shift,
            skip=current.pk if current else None,
            planned=[row for row in planned if row.end > clock.now()],
        ),
    }  # fmt: skip


def _entered(form: ShiftForm) -> Entered | None:
    """What the form holds as a shift, from what was typed or what it was filled in with."""
    if not form.is_bound:
        return _filled_in(form.initial)
    form.is_valid()
    data = form.cleaned_data
    if not all(name in data for name in ("times", "break_minutes")):
        return None
    entered = Entered(
        day_type=reference.day_types()[data.get("day_type", "clinical")],
        start=data["times"].start,
        end=data["times"].end,
        break_minutes=data["break_minutes"],
    )
    try:
        hours.counted_minutes(entered.start, entered.end, entered.break_minutes)
    except hours.HoursError:
        return None
    return entered


def _filled_in(initial: Mapping[str, Any]) -> Entered | None:
    if initial.get("start") is None:
        return None
    day, start, end = initial["day"], initial["start"], initial["end"]
    return Entered(
        day_type=reference.day_types()[initial["day_type"]],
        start=days.instant(day, start),
        end=days.instant(day + days.DAY if end < start else day, end),
        break_minutes=initial["break_minutes"],
    )


def _typed_day(form: ShiftForm) -> date | None:
    found: date | None = (form.cleaned_data if form.is_bound else form.initial).get("day")
    return found


def _day_words(day: date) -> str:
    away = (clock.today() - day).days
    said = {0: ", today", 1: ", yesterday", -1: ", tomorrow"}.get(away, "")
    return f"{days.day_date(day)}{said}"


def _rota_says(typed: Entered, planned: Sequence[PlannedShift], day: date) -> str:
    same = next((row for row in planned if days.london_day(row.start) == day), None)
    if same is None:
        return ""
    changed = [
        word
        for word, new, old in (("Start", typed.start, same.start), ("end", typed.end, same.end))
        if new != old
    ]
    if not changed:
        return ""
    who = " and ".join(changed)
    return f"{who[:1].upper()}{who[1:]} changed by you. Your rota says {days.time_range(same.start, same.end)}."
