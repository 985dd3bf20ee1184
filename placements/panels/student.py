"""A student's home: what to do next, the next shift, the year's hours, what is queried, what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from placements import preferences_queries, reference, steps
from placements import student_queries as queries
from placements.models import (
    CurrentShift,
    DayNote,
    Placement,
    PlannedShift,
    ShiftDecision,
    StageTally,
    StageTask,
)
from school.core import charts, clock, days
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

NEXT, CHANGED, HOURS, REST = 10, 15, 20, 30
INDUCTION = "site-induction"


def panels(viewer: Viewer) -> list[Panel]:
    """The cards of a student's home; none while another hat is worn."""
    if viewer.hat is None or Permission.LOG_OWN_HOURS not in viewer.hat.role.permissions:
        return []
    own = queries.own_placements(viewer.person)  # type: ignore[arg-type]
    if not own:
        return [Panel(NEXT, "placements/student/panel_none.html")]
    seen = _Seen.of(own)
    here = placement_of_year(own)
    tallies = _tallies(own)
    tally = next(row for row in tallies if row.stage_id == here.stage_id)
    return [
        Panel(NEXT, "placements/student/panel_next.html", _next(seen)),
        Panel(HOURS, "placements/student/panel_hours.html", _hours(seen, tally)),
        Panel(REST, "placements/student/panel_rest.html", _rest(seen, here, tally, tallies)),
    ]


def changed(viewer: Viewer) -> list[Panel]:
    """What changed lately in the placements of a student."""
    if viewer.hat is None or Permission.LOG_OWN_HOURS not in viewer.hat.role.permissions:
        return []
    own = Placement.objects.filter(enrolment__person__in=viewer.me).select_related("site")
    said = steps.recent(steps.with_changes(own.order_by("starts", "pk")))
    return [Panel(CHANGED, "placements/moving/panel_changed.html", {"said": said})] if said else []


def _tallies(own: Sequence[Placement]) -> list[StageTally]:
    rows = StageTally.objects.filter(enrolment__in={row.enrolment_id for row in own})
    for row in rows:
        row.stage = reference.stage(row.stage_id)
    return sorted(rows, key=lambda row: row.stage.year)


def placement_of_year(own: Sequence[Placement]) -> Placement:
    """The placement that the year's hours are shown for: today's, else the next, else the last."""
    today = clock.today()
    open_ones = [row for row in own if row.state != Placement.State.WITHDRAWN] or list(own)
    current = [row for row in open_ones if row.starts <= today <= row.ends]
    coming = [row for row in open_ones if row.starts > today]
    return current[-1] if current else coming[0] if coming else open_ones[-1]


class _Shift(NamedTuple):
    """What the cards show of a shift."""

    start: datetime
    end: datetime
    minutes: int
    state: str
    uuid: UUID
    who: str
    capacity: str
    decided_at: datetime
    # The one text that a decision has: the educator's own words.
    words: str | None


@dataclass(slots=True)
class _Seen:
    """What the cards share, each read once."""

    own: list[Placement]
    planned: list[PlannedShift]
    shifts: list[_Shift]
    notes: list[queries.Noted]
    left: list[PlannedShift]

    @classmethod
    def of(cls, own: list[Placement]) -> "_Seen":
        today = clock.today()
        first = today - queries.RECENT
        planned = queries.rota(own, first)
        rows = (
            CurrentShift.objects.filter(
                Q(start__gte=days.start_of_day(first)) | Q(state=CurrentShift.State.QUERIED),
                enrolment__in={row.enrolment_id for row in own},
            )
            .exclude(state=CurrentShift.State.WITHDRAWN)
            .order_by("start")
        )
        columns = ("start", "end", "minutes", "state", "shift__entry__uuid", "decision__person__name", "decision__capacity", "decision__entry__recorded_at", "decision__entry__private_texts__text")  # fmt: skip
        shifts = [_Shift(*row) for row in rows.values_list(*columns)]
        notes = queries.notes(own)
        begun = [row for row in planned if row.start <= clock.now()]
        left = queries.unanswered(begun, shifts, [note.day for note in notes])
        return cls(own, planned, shifts, notes, left)


# What to do next


def _next(seen: _Seen) -> dict[str, Any]:
    now, today = clock.now(), clock.today()
    coming = [row for row in seen.planned if row.start > now]
    fresh = [row for row in seen.left if days.london_day(row.end) == today or row.end > now]
    older = [row for row in seen.left if row not in fresh]
    found = {
        "coming": _coming(coming),
        "rota_count": len(coming),
        "older": len(older),
        "log_url": reverse("log_shift"),
    }
    if fresh:
        row = fresh[-1]
        ended = row.end <= now
        day = days.london_day(row.start)
        site = row.placement.site.name
        times = days.time_range(row.start, row.end)
        return found | {
            "act": "today",
            "title": f"Your shift {'ended' if ended else 'ends'} at {days.clock_time(row.end)}",
            "text": f"{site}, {times}{' today' if day == today else ', begun ' + days.day_and_month(day)}. "
            + (
                "It is not logged yet."
                if ended
                else "You can send it from its last hour, or until now."
            ),
            "button": "Log today’s shift" if day == today else "Log last night’s shift",
            "url": f"{reverse('log_shift')}?{urlencode({'day': day.isoformat()})}",
        }
    if older:
        count = len(older)
        return found | {
            "act": "older",
            "title": "1 shift is not logged yet"
            if count == 1
            else f"{count} shifts are not logged yet",
            "text": "They are on your rota and nothing says whether you worked them."
            if count > 1
            else f"{days.day_and_month(days.london_day(older[0].start))} is on your rota and nothing says whether you worked it.",
            "button": "Log them together" if count > 1 else "Log this shift",
            "url": reverse("log_several"),
        }
    soon = coming[0] if coming and days.london_day(coming[0].start) == today else None
    title = (
        f"Your shift starts at {days.clock_time(soon.start)}" if soon else "Nothing waits for you"
    )
    text = "You can log it once it has started." if soon else _quiet(seen)
    return found | {"act": "none", "title": title, "text": text}


def _quiet(seen: _Seen) -> str:
    if seen.planned or seen.shifts:
        return "Every shift on your rota is logged or has a note."
    return "No rota is planned for you yet. A shift can be logged without one."


def _coming(coming: Sequence[PlannedShift]) -> dict[str, str] | None:
    if not coming:
        return None
    row = coming[0]
    return {
        "day": days.day_date(days.london_day(row.start)),
        "times": days.time_range(row.start, row.end),
        "counted": days.in_words(queries.planned_minutes(row)),
        "where": f"{row.placement.site.name}, with {queries.goes_to(row.placement)}",
    }


# The year's hours


def _hours(seen: _Seen, tally: StageTally) -> dict[str, Any]:
    stage = tally.stage
    done = tally.confirmed + tally.adjusted
    parts = [charts.Part("confirmed", "Confirmed", max(done, 0))]
    if tally.brought_forward:
        parts.insert(0, charts.Part("brought", "Brought forward", tally.brought_forward))
    parts.append(charts.Part("awaiting", "Awaiting", tally.awaiting))
    if tally.queried:
        parts.append(charts.Part("queried", "Queried", tally.queried))
    planned = [
        row
        for row in seen.planned
        if row.start > clock.now()
        and row.placement.stage_id == stage.pk
        and row.day_type.stage_part == "clinical"
    ]
    ahead = sum(queries.planned_minutes(row) for row in planned)
    logged = sum(part.minutes for part in parts)
    band = stage.maximum_minutes if stage.maximum_minutes != stage.minimum_minutes else None
    bar = charts.hours_bar(
        stage=str(stage),
        parts=parts,
        needed=stage.minimum_minutes,
        band_top=band,
        planned=ahead,
        planned_words=_reach(planned, logged + ahead) if planned else "",
    )
    to_go = max(stage.minimum_minutes - logged, 0)
    title = (
        f"{stage} hours: {days.in_hours(to_go)} still to go"
        if to_go
        else f"{stage} hours: all logged"
    )
    if done + tally.brought_forward >= stage.minimum_minutes:
        title = f"{stage} hours: complete"
    return {"title": title, "bar": bar, "said": _apart(tally, seen.notes), "table": _table(tally)}


def _reach(planned: Sequence[PlannedShift], minutes: int) -> str:
    last = days.london_day(planned[-1].start)
    count = (
        "1 planned shift reaches" if len(planned) == 1 else f"{len(planned)} planned shifts reach"
    )
    return f"{count} {days.in_hours(minutes)} h on {last.day} {days.day_and_month(last).split(' ')[-1]}"


def _apart(tally: StageTally, notes: Sequence[queries.Noted]) -> list[str]:
    """What stands apart from the bar, in words."""
    said = ["Only confirmed hours count towards the year."]
    stage_notes = [note for note in notes if note.stage == tally.stage_id]
    absent = [note for note in stage_notes if note.kind in DayNote.ABSENCES]
    if absent:
        days_said = (
            f"One absence, {days.day_and_month(absent[0].day)}, stays"
            if len(absent) == 1
            else f"{len(absent)} absences, {days.in_words(tally.absent)}, stay"
        )
        made_up = f"{days.in_words(tally.made_up)} made up" if tally.made_up else "not made up yet"
        said.append(f"{days_said} on record: {made_up}.")
    if tally.site_cancelled:
        said.append(
            f"The site cancelled {days.in_words(tally.site_cancelled)}: never your absence."
        )
    if tally.brought_forward:
        said.append("Hours brought forward stand on paper that was sighted; they count.")
    simulated = (
        tally.simulated_confirmed + tally.simulated_awaiting + tally.simulated_brought_forward
    )
    if simulated:
        said.append(f"Simulated hours are kept apart: {days.in_words(simulated)}.")
    if tally.rejected:
        said.append(f"{days.in_words(tally.rejected)} rejected: they do not count.")
    return said


def _table(tally: StageTally) -> charts.Table:
    rows = (
        ("Confirmed", tally.confirmed),
        ("Awaiting", tally.awaiting),
        ("Queried", tally.queried),
        ("Rejected", tally.rejected),
        ("Brought forward from paper", tally.brought_forward),
        ("Adjusted by two people", tally.adjusted),
        ("Absent", tally.absent),
        ("Cancelled by the site", tally.site_cancelled),
        ("Made up (part of confirmed)", tally.made_up),
        ("Simulated, confirmed", tally.simulated_confirmed),
        ("Simulated, awaiting", tally.simulated_awaiting),
        ("Simulated, brought forward", tally.simulated_brought_forward),
    )
    columns = (charts.Column("Hours"), charts.Column("Number", numeric=True))
    return charts.Table(
        f"{tally.stage} hours",
        columns,
        [(label, days.in_hours(minutes)) for label, minutes in rows],
    )


# Queried, left and earlier years


def _rest(
    seen: _Seen, here: Placement, tally: StageTally, tallies: Sequence[StageTally]
) -> dict[str, Any]:
    queried = [row for row in seen.shifts if row.state == CurrentShift.State.QUERIED]
    tasks = reference.tasks(tally.stage_id)
    return {
        "queried": _queried(queried),
        "queried_title": "1 shift is queried"
        if len(queried) == 1
        else f"{len(queried)} shifts are queried",
        "record": here.enrolment.uuid,
        "wish": preferences_queries.coming(here.enrolment, seen.own, clock.today()),
        "year": str(tally.stage).lower(),
        "tasks": [_induction(task, here) for task in tasks if task.code == INDUCTION],
        "elsewhere": any(task.code != INDUCTION for task in tasks),
        "earlier": [_earlier(row) for row in tallies if row.stage.year < tally.stage.year],
    }


def _queried(rows: Sequence[_Shift]) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{days.day_and_month(days.london_day(row.start))}, {days.time_range(row.start, row.end)}",
            "state": f"Queried, {days.in_hours(row.minutes)} h",
            "words": row.words or "",
            "by": f"{row.who}, {ShiftDecision.Capacity(row.capacity).label}",
            "on": row.decided_at,
            "correct": reverse("correct_shift", args=[row.uuid]),
            "reply": reverse("reply_to_query", args=[row.uuid]),
        }
        for row in rows
    ]


def _induction(task: StageTask, here: Placement) -> dict[str, str]:
    done = queries.induction(here)
    if done is None:
        hint = f"{queries.goes_to(here)} records it. Hours are confirmed after that."
        return {"title": task.title, "hint": hint, "state": "not-started"}
    day, by = done
    hint = f"Recorded {days.long_date(day)}{' by ' + by if by else ''}"
    return {"title": task.title, "hint": hint, "state": "done"}


def _earlier(tally: StageTally) -> dict[str, Any]:
    stage = tally.stage
    counted = tally.confirmed + tally.brought_forward + tally.adjusted
    low, high = days.in_hours(stage.minimum_minutes), days.in_hours(stage.maximum_minutes)
    banded = stage.minimum_minutes != stage.maximum_minutes
    wanted = f"band {low} to {high} h" if banded else f"{low} h"
    said = days.in_hours(counted)
    return {
        "label": f"{stage}, {wanted}",
        "hours": f"{said} h",
        "bar": charts.band_bar(
            title=f"{stage}: {said} hours counted against {low}{' to ' + high if banded else ''} hours",
            minutes=max(counted, 0),
            low=stage.minimum_minutes,
            high=stage.maximum_minutes if banded else None,
        ),
        "id": f"early{stage.year}",
    }
