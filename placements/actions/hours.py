"""What a student does with their hours: log, correct, take back, answer, note a day, close a week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from placements import hours, policies, reference, standing
from placements.models import (
    CurrentShift,
    DayNote,
    DayType,
    Placement,
    QueryReply,
    Shift,
    ShiftDecision,
    StageTally,
    WeekClosed,
)
from school.core import clock, days, engine, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person

# Make-up and forgotten days may still be logged this long after the placement's last day.
AFTER_PLACEMENT = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A shift as a student typed it. Instants are aware; the break is in whole minutes."""

    day_type: DayType
    start: datetime
    end: datetime
    break_minutes: int
    note: str = ""
    makes_up: DayNote | None = None
    device_time: datetime | None = None


def log_shift(
    *, by: Person, placement: Placement, entered: Entered, uuid: UUID, corrects: Shift | None = None
) -> Shift:
    """Records a shift, or a corrected version of one, and sends it for confirmation.

    The same UUID with the same content returns the shift saved first. Raises DomainError (with the
    form's field), NotAllowed or Conflict; nothing is saved then.
    """
    # A shift keeps the site it was worked at, unless the correction says that it was another placement's.
    same = corrects is not None and corrects.placement_id == placement.pk
    shift = Shift(
        placement=placement,
        site=corrects.site if corrects and same else placement.site,
        day_type=entered.day_type,
        start=entered.start,
        end=entered.end,
        break_minutes=entered.break_minutes,
        makes_up=entered.makes_up,
        device_time=entered.device_time,
        supersedes=corrects,
    )
    return _write_shift(by=by, shift=shift, uuid=uuid, note=entered.note)


def withdraw_shift(*, by: Person, shift: Shift, uuid: UUID) -> Shift:
    """Takes a shift back: it was never worked. The record stays; it counts for nothing."""
    taken_back = Shift(
        placement=shift.placement,
        site=shift.site,
        day_type=shift.day_type,
        start=shift.start,
        end=shift.end,
        break_minutes=shift.break_minutes,
        makes_up=shift.makes_up,
        withdrawn=True,
        supersedes=shift,
    )
    return _write_shift(by=by, shift=taken_back, uuid=uuid, note="")


def _write_shift(*, by: Person, shift: Shift, uuid: UUID, note: str) -> Shift:
    placement = shift.placement
    enrolment = placement.enrolment
    rule_own_record(by, placement)
    draft = Draft(
        fact=shift,
        book=enrolment.book,
        about_from=days.london_day(shift.start),
        about_to=max(days.london_day(shift.start), days.london_day(shift.end)),
        uuid=uuid,
        texts={"note": note},
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rows = standing.current_shifts([enrolment.pk])
        current = _replaced(rows, shift)
        if not shift.withdrawn:
            rule_begun(placement)
            rule_within_placement(shift, placement)
            check_times(shift, placement)
            others = [r for r in rows if r is not current and r.state in CurrentShift.LIVE]
            hours.rule_overlap(shift, others)
            if shift.makes_up:
                rule_own_day_note(shift.makes_up, placement)
        pen.append([draft], by=by.uuid)
        tally = _tally(rows, placement)
        old_tally, spans = tally, [(shift.start, shift.end)]
        if current is None:
            current = CurrentShift()
            rows.append(current)
        else:
            old_tally = current.tally
            spans.append((current.start, current.end))
        standing.fill(current, shift, tally)
        _save_current(rows, current, standing.weeks_of(*spans))
        save_tallies(rows, [old_tally, tally], {enrolment.pk: enrolment.cohort.programme_id})
    return shift


def check_times(shift: Shift, placement: Placement) -> None:
    """What cannot be true of times: an end before the start, a break longer than the shift, a start to come."""
    hours.counted_minutes(shift.start, shift.end, shift.break_minutes)
    limits = reference.limits(placement.enrolment.cohort.programme_id, days.london_day(shift.start))
    sending = hours.sendable(shift.start, shift.end, clock.now(), limits.future_end)
    if not sending:
        raise DomainError(sending.reason, field="end" if sending.until else "start")


def rule_own_record(by: Person, placement: Placement) -> None:
    """Students write in their own record only."""
    if not policies.owns(by, placement.enrolment):
        raise NotAllowed("You can log hours in your own record only.")


def rule_begun(placement: Placement) -> None:
    """Nothing was worked on a placement that was withdrawn before it began, or gave way to another."""
    if placement.never_began:
        raise DomainError(
            f"The placement at {placement.site.name} did not take place. Choose the placement that "
            "the day belongs to, or ask the placement coordinator.",
            field="day",
        )


def rule_within_placement(shift: Shift, placement: Placement) -> None:
    """A shift lies within its placement, or up to 28 days after it for what was made up or forgotten."""
    last = placement.ends
    if placement.state != Placement.State.WITHDRAWN:
        last += AFTER_PLACEMENT
    if placement.starts <= days.london_day(shift.start) <= last:
        return
    raise DomainError(
        f"This placement at {placement.site.name} runs from {days.long_date(placement.starts)} to "
        f"{days.long_date(placement.ends)}. Choose the placement that the day belongs to, "
        "or ask the placement coordinator to change its dates.",
        field="day",
    )


def rule_own_day_note(note: DayNote, placement: Placement) -> None:
    """A make-up names a day of the same student that was lost and still stands."""
    lost = (*DayNote.ABSENCES, *DayNote.SITE_CANCELLED)
    if note.placement.enrolment_id != placement.enrolment_id or note.kind not in lost:
        raise DomainError("Choose one of your own lost days to make up.", field="makes_up")
    if note.withdrawn or DayNote.objects.filter(supersedes=note).exists():
        raise DomainError(
            "That day was changed since. Open the page again to see it as it stands.",
            field="makes_up",
        )


def reply_to_query(*, by: Person, shift: Shift, reply: str, uuid: UUID) -> QueryReply:
    """Answers a query without changing the shift, which waits again from today."""
    rule_own_record(by, shift.placement)
    if not reply.strip():
        raise DomainError("Enter your reply.", field="reply")
    enrolment = shift.placement.enrolment
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        rows = standing.current_shifts([enrolment.pk])
        current = next((row for row in rows if row.shift_id == shift.pk), None)
        decision = ShiftDecision.objects.standing().filter(shift=shift).first()
        draft = Draft(
            fact=QueryReply(decision=decision),
            book=enrolment.book,
            about_from=days.london_day(shift.start),
            uuid=uuid,
            texts={"reply": reply.strip()},
        )
        done = pen.answered([draft], by=by.uuid) if decision else {}
        if done:
            return done[uuid]  # type: ignore[return-value]
        if current is None or current.state != CurrentShift.State.QUERIED:
            raise Conflict(
                "This shift is not queried any more. Open it again to see where it stands."
            )
        [fact] = pen.append([draft], by=by.uuid)
        current.state = CurrentShift.State.AWAITING
        current.sent_on = fact.entry.known_from
        engine.update(connection, [current], ["state", "sent_on"])
        save_tallies(rows, [current.tally], {enrolment.pk: enrolment.cohort.programme_id})
    return fact  # type: ignore[return-value]


def note_day(
    *,
    by: Person,
    placement: Placement,
    day: date,
    kind: str,
    expected_minutes: int,
    uuid: UUID,
    note: str = "",
    corrects: DayNote | None = None,
    withdrawn: bool = False,
) -> DayNote:
    """Says why nothing was worked on a day; `corrects` supersedes an earlier note of that day."""
    rule_own_record(by, placement)
    fact = DayNote(
        placement=placement,
        kind=kind,
        expected_minutes=expected_minutes,
        withdrawn=withdrawn,
        supersedes=corrects,
    )
    draft = Draft(
        fact=fact,
        book=placement.enrolment.book,
        about_from=day,
        about_to=day,
        uuid=uuid,
        texts={"note": note.strip()},
    )
    with ledger.writing(placement.enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        if not withdrawn:
            rule_begun(placement)
        if not placement.starts <= day <= placement.ends:
            raise DomainError(
                f"This placement runs from {days.long_date(placement.starts)} to "
                f"{days.long_date(placement.ends)}. Choose a day within it.",
                field="day",
            )
        _still_standing(corrects)
        same_day = DayNote.objects.standing().filter(
            placement__enrolment=placement.enrolment, entry__about_from=day, withdrawn=False
        )
        if corrects is not None:
            same_day = same_day.exclude(pk=corrects.pk)
        if not withdrawn and same_day.exists():
            raise DomainError(
                f"{days.day_date(day)} has a note already. Open it to change it.", field="day"
            )
        pen.append([draft], by=by.uuid)
        standing.refresh_tallies([placement.enrolment_id])
    return fact


def close_week(*, by: Person, placement: Placement, monday: date, uuid: UUID) -> WeekClosed:
    """Says that a week is complete. A shift added later is accepted and waits alone."""
    rule_own_record(by, placement)
    if monday > clock.today():
        raise DomainError("This week has not begun yet.")
    fact = WeekClosed(placement=placement, monday=monday)
    draft = Draft(
        fact=fact,
        book=placement.enrolment.book,
        about_from=monday,
        about_to=monday + timedelta(days=6),
        uuid=uuid,
    )
    with ledger.writing(placement.enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        closed = WeekClosed.objects.filter(placement=placement, monday=monday).first()
        if closed is not None:
            return closed  # type: ignore[no-any-return]
        pen.append([draft], by=by.uuid)
    return fact


def _tally(rows: Sequence[CurrentShift], placement: Placement) -> StageTally:
    for row in rows:
        if row.tally.stage_id == placement.stage_id:
            return row.tally
    return StageTally.objects.select_related("stage").get(
        enrolment=placement.enrolment_id, stage=placement.stage_id
    )


def _replaced(rows: list[CurrentShift], shift: Shift) -> CurrentShift | None:
    """The current row that a correction replaces; refuses when somebody was faster."""
    if shift.supersedes_id is None:
        return None
    found = next((row for row in rows if row.shift_id == shift.supersedes_id), None)
    if found is None:
        raise Conflict(
            "This shift was changed since you opened it. Nothing was saved. "
            "Open it again to see it as it stands."
        )
    return found


def _still_standing(note: DayNote | None) -> None:
    if note is not None and DayNote.objects.filter(supersedes=note).exists():
        raise Conflict(
            "This was changed since you opened it. Nothing was saved. "
            "Open it again to see it as it stands."
        )


def _save_current(rows: list[CurrentShift], current: CurrentShift, weeks: list[date]) -> None:
    before = {id(row): (row.findings, row.breach) for row in rows}
    programme = current.placement.enrolment.cohort.programme_id
    # What the version before broke in weeks that this one is not in is nobody's any more.
    current.findings, current.breach = [], False
    standing.judge(rows, programme, weeks)
    current.save()
    others = [
        row for row in rows if row is not current and before[id(row)] != (row.findings, row.breach)
    ]
    engine.update(connection, others, ["findings", "breach"])


def save_tallies(
    rows: Sequence[CurrentShift], tallies: Iterable[StageTally], programmes: Mapping[int, int]
) -> None:
    """Writes the totals of tallies from all current shifts; `programmes` is by enrolment."""
    changed = {tally.pk: tally for tally in tallies}
    for tally in changed.values():
        own = [row for row in rows if row.tally_id == tally.pk]
        standing.write_shift_totals(tally, own, programmes[tally.enrolment_id])
    engine.update(connection, list(changed.values()), standing.SHIFT_TALLIES)
