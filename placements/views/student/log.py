"""Logging a shift, correcting one, and logging several days from a desk."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from placements import hours, reference
from placements import student_queries as queries
from placements.actions.hours import Entered, log_shift
from placements.actions.rota import usual_times
from placements.forms.student import LineForm, ShiftForm, take
from placements.models import CurrentShift, Placement, PlannedShift, Shift
from placements.views.student import no_placement, student
from school.core import clock, days, ledger
from school.core.errors import DomainError, NotAllowed
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
    day = _day(request) or _likely_day(own)
    placement = queries.placement_on(own, day)
    rota = queries.rota(own, day - queries.RECENT, day + timedelta(days=9))
    initial = _from_rota(placement, rota, day)
    lost = queries.lost_days(own)
    return _log_page(
        request, person, own, ShiftForm(initial=initial, own=own, lost=lost), rota=rota
    )


def correct(request: HttpRequest, shift: UUID) -> HttpResponse:
    """A new version of a shift: the one before stays on record, and the new one waits."""
    person, own = student(request)
    current = (
        queries.own_shifts(own)
        .select_related("shift__makes_up__entry")
        .filter(shift__entry__uuid=shift)
        .first()
    )
    if current is None:
        raise Http404
    old = current.shift
    old.placement = next(row for row in own if row.pk == current.placement_id)
    lost = queries.lost_days(own)
    if request.method == "POST":
        form = ShiftForm(_typed(request), own=own, lost=lost)
        new, status = _send(person, form, corrects=old)
        if new:
            messages.success(request, _sent(form))
            return redirect("shift", new.entry.uuid)
        return _log_page(request, person, own, form, status=status, corrects=current)
    initial = {
        "uuid": uuid4(),
        "day": days.london_day(old.start),
        "start": days.local(old.start).time(),
        "end": days.local(old.end).time(),
        "break_minutes": old.break_minutes,
        "placement": str(old.placement.uuid),
        "day_type": current.day_type.code,
        "makes_up": str(old.makes_up.entry.uuid) if old.makes_up else "",
        "note": ledger.private_text(old, "note"),
    }
    form = ShiftForm(initial=initial, own=own, lost=lost)
    return _log_page(request, person, own, form, corrects=current)


def week_part(request: HttpRequest) -> HttpResponse:
    """The week with what is typed in it, for the page's script; nothing is written."""
    _, own = student(request)
    if not own:
        raise Http404
    form = ShiftForm(request.GET, own=own, lost=())
    replaced = queries.own_shifts(own).filter(shift__entry__uuid=_uuid(request.GET.get("corrects")))
    context = _on_page(own, form, replaced.first() if request.GET.get("corrects") else None)
    return render(request, "placements/student/_typed.html", {**context, "form": form})


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
    noted = [note.entry.about_from for note in queries.notes(own, first)]
    lines = [
        (row, _line(row, initial=_line_initial(row)))
        for row in queries.unanswered(planned, shifts, noted)
    ]
    return _several_page(request, lines)


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
            entered=form.entered(),
            uuid=form.cleaned_data["uuid"],
            corrects=corrects,
        )
    except NotAllowed:
        raise
    except ContentConflict as conflict:
        form.sent_before = True  # type: ignore[attr-defined]
        return None, take(form, conflict)
    except DomainError as error:
        return None, take(form, error)
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


def _typed(request: HttpRequest) -> Any:
    """What was posted; "send until now" puts the time on its button in place of the end."""
    data = request.POST.copy()
    if data.get("until_now"):
        data["end"] = data["until_now"]
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
    corrects: CurrentShift | None = None,
) -> HttpResponse:
    if form.is_bound and not form.fields["makes_up"].choices[1:]:  # type: ignore[attr-defined]
        form = _with_lost(form, own)
    context = _on_page(own, form, corrects, rota=rota)
    context |= {
        "form": form,
        "person": person,
        "corrects": corrects,
        "several": len(own) > 1,
        "open_details": any(
            name in form.errors for name in ("placement", "day_type", "makes_up", "note")
        ),
        "sent_before": form.data.get("uuid") if getattr(form, "sent_before", False) else None,
    }
    return render(request, "placements/student/log.html", context, status=status)


def _with_lost(form: ShiftForm, own: list[Placement]) -> ShiftForm:
    lost = queries.lost_days(own)
    form.fields["makes_up"].choices = ShiftForm(own=own, lost=lost).fields["makes_up"].choices  # type: ignore[attr-defined]
    return form


def _on_page(
    own: Sequence[Placement],
    form: ShiftForm,
    corrects: CurrentShift | None,
    *,
    rota: list[PlannedShift] | None = None,
) -> dict[str, Any]:
    """What stands beside the fields: counted minutes, the rota's times, notices, and the week."""
    typed = _entered(form)
    placement = form.chosen_placement or own[-1]
    if typed is None:
        day = _typed_day(form) or clock.today()
        return {
            "placement": placement,
            "goes_to": queries.goes_to(placement),
            "week": queries.week(placement, own, days.monday(day), planned=None),
        }
    day = days.london_day(typed.start)
    planned = (
        rota
        if rota is not None
        else queries.rota(own, day - timedelta(days=7), day + timedelta(days=9))
    )
    counts = typed.day_type.counts_week
    minutes = hours.elapsed_minutes(typed.start, typed.end) - typed.break_minutes
    on_page = queries.OnPage(
        start=typed.start, end=typed.end, break_minutes=typed.break_minutes, counts_week=counts
    )
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
        "week": queries.week(
            placement, own, days.monday(day), on_page,
            skip=corrects.pk if corrects else None,
            planned=[row for row in planned if row.end > clock.now()],
        ),
    }  # fmt: skip


def _entered(form: ShiftForm) -> Entered | None:
    """What the form holds as a shift, from what was typed or what it was filled in with."""
    if not form.is_bound:
        bound = ShiftForm(
            _as_data(form), own=list(form._own.values()), lost=list(form._lost.values())
        )
        return _entered(bound)
    form.is_valid()
    data = form.cleaned_data
    if not all(name in data for name in ("times", "break_minutes")):
        return None
    data.setdefault("day_type", "clinical")
    entered = Entered(
        day_type=reference.day_types().get(data["day_type"]) or reference.day_types()["clinical"],
        start=data["times"].start,
        end=data["times"].end,
        break_minutes=data["break_minutes"],
    )
    try:
        hours.counted_minutes(entered.start, entered.end, entered.break_minutes)
    except hours.HoursError:
        return None
    return entered


def _as_data(form: ShiftForm) -> dict[str, Any]:
    filled = dict(form.initial)
    day = filled.get("day")
    if isinstance(day, date):
        filled |= {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    for name in ("start", "end"):
        if filled.get(name):
            filled[name] = days.clock_time(filled[name])
    return filled


def _typed_day(form: ShiftForm) -> date | None:
    if form.is_bound:
        return form.cleaned_data.get("day")
    return form.initial.get("day")


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


# What the form begins with


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _uuid(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def _likely_day(own: Sequence[Placement]) -> date:
    """Today, or the day on which a night shift began that is under way or has just ended."""
    today = clock.today()
    near = queries.rota(own, today - days.DAY, today)
    night = [
        row
        for row in near
        if days.london_day(row.start) < today <= days.london_day(row.end)
        and clock.now() - row.start < STILL_TODAY
    ]
    started = any(days.london_day(row.start) == today and row.start <= clock.now() for row in near)
    return days.london_day(night[0].start) if night and not started else today


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
        initial |= _times_of(usual) | {"day_type": usual.day_type.code}
        if usual.makes_up_id and days.london_day(usual.start) == day:
            initial["makes_up"] = str(usual.makes_up.entry.uuid)  # type: ignore[union-attr]
    return initial


def _times_of(row: PlannedShift) -> dict[str, Any]:
    return {
        "start": days.local(row.start).time(),
        "end": days.local(row.end).time(),
        "break_minutes": row.break_minutes,
    }


# Several days


def _line(row: PlannedShift, *args: Any, **kwargs: Any) -> LineForm:
    return LineForm(*args, prefix=f"d{row.uuid.hex}", day=days.london_day(row.start), **kwargs)


def _line_initial(row: PlannedShift) -> dict[str, Any]:
    return {"uuid": uuid4(), "send": True, **_times_of(row)}


def _posted_lines(
    request: HttpRequest, own: Sequence[Placement]
) -> list[tuple[PlannedShift, LineForm]]:
    """The lines as they were sent, whatever has become of their days meanwhile: a retry must find them."""
    wanted = {uuid for typed in request.POST.getlist("line") if (uuid := _uuid(typed))}
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
            take(form, error)
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
) -> HttpResponse:
    wrong = [(planned, form) for planned, form in lines if form.is_bound and form.ticked]
    context = {
        "lines": lines,
        "wrong": [
            (days.day_and_month(days.london_day(planned.start)), form) for planned, form in wrong
        ],
        "has_errors": bool(wrong),
        "sent": sent,
        "back": reverse("home"),
    }
    return render(request, "placements/student/several.html", context, status=status)
