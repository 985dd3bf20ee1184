"""Hours that were confirmed and meetings that were held, told to whoever notices what people do.

Who confirms or meets is told of no student: what they take away of it is theirs, and the name is not.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from placements.models import (
    CurrentShift,
    DayType,
    Meeting,
    MeetingSignature,
    Shift,
    ShiftDecision,
)
from school.core import days
from school.core.corrections import lines
from school.core.models import LedgerEntry
from school.core.registries import Done

State = CurrentShift.State


def worked(facts: Sequence[UUID]) -> list[Done]:
    """Who worked confirmed hours and who confirmed them, by shifts."""
    rows = Shift.objects.filter(entry__uuid__in=facts)
    return _worked(rows.values_list("pk", flat=True))


def decided(facts: Sequence[UUID]) -> list[Done]:
    """The same, by decisions."""
    rows = ShiftDecision.objects.filter(entry__uuid__in=facts)
    return _worked(rows.values_list("shift", flat=True))


def _worked(keys: Collection[int]) -> list[Done]:
    """By whole lines of corrections, since a corrected shift is the same one; nothing of those that nobody ever confirmed."""
    found = lines(Shift, keys)
    by_shift: dict[int, set[int]] = {}
    confirmed = ShiftDecision.objects.filter(
        shift__in=[pk for line in found for pk in line], outcome=ShiftDecision.Outcome.CONFIRMED
    )
    for shift, person in confirmed.values_list("shift", "person"):
        by_shift.setdefault(shift, set()).add(person)
    if not by_shift:
        return []
    found = [line for line in found if by_shift.keys() & set(line)]
    rows = CurrentShift.objects.filter(shift__in=[line[-1] for line in found]).select_related(
        "shift__site", "placement__stage", "enrolment", "day_type", "decision"
    )
    newest = {row.shift_id: row for row in rows}
    uuids = _uuids([line[0] for line in found])
    return [
        done
        for line in found
        for done in _of(
            uuids[line[0]], newest[line[-1]], {who for pk in line for who in by_shift.get(pk, ())}
        )
    ]


def _of(key: UUID, row: CurrentShift, deciders: Collection[int]) -> list[Done]:
    """What the student did, and whoever confirmed this shift or an earlier version of it."""
    day, year = days.london_day(row.start), row.placement.stage.year
    holds = row.state == State.CONFIRMED
    student = Done(
        person=row.enrolment.person_id,
        key=key,
        kind="placement",
        title=f"Placement at {row.shift.site.name}, year {year}",
        day=day,
        minutes=row.minutes,
        holds=holds and row.day_type.stage_part != DayType.Part.NONE,
    )
    title = f"Confirmed a shift of a year {year} student"
    now = row.decision.person_id if holds and row.decision else None
    others = [Done(who, key, "mentoring", title, day, holds=who == now) for who in sorted(deciders)]
    return [student, *others]


def met(facts: Sequence[UUID]) -> list[Done]:
    """Which staff held a meeting about a placement, by their signatures: one meeting, however often it was written anew."""
    rows = MeetingSignature.objects.filter(entry__uuid__in=facts)
    found = lines(Meeting, rows.values_list("meeting", flat=True))
    meetings = Meeting.objects.select_related("placement__stage").in_bulk(
        [pk for line in found for pk in (line[0], line[-1])]
    )
    signed: dict[int, set[int]] = {}
    signatures = MeetingSignature.objects.filter(meeting__in=[pk for line in found for pk in line])
    staff = signatures.exclude(capacity=MeetingSignature.Capacity.STUDENT)
    for meeting, person in staff.values_list("meeting", "person"):
        signed.setdefault(meeting, set()).add(person)
    return [
        Done(
            person=person,
            key=meetings[line[0]].entry.uuid,
            kind="mentoring",
            title=_meeting(meetings[line[-1]]),
            day=meetings[line[-1]].entry.about_from,
        )
        for line in found
        for person in sorted({who for pk in line for who in signed.get(pk, ())})
    ]


def _meeting(meeting: Meeting) -> str:
    kind = meeting.get_meeting_kind_display()
    return f"{kind[0].upper()}{kind[1:]} with a year {meeting.placement.stage.year} student"


def _uuids(keys: Collection[int]) -> dict[int, UUID]:
    return dict(LedgerEntry.objects.filter(pk__in=keys).values_list("pk", "uuid"))
