"""The timetable planned again for one thing that happened, with what happened before and still holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from logbooks.osces.day.announced import Announced
from logbooks.osces.timetable.changes import (
    Absent,
    Change,
    Delayed,
    ExaminerLost,
    Late,
    RoomLost,
)
from logbooks.osces.timetable.constraints import Impossible
from logbooks.osces.timetable.exam import Visit, moment
from logbooks.osces.timetable.problems import problems
from logbooks.osces.timetable.replanned import replanned

LONGEST_DELAY = 240


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a timetable cannot be planned again: sentences that cannot hold together, and how far the search went."""

    sentences: tuple[str, ...]
    note: str = ""


def nonsense(said: Announced, change: Change, now: datetime) -> str:
    """Why a change means nothing at this time, in a sentence; empty when it does."""
    end = max(one.ends for one in said.timetable.visits)
    if now >= end:
        return "The exam is over. Nothing can be planned again."
    gone = {one.candidate for one in said.changes if isinstance(one, Absent)}
    match change:
        case Late(candidate, arrives):
            if candidate in gone:
                return "This candidate was said not to come, so they have no times any more."
            if not now < arrives < end:
                return f"A late candidate arrives after now, and before the exam is over at {moment(end)}."
        case Absent(candidate):
            if candidate in gone:
                return "It is known already that this candidate does not come."
        case RoomLost(since=since, reopens=reopens):
            if reopens and reopens <= max(since, now):
                return "A room opens again after it was lost, and after now."
        case Delayed(minutes=minutes):
            if not 1 <= minutes <= LONGEST_DELAY:
                return f"A delay is 1 to {LONGEST_DELAY} minutes."
    if isinstance(change, RoomLost | ExaminerLost) and change.since >= end:
        return f"The exam is over at {moment(end)}, before that."
    return ""


def planned_again(
    said: Announced,
    change: Change,
    now: datetime,
    names: Mapping[str, str],
    away: datetime | None = None,
) -> Announced | Refused:
    """What would be announced, with what it moves; `names` are those of examiners by key, for the sentences alone.

    A late candidate was not there from `away` on: what began since is met later; without it, what is on now.
    Raises LookupError for a change of something that is not in the exam.
    """
    now = now.replace(second=0, microsecond=0)
    changes = (*_holding(said.changes, change), change)
    exam = replace(
        said.exam,
        examiners=tuple(replace(one, name=names.get(one.key, "")) for one in said.exam.examiners),
    )
    missed = _missed(said, change, now, away)
    visits = [one for one in said.timetable.visits if one not in missed.values()]
    visits = sorted([*visits, *missed], key=lambda one: one.starts)
    found = replanned(exam, replace(said.timetable, visits=tuple(visits)), now, changes)
    if isinstance(found, Impossible):
        return Refused(tuple(one.words for one in found.constraints), found.note)
    absent = {one.candidate for one in changes if isinstance(one, Absent)}
    wrong = problems(exam, found, absent)
    if wrong:
        return Refused(tuple(wrong))
    moved = tuple(
        (missed.get(before, before) if before else None, after) for before, after in found.moved
    )
    return Announced(said.exam, replace(found, moved=moved), changes)


def _missed(
    said: Announced, change: Change, now: datetime, away: datetime | None
) -> dict[Visit, Visit]:
    """What a late candidate missed, each by a visit that begins in a moment and so is planned again like any other."""
    if not isinstance(change, Late):
        return {}
    own = [
        one
        for one in said.timetable.visits
        if one.candidate == change.candidate
        and one.starts <= now
        and (one.starts >= away if away else now < one.ends)
    ]
    return {
        replace(one, round=0, starts=now + timedelta(seconds=number)): one
        for number, one in enumerate(own, start=1)
    }


def touched(again: Announced, now: datetime) -> bool:
    """Whether something would be moved that began by now, or is moved to before now; a late candidate was not there."""
    away = {one.candidate for one in again.changes if isinstance(one, Late)}
    return any(
        (after is not None and after.starts <= now)
        or (before is not None and before.starts <= now and before.candidate not in away)
        for before, after in again.timetable.moved
    )


def _holding(before: Iterable[Change], change: Change) -> list[Change]:
    """What happened before and still holds: no delay, and of somebody or a room only what was said last."""
    subject = _subject(change)
    return [one for one in before if not isinstance(one, Delayed) and _subject(one) != subject]


def _subject(change: Change) -> tuple[object, ...]:
    match change:
        case Late(candidate) | Absent(candidate):
            return ("candidate", candidate)
        case RoomLost(session, circuit, position):
            return session, circuit, position
        case ExaminerLost(examiner):
            return ("examiner", examiner)
    return ("delay",)
