"""A stage's hours added up from what was recorded: parts, band, plan line. Never typed, never rounded."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from school.core.days import DAY
from school.core.share import least_of
from school.core.workingdays import working_days_between

BEHIND = 15 * 60  # minutes under the plan from which a student is called behind
ATTENDANCE = (
    80  # percent, where a programme uses a share (Gloucestershire: 80 % of 216 h = 172 h 48)
)


class StagePart(StrEnum):
    """Which part of a stage a day type counts towards; the two are never mixed.

    Source: College of Radiographers, July 2025 (1,200 hours of practice and 120 of simulation).
    """

    CLINICAL = "clinical"
    SIMULATED = "simulated"
    NONE = "none"


class State(StrEnum):
    """Where the standing version of a shift is."""

    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    QUERIED = "queried"
    REJECTED = "rejected"


class DayKind(StrEnum):
    """What a day was on which nothing was worked."""

    ABSENT_ILL = "absent_ill"
    ABSENT_OTHER = "absent_other"
    SCANNER_DOWN = "cancelled_scanner"
    NO_TRACER = "cancelled_tracer"
    NO_STAFF = "cancelled_staff"
    BANK_HOLIDAY = "bank_holiday"
    NOTHING_PLANNED = "nothing_planned"


ABSENT = frozenset({DayKind.ABSENT_ILL, DayKind.ABSENT_OTHER})
SITE_CANCELLED = frozenset({DayKind.SCANNER_DOWN, DayKind.NO_TRACER, DayKind.NO_STAFF})


@dataclass(frozen=True, slots=True)
class Row:
    """One shift, or the sum of several alike: counted minutes, state, part, and whether it makes up a day."""

    minutes: int
    state: State
    part: StagePart = StagePart.CLINICAL
    makes_up: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A day on which nothing was worked, and the minutes that were expected of it."""

    kind: DayKind
    expected_minutes: int


@dataclass(frozen=True, slots=True)
class Parts:
    """Minutes of shifts by state."""

    confirmed: int = 0
    awaiting: int = 0
    queried: int = 0
    rejected: int = 0

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(
            self.confirmed + other.confirmed,
            self.awaiting + other.awaiting,
            self.queried + other.queried,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """A stage in whole minutes.

    `clinical` and `simulated` stand apart. `absent` and `site_cancelled` are the minutes expected of
    days that were not worked; `made_up` is the share of confirmed clinical minutes that makes up such
    days, and takes nothing off them. `brought_forward` (from paper) counts and is not shown as
    confirmed here; `adjusted` may be negative.
    """

    clinical: Parts = field(default_factory=Parts)
    simulated: Parts = field(default_factory=Parts)
    absent: int = 0
    site_cancelled: int = 0
    made_up: int = 0
    brought_forward: int = 0
    simulated_brought_forward: int = 0
    adjusted: int = 0

    @property
    def counted(self) -> int:
        """Minutes that count towards the stage: confirmed, brought forward, adjusted."""
        return self.clinical.confirmed + self.brought_forward + self.adjusted

    @property
    def simulated_counted(self) -> int:
        """Simulated minutes that count, apart from the stage's clinical hours."""
        return self.simulated.confirmed + self.simulated_brought_forward

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.clinical + other.clinical,
            self.simulated + other.simulated,
            self.absent + other.absent,
            self.site_cancelled + other.site_cancelled,
            self.made_up + other.made_up,
            self.brought_forward + other.brought_forward,
            self.simulated_brought_forward + other.simulated_brought_forward,
            self.adjusted + other.adjusted,
        )


def total_of(
    rows: Iterable[Row],
    notes: Iterable[Note] = (),
    *,
    brought_forward: Iterable[tuple[int, StagePart]] = (),
    adjustments: Iterable[int] = (),
) -> Totals:
    """The totals of one stage.

    `rows` are standing versions only; `brought_forward` are minutes and their part, `adjustments`
    minutes. What counts towards no part of the stage (study) is in none of the totals.
    """
    totals = Totals(adjusted=sum(adjustments))
    for paper in brought_forward:
        totals += rule_paper_apart(*paper)
    for row in rows:
        totals += rule_apart(row)
    for note in notes:
        totals += rule_site_cancelled(note)
    return totals


def rule_apart(row: Row) -> Totals:
    """Clinical and simulated hours are counted apart."""
    parts = Parts(**{row.state.value: row.minutes})
    if row.part is StagePart.SIMULATED:
        return Totals(simulated=parts)
    if row.part is StagePart.CLINICAL:
        return Totals(clinical=parts, made_up=parts.confirmed if row.makes_up else 0)
    return Totals()


def rule_paper_apart(minutes: int, part: StagePart) -> Totals:
    """Hours from paper count, are never shown as confirmed here, and keep the two parts apart."""
    if part is StagePart.SIMULATED:
        return Totals(simulated_brought_forward=minutes)
    return Totals(brought_forward=minutes) if part is StagePart.CLINICAL else Totals()


def rule_site_cancelled(note: Note) -> Totals:
    """A day that the site cancelled is never the student's absence."""
    if note.kind in SITE_CANCELLED:
        return Totals(site_cancelled=note.expected_minutes)
    if note.kind in ABSENT:
        return Totals(absent=note.expected_minutes)
    return Totals()


# Against the band


class BandState(StrEnum):
    """Where counted minutes stand against a stage's band, both ends included."""

    BELOW = "below"
    IN_BAND = "in_band"
    OVER = "over"


def band_state(counted: int, minimum: int, maximum: int) -> BandState:
    """Counted minutes against the stage's minimum and maximum, in minutes."""
    if counted < minimum:
        return BandState.BELOW
    return BandState.OVER if counted > maximum else BandState.IN_BAND


def to_go(counted: int, minimum: int) -> int:
    """Minutes still to go to the stage's minimum; 0 once it is reached."""
    return max(0, minimum - counted)


def attendance_needed(minimum: int, percent: int = ATTENDANCE) -> int:
    """Minutes that a programme with an attendance share asks for: 80 % of 216 h is 172 h 48."""
    return least_of(percent, minimum)


# Against the plan


def expected_by(
    day: date, first: date, last: date, minimum: int, planned: Collection[date] | None = None
) -> int:
    """Minutes that the plan expects by the end of `day`, rounded down.

    `minimum` is spread evenly over the placement's working days, `first` to `last` included, or over
    `planned`, the days on which the student is expected. 0 before the first, `minimum` from the last.
    """
    if day >= last:
        return minimum
    if day < first:
        return 0
    if planned is None:
        before = first - DAY
        gone, whole = working_days_between(before, day), working_days_between(before, last)
    else:
        inside = [one for one in planned if first <= one <= last]
        gone, whole = sum(one <= day for one in inside), len(inside)
    return minimum * gone // whole if whole else 0


def rule_behind(done: int, expected: int, threshold: int = BEHIND) -> int:
    """Minutes that a student is behind, or 0.

    Behind: confirmed and awaiting hours together are 15 hours or more under what the plan expects.
    """
    short = expected - done
    return short if short >= threshold else 0


def behind_on(
    done: int,
    first: date,
    last: date,
    minimum: int,
    planned: Collection[date] | None = None,
    threshold: int = BEHIND,
) -> date | None:
    """The first day on which a student is behind if no more is logged; None when that never comes."""
    span = [first + n * DAY for n in range((last - first).days + 1)]

    def is_behind(day: date) -> bool:
        return rule_behind(done, expected_by(day, first, last, minimum, planned), threshold) > 0

    # The plan never falls, so the days before are all False and the rest all True.
    found = bisect_left(span, True, key=is_behind)
    return span[found] if found < len(span) else None
