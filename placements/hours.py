"""The arithmetic of one shift: what it counts, where its minutes fall, when it may be sent and confirmed."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from school.core import days
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import DomainError

LONGEST = 24 * 60  # minutes; a mistyped date makes a shift longer, work does not
SENT_AHEAD = 60  # minutes that an end may lie ahead of server time when a shift is sent
CLOCK_TOLERANCE = 5  # minutes that a device's clock may differ before the difference is shown


class HoursError(DomainError):
    """A shift that cannot be true. `field` is start, end or break_minutes."""


class Timed(Protocol):
    """Anything with a start and an end, both aware instants, the end not part of it."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Worked:
    """A shift as the limits see it.

    `key` is the caller's own name for it; `start` and `end` are aware instants, kept in UTC;
    `counts_week` comes from the day type (a type that does not count is under no weekly limit).
    Raises HoursError as `counted_minutes` does.
    """

    key: Hashable
    start: datetime
    end: datetime
    break_minutes: int
    counts_week: bool = True

    def __post_init__(self) -> None:
        # Two times of one zone subtract by the clock on the wall, which is wrong on two nights a year.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        counted_minutes(self.start, self.end, self.break_minutes)

    @property
    def minutes(self) -> int:
        """Counted minutes: elapsed less break."""
        return elapsed_minutes(self.start, self.end) - self.break_minutes


def elapsed_minutes(start: datetime, end: datetime) -> int:
    """Real minutes between two aware instants, negative when `end` comes first.

    20:00 to 08:00 in London is 660 on the night the clocks go forward and 780 when they go back.
    """
    return (end.astimezone(UTC) - start.astimezone(UTC)) // timedelta(minutes=1)


def counted_minutes(start: datetime, end: datetime, break_minutes: int) -> int:
    """Minutes that a shift counts: real elapsed time less the break.

    Raises HoursError, naming the field, when the times cannot be true.
    """
    rule_whole_minutes(start, end)
    rule_end_after_start(start, end)
    rule_longest(start, end)
    rule_break_fits(start, end, break_minutes)
    return elapsed_minutes(start, end) - break_minutes


def rule_whole_minutes(start: datetime, end: datetime) -> None:
    """Times are in whole minutes."""
    for field, at in (("start", start), ("end", end)):
        if at.second or at.microsecond:
            raise HoursError("Times are in whole minutes. Leave the seconds out.", field=field)


def rule_end_after_start(start: datetime, end: datetime) -> None:
    """The end comes after the start."""
    if elapsed_minutes(start, end) <= 0:
        raise HoursError(
            f"End must be after {days.clock_time(start)} on {days.day_and_month(days.london_day(start))},"
            " when the shift starts.",
            field="end",
        )


def rule_longest(start: datetime, end: datetime) -> None:
    """A shift lasts 24 hours at most."""
    elapsed = elapsed_minutes(start, end)
    if elapsed > LONGEST:
        raise HoursError(
            f"A shift can last up to {days.in_words(LONGEST)} and this one lasts {days.in_words(elapsed)}."
            " Check the date of its end.",
            field="end",
        )


def rule_break_fits(start: datetime, end: datetime, break_minutes: int) -> None:
    """The break is not negative, and shorter than the shift."""
    if break_minutes < 0:
        raise HoursError("Break must be 0 minutes or more.", field="break_minutes")
    elapsed = elapsed_minutes(start, end)
    if break_minutes >= elapsed:
        raise HoursError(
            f"Break must be shorter than the shift, which lasts {days.in_words(elapsed)}.",
            field="break_minutes",
        )


# Weeks


def minutes_by_week(shift: Worked) -> dict[date, int]:
    """Counted minutes of one shift by the Monday of the London week they fall in.

    A shift over Sunday midnight is split there. Its break is shared in proportion to the elapsed
    parts, rounded down, and the odd minute comes off the longer part (the first when they are equal),
    so that the parts add up to the shift exactly.
    """
    first = days.monday(days.london_day(shift.start))
    midnight = days.end_of_day(first + 6 * days.DAY)
    if shift.end <= midnight:
        return {first: shift.minutes}
    before, after = elapsed_minutes(shift.start, midnight), elapsed_minutes(midnight, shift.end)
    if before >= after:
        off_after = shift.break_minutes * after // (before + after)
        off_before = shift.break_minutes - off_after
    else:
        off_before = shift.break_minutes * before // (before + after)
        off_after = shift.break_minutes - off_before
    return {first: before - off_before, first + 7 * days.DAY: after - off_after}


def week_minutes(shifts: Iterable[Worked]) -> dict[date, int]:
    """Counted minutes by Monday, of all shifts whose day type counts towards the week."""
    weeks: dict[date, int] = {}
    for shift in shifts:
        if shift.counts_week:
            for monday, minutes in minutes_by_week(shift).items():
                weeks[monday] = weeks.get(monday, 0) + minutes
    return dict(sorted(weeks.items()))


# Overlap


def overlaps(a: Timed, b: Timed) -> bool:
    """Whether two shifts share a minute; 08:00 to 12:00 and 12:00 to 16:00 do not."""
    return elapsed_minutes(a.start, b.end) > 0 and elapsed_minutes(b.start, a.end) > 0


def days_overlap(
    a_from: date | None, a_to: date | None, b_from: date | None, b_to: date | None
) -> bool:
    """Whether two intervals of days share a day. Both ends are included; None is open."""
    starts_in_time = a_from is None or b_to is None or a_from <= b_to
    return starts_in_time and (b_from is None or a_to is None or b_from <= a_to)


def rule_overlap(new: Timed, sent: Iterable[Timed]) -> None:
    """A shift shares no minute with another that the same student has sent.

    The caller leaves out the version that `new` corrects. Raises HoursError naming the first clash
    and the field to change.
    """
    clash = min((other for other in sent if overlaps(new, other)), key=_start, default=None)
    if clash is None:
        return
    sent_day = days.london_day(clash.start)
    already = f"you have already sent {days.day_and_month(sent_day)}, {days.time_range(clash.start, clash.end)}"
    if elapsed_minutes(new.start, clash.start) > 0:
        raise HoursError(
            f"End must be {_at(clash.start, sent_day)} or earlier: {already}", field="end"
        )
    raise HoursError(
        f"Start must be {_at(clash.end, days.london_day(new.start))} or later: {already}",
        field="start",
    )


def _start(shift: Timed) -> datetime:
    return shift.start.astimezone(UTC)


def _at(moment: datetime, day: date) -> str:
    other = days.london_day(moment)
    clock = days.clock_time(moment)
    return clock if other == day else f"{clock} on {days.day_and_month(other)}"


# Sending and confirming


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether a shift may be sent now; when only its end is too far ahead, `until` is the end offered."""

    allowed: bool
    reason: str = ""
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.allowed


def sendable(start: datetime, end: datetime, now: datetime, ahead: int = SENT_AHEAD) -> Sending:
    """Whether a shift may be sent at `now`, the server's time; `ahead` is in minutes.

    From its start on; an end up to `ahead` minutes away is accepted (and cannot be confirmed before
    it has passed). A later end is refused and the page offers "until now".
    """
    refusal = rule_started(start, now)
    if refusal is None:
        refusal = rule_end_near(start, end, now, ahead)
    return Sending(True) if refusal is None else refusal


def rule_started(start: datetime, now: datetime) -> Sending | None:
    """A shift may be sent from its start."""
    if elapsed_minutes(start, now) >= 0:
        return None
    starts = _at(start, days.london_day(now))
    return Sending(False, f"You can send this shift once it has started, at {starts}.")


def rule_end_near(start: datetime, end: datetime, now: datetime, ahead: int) -> Sending | None:
    """The end of a shift that is sent lies at most `ahead` minutes ahead of server time."""
    if elapsed_minutes(end, now) >= -ahead:
        return None
    today = days.london_day(now)
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    opens = end - timedelta(minutes=ahead)
    reason = (
        f"This shift ends at {_at(end, today)} and it is {days.clock_time(now)} now."
        f" You can send it from {_at(opens, today)}"
    )
    if elapsed_minutes(start, minute) <= 0:
        return Sending(False, f"{reason}.")
    return Sending(False, f"{reason}, or send what you have worked until now.", until=minute)


def confirmable(end: datetime, now: datetime) -> Decision:
    """Whether a shift may be confirmed at `now`, as far as time goes."""
    refusal = rule_ended(end, now)
    return ALLOWED if refusal is None else refusal


def rule_ended(end: datetime, now: datetime) -> Decision | None:
    """A shift cannot be confirmed before its end has passed."""
    if elapsed_minutes(end, now) >= 0:
        return None
    return refused(
        f"This shift ends at {_at(end, days.london_day(now))}. You can confirm it once that has passed."
    )


def clock_note(device: datetime, server: datetime, tolerance: int = CLOCK_TOLERANCE) -> str:
    """What to show beside server time when a device's clock is wrong; "" when it is right.

    The device's time is evidence and decides nothing. `tolerance` is in minutes.
    """
    if abs(device.astimezone(UTC) - server.astimezone(UTC)) <= timedelta(minutes=tolerance):
        return ""
    day = days.london_day(server)
    return (
        f"The device said {_at(device, day)}; the server received it at {days.clock_time(server)}."
    )
