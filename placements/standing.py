"""Current shifts and stage totals: kept beside the facts in their transaction, or rebuilt from them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min, Sum

from placements import interruptions, reference, totals
from placements.hours import Worked, counted_minutes
from placements.limits import Finding, Severity, findings
from placements.models import (
    Adjustment,
    BroughtForward,
    CurrentShift,
    DayNote,
    Enrolment,
    Interruption,
    Placement,
    PlannedShift,
    QueryReply,
    Shift,
    ShiftDecision,
    Stage,
    StageTally,
)
from school.core import days, engine

State = CurrentShift.State

AFTER = {
    ShiftDecision.Outcome.CONFIRMED: State.CONFIRMED,
    ShiftDecision.Outcome.QUERIED: State.QUERIED,
    ShiftDecision.Outcome.REJECTED: State.REJECTED,
    ShiftDecision.Outcome.UNDONE: State.AWAITING,
}

SHIFT_TALLIES = (
    "confirmed",
    "awaiting",
    "queried",
    "rejected",
    "made_up",
    "simulated_confirmed",
    "simulated_awaiting",
    "simulated_queried",
    "simulated_rejected",
    "behind_on",
    "oldest_waiting",
)


def current_shifts(enrolments: Sequence[int]) -> list[CurrentShift]:
    """The newest version of every shift of some enrolments, with what the rules need; decisions apart."""
    rows = list(
        CurrentShift.objects.filter(enrolment__in=enrolments)  # type: ignore[no-redef]
        .select_related("tally")
        .annotate(makes_up=F("shift__makes_up"))
        .order_by("start")
    )
    for row in rows:
        row.day_type = reference.day_type(row.day_type_id)
        row.tally.stage = reference.stage(row.tally.stage_id)
    return rows


def bring_decisions(rows: Iterable[CurrentShift]) -> None:
    """Gives rows their decision with its person, in one query, or none when nothing was decided."""
    decided = [row for row in rows if row.decision_id is not None]
    if decided:
        found = ShiftDecision.objects.select_related("person").in_bulk(
            [row.decision_id for row in decided]
        )
        for row in decided:
            row.decision = found[row.decision_id]


def fill(row: CurrentShift, shift: Shift, tally: StageTally) -> CurrentShift:
    """Sets a current shift to a version just written: it waits, or is withdrawn."""
    row.shift = shift
    row.makes_up = shift.makes_up_id
    row.tally = tally
    row.decision = None
    row.enrolment_id = shift.placement.enrolment_id
    row.placement = shift.placement
    row.day_type = shift.day_type
    row.start, row.end, row.break_minutes = shift.start, shift.end, shift.break_minutes
    row.minutes = counted_minutes(shift.start, shift.end, shift.break_minutes)
    row.state = State.WITHDRAWN if shift.withdrawn else State.AWAITING
    row.sent_on = shift.entry.known_from
    return row


# Findings ---------------------------------------------------------------------------------------


def judge(rows: Sequence[CurrentShift], programme_id: int, weeks: Iterable[date]) -> None:
    """Writes into the rows of the given weeks (Mondays) which hours rules they touch."""
    live = [row for row in rows if row.state in CurrentShift.LIVE]
    for monday in weeks:
        found = findings_of(live, programme_id, monday)
        for row in rows:
            if not _near(row, monday):
                continue
            others = [item for item in row.findings if item["monday"] != monday.isoformat()]
            own = [
                {
                    "rule": finding.rule.value,
                    "severity": finding.severity.value,
                    "monday": monday.isoformat(),
                    "measured": finding.measured,
                    "limit": finding.limit,
                }
                for finding in found
                if id(row) in finding.keys
            ]
            row.findings = sorted(others + own, key=lambda item: (item["monday"], item["rule"]))
            row.breach = any(item["severity"] == Severity.BREACH.value for item in row.findings)


def findings_of(
    rows: Iterable[CurrentShift | PlannedShift], programme_id: int, monday: date
) -> list[Finding]:
    """What the rows of one student come over in a week, by the limits in force on its Monday; keys are their id()."""
    worked = [
        Worked(id(row), row.start, row.end, row.break_minutes, row.day_type.counts_week)
        for row in rows
        if _near(row, monday)
    ]
    limits = reference.limits(programme_id, monday)
    return [finding for finding in findings(worked, limits) if finding.monday == monday]


def weeks_of(*spans: tuple[Any, Any]) -> list[date]:
    """The Mondays of the weeks that spans of instants touch, and those a short rest reaches into."""
    mondays = set()
    for start, end in spans:
        for at in (start - timedelta(days=1), start, end, end + timedelta(days=1)):
            mondays.add(days.monday(days.london_day(at)))
    return sorted(mondays)


def _near(row: CurrentShift | PlannedShift, monday: date) -> bool:
    first, last = days.london_day(row.start), days.london_day(row.end)
    return first <= monday + timedelta(days=7) and last >= monday - timedelta(days=1)


# Totals -----------------------------------------------------------------------------------------


def shift_totals(rows: Iterable[CurrentShift]) -> totals.Totals:
    """The totals of the given current shifts; withdrawn ones are left out."""
    return totals.total_of(
        totals.Row(
            row.minutes,
            totals.State(row.state),
            totals.StagePart(row.day_type.stage_part),
            row.makes_up is not None,
        )
        for row in rows
        if row.state != State.WITHDRAWN
    )


def write_shift_totals(
    tally: StageTally, rows: Sequence[CurrentShift], programme_id: int
) -> StageTally:
    """Fills the part of a tally that comes from shifts, and when the student falls behind; the caller saves it."""
    found = shift_totals(rows)
    for name, value in asdict(found.clinical).items():
        setattr(tally, name, value)
    for name, value in asdict(found.simulated).items():
        setattr(tally, f"simulated_{name}", value)
    tally.made_up = found.made_up
    waiting = [row.sent_on for row in rows if row.state in CurrentShift.WAITING]
    tally.oldest_waiting = min(waiting, default=None)
    tally.behind_on = None
    if tally.plan_first and tally.plan_last:
        tally.behind_on = interruptions.behind_on(
            done(tally),
            tally.plan_first,
            tally.plan_last,
            tally.stage.minimum_minutes,
            interruptions.spans_of(tally.interrupted),
            threshold=reference.limits(programme_id, tally.plan_first).behind,
        )
    return tally


def done(tally: StageTally) -> int:
    """Minutes that speak against being behind: counted ones and those that wait."""
    return tally.confirmed + tally.awaiting + tally.brought_forward + tally.adjusted


def expected_by(tally: StageTally, day: date) -> int:
    """Minutes that the plan expects by the end of a day; 0 without a placement."""
    if not (tally.plan_first and tally.plan_last):
        return 0
    return interruptions.expected_by(
        day,
        tally.plan_first,
        tally.plan_last,
        tally.stage.minimum_minutes,
        interruptions.spans_of(tally.interrupted),
    )


def interrupted_on(tally: StageTally, day: date) -> interruptions.Span | None:
    """The interruption of studies that a day lies in; nobody is behind on such a day."""
    return interruptions.covering(interruptions.spans_of(tally.interrupted), day)


def is_behind(tally: StageTally, day: date) -> bool:
    """Whether the student is behind on a day."""
    late = tally.behind_on is not None and tally.behind_on <= day
    return late and interrupted_on(tally, day) is None


# Rebuilding -------------------------------------------------------------------------------------


def refresh_tallies(enrolments: Sequence[int]) -> None:
    """Makes every tally of some enrolments anew from facts and current shifts; for imports and moves of placements."""
    tallies = {(t.enrolment_id, t.stage_id): t for t in expected_tallies(enrolments)}
    existing = {
        (t.enrolment_id, t.stage_id): t for t in StageTally.objects.filter(enrolment__in=enrolments)
    }
    new = [tally for key, tally in tallies.items() if key not in existing]
    StageTally.objects.bulk_create(new)
    changed = []
    for key, tally in existing.items():
        wanted = tallies.get(key) or StageTally(enrolment_id=key[0], stage_id=key[1])
        wanted.pk = tally.pk
        changed.append(wanted)
    fields = [f.attname for f in StageTally._meta.local_concrete_fields if not f.primary_key]
    engine.update(connection, changed, fields)


def expected_tallies(enrolments: Sequence[int]) -> list[StageTally]:
    """The tallies that the facts of some enrolments add up to, not saved."""
    shifts: dict[tuple[int, int], list[CurrentShift]] = {}
    for row in current_shifts(enrolments):
        shifts.setdefault((row.enrolment_id, row.tally.stage_id), []).append(row)
    notes: dict[tuple[int, int], list[totals.Note]] = {}
    standing = (
        DayNote.objects.standing()
        .filter(placement__enrolment__in=enrolments, withdrawn=False)
        .values_list("placement__enrolment", "placement__stage", "kind", "expected_minutes")
    )
    for enrolment, stage, kind, minutes in standing:
        notes.setdefault((enrolment, stage), []).append(totals.Note(totals.DayKind(kind), minutes))
    paper: dict[tuple[int, int], list[tuple[int, totals.StagePart]]] = {}
    # Added up by the database: an import may bring tens of thousands of lines.
    forward = (
        BroughtForward.objects.standing()
        .filter(enrolment__in=enrolments)
        .values_list("enrolment", "stage", "part")
        .annotate(minutes=Sum("minutes"))
        .order_by()
    )
    for enrolment, stage, part, minutes in forward:
        paper.setdefault((enrolment, stage), []).append((minutes, totals.StagePart(part)))
    adjusted: dict[tuple[int, int], list[int]] = {}
    for enrolment, stage, minutes in Adjustment.objects.filter(
        enrolment__in=enrolments
    ).values_list("enrolment", "stage", "minutes"):
        adjusted.setdefault((enrolment, stage), []).append(minutes)
    broken_off: dict[int, list[interruptions.Kept]] = {}
    for enrolment, first, last in (
        Interruption.objects.standing()
        .filter(enrolment__in=enrolments, cancelled=False)
        .order_by("entry__about_from")
        .values_list("enrolment", "entry__about_from", "entry__about_to")
    ):
        broken_off.setdefault(enrolment, []).append(interruptions.Span(first, last).kept())
    placed = set(
        Placement.objects.filter(enrolment__in=enrolments).values_list("enrolment", "stage")
    )
    lines = {
        (row["enrolment"], row["stage"]): (row["first"], row["last"])
        for row in Placement.objects.exclude(state=Placement.State.WITHDRAWN)
        .filter(enrolment__in=enrolments)
        .values("enrolment", "stage")
        .annotate(first=Min("starts"), last=Max("ends"))
        .order_by()
    }
    keys = sorted(placed | set(shifts) | set(notes) | set(paper) | set(adjusted))
    stages = Stage.objects.in_bulk({stage for _, stage in keys})
    programmes = dict(
        Enrolment.objects.filter(pk__in=enrolments).values_list("pk", "cohort__programme")
    )
    found = []
    for key in keys:
        other = totals.total_of(
            (),
            notes.get(key, ()),
            brought_forward=paper.get(key, ()),
            adjustments=adjusted.get(key, ()),
        )
        tally = StageTally(
            enrolment_id=key[0],
            stage=stages[key[1]],
            plan_first=lines.get(key, (None, None))[0],
            plan_last=lines.get(key, (None, None))[1],
            absent=other.absent,
            site_cancelled=other.site_cancelled,
            brought_forward=other.brought_forward,
            simulated_brought_forward=other.simulated_brought_forward,
            adjusted=other.adjusted,
            interrupted=broken_off.get(key[0], []),
        )
        found.append(write_shift_totals(tally, shifts.get(key, []), programmes[key[0]]))
    return found


def expected_current(enrolment: Enrolment) -> list[CurrentShift]:
    """The current shifts that an enrolment's facts say, not saved, in the order of their start."""
    tallies = {tally.stage_id: tally for tally in StageTally.objects.filter(enrolment=enrolment)}
    newest = (
        Shift.objects.standing()
        .filter(placement__enrolment=enrolment)
        .select_related("placement", "day_type", "entry")
    )
    rows = []
    for shift in newest:
        row = fill(CurrentShift(), shift, tallies[shift.placement.stage_id])
        decision = (
            ShiftDecision.objects.standing().filter(shift=shift).select_related("reply").first()
        )
        if decision is not None and not shift.withdrawn:
            row.decision = decision
            row.state = AFTER[ShiftDecision.Outcome(decision.outcome)]
        reply = QueryReply.objects.filter(decision__shift=shift).order_by("-entry__seq").first()
        if reply is not None:
            row.sent_on = reply.entry.known_from
            if decision is not None and reply.decision_id == decision.pk:
                row.state = State.AWAITING
        rows.append(row)
    rows.sort(key=lambda row: row.start)
    mondays = weeks_of(*((row.start, row.end) for row in rows))
    judge(rows, enrolment.cohort.programme_id, mondays)
    return rows


def rebuild(enrolment: Enrolment) -> list[str]:
    """Makes an enrolment's current shifts and tallies anew; says what differed from the facts."""
    stages = set(Placement.objects.filter(enrolment=enrolment).values_list("stage", flat=True))
    stages -= set(StageTally.objects.filter(enrolment=enrolment).values_list("stage", flat=True))
    StageTally.objects.bulk_create(
        StageTally(enrolment=enrolment, stage_id=stage) for stage in stages
    )
    wanted = {row.shift_id: row for row in expected_current(enrolment)}
    kept = {row.shift_id: row for row in current_shifts([enrolment.pk])}
    names = [f.attname for f in CurrentShift._meta.local_concrete_fields if not f.primary_key]
    wrong = [
        f"Shift {key}: kept state differs from its facts."
        for key in sorted(wanted.keys() | kept.keys())
        if _values(wanted.get(key), names) != _values(kept.get(key), names)
    ]
    CurrentShift.objects.filter(enrolment=enrolment).delete()
    CurrentShift.objects.bulk_create(wanted.values())
    tallies = {t.stage_id: t for t in expected_tallies([enrolment.pk])}
    before = {t.stage_id: t for t in StageTally.objects.filter(enrolment=enrolment)}
    columns = [f.attname for f in StageTally._meta.local_concrete_fields if not f.primary_key]
    wrong += [
        f"Totals of stage {key}: kept totals differ from the facts."
        for key in sorted(tallies.keys() | before.keys())
        if _values(tallies.get(key), columns) != _values(before.get(key), columns)
    ]
    refresh_tallies([enrolment.pk])
    return wrong


def _values(row: Any, names: Sequence[str]) -> list[Any] | None:
    return None if row is None else [getattr(row, name) for name in names]
