"""A student's hours as of one day, as they were known on another: arithmetic over the entries of a record book.

As of a day: what was worked, lost or agreed by the end of it. Known on a day: what was recorded by the end
of it, so that hours worked in May and confirmed in June are confirmed as of May when June's knowledge is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from placements import reference
from placements.books import Book, Entry, instant
from placements.hours import Worked, counted_minutes, minutes_by_week
from placements.models import (
    Adjustment,
    BroughtForward,
    DayNote,
    QueryReply,
    Shift,
    ShiftDecision,
)
from placements.totals import DayKind, Note, Row, StagePart, State, Totals, total_of

AFTER = {
    ShiftDecision.Outcome.CONFIRMED.value: State.CONFIRMED,
    ShiftDecision.Outcome.QUERIED.value: State.QUERIED,
    ShiftDecision.Outcome.REJECTED.value: State.REJECTED,
    ShiftDecision.Outcome.UNDONE.value: State.AWAITING,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """The newest version of a shift: where it stands, its counted minutes and what they count towards."""

    entry: Entry
    placement: str
    site: str
    start: datetime
    end: datetime
    break_minutes: int
    minutes: int
    part: StagePart
    state: State
    makes_up: bool


def shifts(book: Book, as_of: date) -> list[Sent]:
    """The shifts that began by the end of a day, taken-back ones left out, in the order they were sent."""
    decided = {row.value["shift__entry__uuid"]: row for row in book.standing(ShiftDecision)}
    answered = {row.value["decision__entry__uuid"] for row in book.all(QueryReply)}
    types = reference.day_types()
    found = []
    for entry in book.standing(Shift):
        value = entry.value
        if value["withdrawn"] or entry.about_from > as_of:
            continue
        start, end = instant(value["start"]), instant(value["end"])
        decision = decided.get(entry.uuid)
        state = State.AWAITING
        if decision is not None and decision.uuid not in answered:
            state = AFTER[decision.value["outcome"]]
        found.append(
            Sent(
                entry,
                value["placement__uuid"],
                value["site__uuid"],
                start,
                end,
                value["break_minutes"],
                counted_minutes(start, end, value["break_minutes"]),
                StagePart(types[value["day_type__code"]].stage_part),
                state,
                value["makes_up__entry__uuid"] is not None,
            )
        )
    return found


def totals(book: Book, as_of: date, stages: Mapping[str, str]) -> dict[str, Totals]:
    """The totals of each stage by its UUID; `stages` has the stage of every placement, both by UUID."""
    rows: dict[str, list[Row]] = {}
    for sent in shifts(book, as_of):
        row = Row(sent.minutes, sent.state, sent.part, sent.makes_up)
        rows.setdefault(stages[sent.placement], []).append(row)
    notes: dict[str, list[Note]] = {}
    for note in lost_days(book, as_of):
        found = Note(DayKind(note.value["kind"]), note.value["expected_minutes"])
        notes.setdefault(stages[note.value["placement__uuid"]], []).append(found)
    paper: dict[str, list[tuple[int, StagePart]]] = {}
    for entry in on_paper(book, as_of):
        minutes, part = entry.value["minutes"], StagePart(entry.value["part"])
        paper.setdefault(entry.value["stage__uuid"], []).append((minutes, part))
    adjusted: dict[str, list[int]] = {}
    for entry in adjustments(book, as_of):
        adjusted.setdefault(entry.value["stage__uuid"], []).append(entry.value["minutes"])
    return {
        stage: total_of(
            rows.get(stage, ()),
            notes.get(stage, ()),
            brought_forward=paper.get(stage, ()),
            adjustments=adjusted.get(stage, ()),
        )
        for stage in {*rows, *notes, *paper, *adjusted}
    }


def lost_days(book: Book, as_of: date) -> list[Entry]:
    """The day notes that stand, of days up to one."""
    rows = book.standing(DayNote)
    return [row for row in rows if not row.value["withdrawn"] and row.about_from <= as_of]


def on_paper(book: Book, as_of: date) -> list[Entry]:
    """Hours from paper, once the last of their days has come."""
    return [row for row in book.standing(BroughtForward) if row.over <= as_of]


def adjustments(book: Book, as_of: date) -> list[Entry]:
    """Adjustments, once the second person has agreed."""
    return [row for row in book.all(Adjustment) if row.over <= as_of]


def by_week(sent: list[Sent]) -> dict[date, dict[State, int]]:
    """Clinical minutes by the Monday of the week they fall in, and by state; rejected ones left out."""
    weeks: dict[date, dict[State, int]] = {}
    for one in sent:
        if one.part is not StagePart.CLINICAL or one.state is State.REJECTED:
            continue
        worked = Worked(one.entry.uuid, one.start, one.end, one.break_minutes)
        for monday, minutes in minutes_by_week(worked).items():
            week = weeks.setdefault(monday, {})
            week[one.state] = week.get(one.state, 0) + minutes
    return dict(sorted(weeks.items()))


def judged(book: Book, as_of: date) -> list[tuple[date, date | None]]:
    """The days on which each version of a shift, and each answer to a query, was sent and first decided."""
    decisions: dict[str, list[Entry]] = {}
    for row in book.all(ShiftDecision):
        decisions.setdefault(row.value["shift__entry__uuid"], []).append(row)
    corrected = {row.value["supersedes__entry__uuid"] for row in book.all(Shift)}
    found: list[tuple[date, date | None]] = []
    for shift in book.all(Shift):
        first = next(iter(decisions.get(shift.uuid, [])), None)
        # A version that was corrected before anybody decided waits no longer.
        gone = shift.value["withdrawn"] or (first is None and shift.uuid in corrected)
        if not gone and shift.about_from <= as_of:
            found.append(_pair(shift, first))
    of_decision = {row.uuid: shift for shift, rows in decisions.items() for row in rows}
    for reply in book.all(QueryReply):
        later = decisions[of_decision[reply.value["decision__entry__uuid"]]]
        if reply.about_from <= as_of:
            found.append(_pair(reply, next((row for row in later if row.seq > reply.seq), None)))
    return found


def _pair(sent: Entry, decided: Entry | None) -> tuple[date, date | None]:
    # An import may say of a decision that it was known before the hours were.
    return sent.known_from, max(sent.known_from, decided.known_from) if decided else None
