"""Who signs the record of a meeting, in which words, and when the meetings of a placement are due."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from placements.models import Meeting, MeetingSignature
from school.core import days
from school.core.decision import ALLOWED, Decision, refused

Kind = Meeting.Kind
Capacity = MeetingSignature.Capacity

WEEK = timedelta(days=6)  # the first and last of its days apart
# A placement shorter than this has no middle worth a meeting of its own.
HAS_MIDDLE = timedelta(days=13)
# What is written down late, or agreed before the first day.
AROUND = timedelta(days=28)


class Side(enum.Enum):
    """One of those whose signature a record needs."""

    STUDENT = "the student"
    SITE = "the practice educator"
    TUTOR = "the university tutor"


SIDES: dict[str, tuple[Side, ...]] = {
    Kind.INITIAL: (Side.STUDENT, Side.SITE),
    Kind.MIDWAY: (Side.STUDENT, Side.SITE),
    Kind.FINAL: (Side.STUDENT, Side.SITE),
    Kind.THREE_WAY: (Side.STUDENT, Side.SITE, Side.TUTOR),
    Kind.VISIT: (Side.TUTOR,),
}

CAPACITIES: dict[Side, tuple[str, ...]] = {
    Side.STUDENT: (Capacity.STUDENT,),
    Side.SITE: (
        Capacity.PRACTICE_EDUCATOR,
        Capacity.SUPERVISOR,
        Capacity.ASSESSOR,
        Capacity.SITE_LEAD,
    ),
    Side.TUTOR: (Capacity.TUTOR,),
}

# What a person signs. A changed sentence here becomes a new stored wording; old signatures keep theirs.
WORDINGS: dict[str, str] = {
    Kind.INITIAL: "I have read every word of this learning contract and agree to it.",
    Kind.MIDWAY: "I have read every word of this action plan and agree to it.",
    Kind.FINAL: "I have read every word of this final report. It says what we discussed.",
    Kind.THREE_WAY: "I have read every word of this record. It says what the three of us agreed.",
    Kind.VISIT: "This record says what I saw on my visit and what was agreed.",
}


def side_of(capacity: str) -> Side:
    """For whom somebody with a capacity signs."""
    return next(side for side, held in CAPACITIES.items() if capacity in held)


def unsigned(kind: str, signed: Collection[str]) -> tuple[Side, ...]:
    """Whose signature is missing, from the capacities of those that are there."""
    there = {side_of(capacity) for capacity in signed}
    return tuple(side for side in SIDES[kind] if side not in there)


def rule_has_part(kind: str, held: Collection[Side]) -> Decision:
    """A record is written and signed by those who take part in the meeting that it is about."""
    if set(held) & set(SIDES[kind]):
        return ALLOWED
    return refused(
        "This record is written and signed by " + " and ".join(s.value for s in SIDES[kind]) + "."
    )


def rule_day(day: date, starts: date, ends: date, today: date) -> Decision:
    """A meeting has taken place, and around the placement that it is about."""
    if day > today:
        return refused("The day of the meeting cannot lie in the future.")
    if not starts - AROUND <= day <= ends + AROUND:
        return refused(
            "The day of the meeting must lie within four weeks of the placement, "
            f"{days.long_date(starts)} to {days.long_date(ends)}."
        )
    return ALLOWED


@dataclass(frozen=True, slots=True)
class Due:
    """A meeting that every placement has, and the week in which it is due."""

    kind: str
    first: date
    last: date


def due(starts: date, ends: date) -> tuple[Due, ...]:
    """The initial meeting in the first week, the midway one around the middle, the final one in the last week."""
    middle = starts + (ends - starts) // 2
    half = WEEK // 2
    found = [Due(Kind.INITIAL, starts, min(starts + WEEK, ends))]
    if ends - starts >= HAS_MIDDLE:
        found.append(Due(Kind.MIDWAY, middle - half, middle + half))
    found.append(Due(Kind.FINAL, max(ends - WEEK, starts), ends))
    return tuple(found)


def due_now(starts: date, ends: date, written: Collection[str], today: date) -> tuple[Due, ...]:
    """Those whose week has begun and that nobody has written down, while the placement runs."""
    if not starts <= today <= ends:
        return ()
    return tuple(row for row in due(starts, ends) if row.first <= today and row.kind not in written)
