"""The limits on a student's week: what comes near one, what goes over one, and the words for it."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise

from placements.hours import (
    SENT_AHEAD,
    HoursError,
    Worked,
    elapsed_minutes,
    minutes_by_week,
    week_minutes,
)
from placements.totals import BEHIND
from placements.turnaround import WITHIN
from school.core import days
from school.core.decision import ALLOWED, Decision, refused


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one programme, in whole minutes or counts; the defaults are the sources' figures.

    Sources: university placement policies of Leeds (48 hours, rest, long days), UWE and
    Gloucestershire (37 hours 30 minutes), Buckinghamshire ("including theory, study and part-time
    work") and UCLan (make-up); nights as in the Working Time Regulations 1998, reg. 2(1).

    notice_week: a week over this is a notice (UWE, Gloucestershire: 37 hours 30 minutes).
    breach_week: a week over this is a breach (Leeds: 48 hours).
    rest: less rest than this between duty periods is a breach (Leeds, earlier text: 11 hours).
    same_duty_gap: shifts less than this apart are one duty period (4 hours).
    long_day: a duty period that counts more than this is a long day (Leeds: 10 hours).
    long_days_a_week: more long days or nights than this in a week is a breach (Leeds: 3).
    night_from, night_to: night time, in minutes after London midnight (reg. 2(1): 23:00 to 06:00).
    night_minutes: a duty period with at least this much of night time is a night (reg. 2(1): 3 hours).
    self_make_up: make-up a student may arrange alone, per placement (UCLan: 37 hours 30 minutes).
    absence_report: an absence recorded later than this after its day is late (UQ pharmacy: 24 hours).
    future_end: how far ahead of server time the end of a shift may lie when it is sent (60 minutes).
    behind: a student this far under the plan is called behind (15 hours).
    reroute_working_days: what waits longer also stands in the site lead's inbox (the network's habit: 5).
    """

    notice_week: int = 37 * 60 + 30
    breach_week: int = 48 * 60
    rest: int = 11 * 60
    same_duty_gap: int = 4 * 60
    long_day: int = 10 * 60
    long_days_a_week: int = 3
    night_from: int = 23 * 60
    night_to: int = 6 * 60
    night_minutes: int = 3 * 60
    self_make_up: int = 37 * 60 + 30
    absence_report: int = 24 * 60
    future_end: int = SENT_AHEAD
    behind: int = BEHIND
    reroute_working_days: int = WITHIN

    @classmethod
    def of(cls, values: Mapping[str, int]) -> "Limits":
        """The limits that a programme's values make, by field name; what they leave out stays the default.

        Values by another name are left alone: they belong to other rules in the same table.
        """
        return cls(**{name: value for name, value in values.items() if name in _NAMES})


_NAMES = frozenset(field.name for field in fields(Limits))

DEFAULTS = Limits()


class Severity(StrEnum):
    """A notice informs; a breach is seen by the coordinator the same day."""

    NOTICE = "notice"
    BREACH = "breach"


class Rule(StrEnum):
    """Which limit a finding is about."""

    WEEK_NOTICE = "week_notice"
    WEEK_BREACH = "week_breach"
    REST = "rest"
    LONG_DAYS = "long_days"


SEVERITY = {
    Rule.WEEK_NOTICE: Severity.NOTICE,
    Rule.WEEK_BREACH: Severity.BREACH,
    Rule.REST: Severity.BREACH,
    Rule.LONG_DAYS: Severity.BREACH,
}


@dataclass(frozen=True, slots=True)
class DutyPeriod:
    """Shifts with less than four hours between them, in order."""

    shifts: tuple[Worked, ...]

    @property
    def start(self) -> datetime:
        return self.shifts[0].start

    @property
    def last(self) -> Worked:
        """The shift that ends last."""
        return max(self.shifts, key=lambda shift: shift.end)

    @property
    def end(self) -> datetime:
        return self.last.end

    @property
    def minutes(self) -> int:
        """Counted minutes; the time between its shifts is not worked."""
        return sum(shift.minutes for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One limit that a week comes over.

    `monday` is the week it belongs to (for rest, the week of the later shift). `measured` and `limit`
    are minutes, or counts for long days. `keys` are the shifts concerned: those of the week, or the
    one before and the one after a short rest, or the long ones. `ended` and `began` are set for rest.
    """

    rule: Rule
    monday: date
    measured: int
    limit: int
    keys: tuple[Hashable, ...]
    ended: datetime | None = None
    began: datetime | None = None

    @property
    def severity(self) -> Severity:
        return SEVERITY[self.rule]

    def sentence(
        self,
        *,
        educator: str = "",
        key: Hashable = None,
        week: date | None = None,
        planned: bool = False,
    ) -> str:
        """The whole of it, for the student: what is so, the limit, and what follows.

        `educator` is the name of the practice educator who sees it; `key` is the shift on the page;
        `week` is the Monday on the page, so that another week is named; `planned` is true before the
        shift is worked.
        """
        heading = self.heading(key=key, week=week)
        detail = self.detail(key=key, planned=planned)
        return f"{heading}. {detail} {self.outcome(educator=educator, planned=planned)}"

    def heading(self, *, key: Hashable = None, week: date | None = None) -> str:
        """What is so, without a full stop: "This week will come to 39 hours"."""
        if self.rule is Rule.REST:
            return f"Only {days.in_words(self.measured)} of rest {self._where(key)}"
        this = "This week" if week in (None, self.monday) else self._week
        return f"{this} will come to {self._amount}"

    def detail(self, *, key: Hashable = None, planned: bool = False) -> str:
        """The limit behind the heading: "Your university plans for up to ..."."""
        if self.ended is not None and self.began is not None:
            before, after = self.keys
            ending, beginning = ("ends", "begins") if planned else ("ended", "began")
            one = "This" if key == before else days.weekday(days.london_day(self.ended))
            other = "this" if key == after else days.weekday(days.london_day(self.began))
            return (
                f"{one} {ending} at {days.clock_time(self.ended)}"
                f" and {other} {beginning} at {days.clock_time(self.began)}."
                f" Students should have {days.in_words(self.limit)}."
            )
        if self.rule is Rule.LONG_DAYS:
            return f"Your university plans for up to {self.limit} in a week."
        if self.rule is Rule.WEEK_BREACH:
            return f"Your university sets a limit of {days.in_words(self.limit)}, theory included."
        return f"Your university plans for up to {days.in_words(self.limit)}, theory included."

    def outcome(self, *, educator: str = "", planned: bool = False) -> str:
        """What follows from it: it never stops a shift that was worked."""
        if self.severity is Severity.NOTICE:
            return "You can still send this."
        if planned:
            return (
                "This cannot be planned unless the placement coordinator allows it with a reason."
            )
        if not educator:
            return "You worked it, so it counts. The placement coordinator sees it today."
        return (
            f"You worked it, so it counts. The placement coordinator and {educator} see it today."
        )

    def statement(self) -> str:
        """The same in one neutral sentence, for the practice educator's and the coordinator's lists."""
        if self.began is not None:
            day = days.day_date(days.london_day(self.began))
            return (
                f"{days.in_words(self.measured)} of rest before {day}:"
                f" under the limit of {days.in_words(self.limit)}."
            )
        if self.rule is Rule.LONG_DAYS:
            limit = f"over the limit of {self.limit}"
        elif self.rule is Rule.WEEK_BREACH:
            limit = f"over the limit of {days.in_words(self.limit)}"
        else:
            limit = f"over the {days.in_words(self.limit)} planned for"
        return f"{self._week} comes to {self._amount}: {limit}."

    @property
    def _week(self) -> str:
        return f"The week of {days.long_date(self.monday)}"

    @property
    def _amount(self) -> str:
        if self.rule is Rule.LONG_DAYS:
            return f"{self.measured} long days or nights"
        return days.in_words(self.measured)

    def _where(self, key: Hashable) -> str:
        if key is not None and key == self.keys[0]:
            return "after this shift"
        if self.began is None or (key is not None and key == self.keys[1]):
            return "before this shift"
        return f"before {days.day_and_month(days.london_day(self.began))}"


# Findings


def findings(shifts: Iterable[Worked], limits: Limits = DEFAULTS) -> list[Finding]:
    """Every notice and breach in a student's shifts, by week.

    Pass all shifts that touch the weeks of interest, and the ones next to them for rest, of every
    worked day type, planned or awaiting or confirmed, in any order and without versions that were
    superseded. A shift whose day type does not count towards the week is left out.
    """
    counted = sorted(
        (shift for shift in shifts if shift.counts_week),
        key=lambda shift: (shift.start, shift.end, str(shift.key)),
    )
    found = [
        *rule_week_notice(counted, limits),
        *rule_week_breach(counted, limits),
        *rule_rest(counted, limits),
        *rule_long_days(counted, limits),
    ]
    return sorted(found, key=lambda finding: finding.monday)


def concerning(found: Iterable[Finding], key: Hashable) -> list[Finding]:
    """The findings that a shift has a part in."""
    return [finding for finding in found if key in finding.keys]


def duty_periods(
    shifts: Iterable[Worked], same_duty_gap: int = DEFAULTS.same_duty_gap
) -> list[DutyPeriod]:
    """Shifts gathered into duty periods; a gap of exactly `same_duty_gap` minutes parts them."""
    periods: list[DutyPeriod] = []
    for shift in sorted(shifts, key=lambda shift: (shift.start, shift.end, str(shift.key))):
        if periods and elapsed_minutes(periods[-1].end, shift.start) < same_duty_gap:
            periods[-1] = DutyPeriod((*periods[-1].shifts, shift))
        else:
            periods.append(DutyPeriod((shift,)))
    return periods


def rule_week_notice(shifts: Sequence[Worked], limits: Limits) -> list[Finding]:
    """A week over 37 hours 30 minutes is a notice, until it is a breach."""
    return [
        Finding(Rule.WEEK_NOTICE, monday, minutes, limits.notice_week, keys)
        for monday, minutes, keys in _weeks(shifts)
        if limits.notice_week < minutes <= limits.breach_week
    ]


def rule_week_breach(shifts: Sequence[Worked], limits: Limits) -> list[Finding]:
    """A week over 48 hours is a breach."""
    return [
        Finding(Rule.WEEK_BREACH, monday, minutes, limits.breach_week, keys)
        for monday, minutes, keys in _weeks(shifts)
        if minutes > limits.breach_week
    ]


def rule_rest(shifts: Sequence[Worked], limits: Limits) -> list[Finding]:
    """Less than 11 hours of rest between two duty periods is a breach."""
    found = []
    periods = duty_periods(shifts, limits.same_duty_gap)
    for before, after in pairwise(periods):
        rest = elapsed_minutes(before.end, after.start)
        if rest < limits.rest:
            monday = days.monday(days.london_day(after.start))
            keys = (before.last.key, after.shifts[0].key)
            found.append(
                Finding(Rule.REST, monday, rest, limits.rest, keys, before.end, after.start)
            )
    return found


def rule_long_days(shifts: Sequence[Worked], limits: Limits) -> list[Finding]:
    """More than 3 long days or nights in a week is a breach.

    A duty period counts once, in the week it begins, when it counts over 10 hours or is a night.
    """
    weeks: dict[date, list[DutyPeriod]] = {}
    for period in duty_periods(shifts, limits.same_duty_gap):
        if period.minutes > limits.long_day or is_night(period, limits):
            monday = days.monday(days.london_day(period.start))
            weeks.setdefault(monday, []).append(period)
    return [
        Finding(
            Rule.LONG_DAYS,
            monday,
            len(long),
            limits.long_days_a_week,
            tuple(shift.key for period in long for shift in period.shifts),
        )
        for monday, long in weeks.items()
        if len(long) > limits.long_days_a_week
    ]


def is_night(period: DutyPeriod, limits: Limits = DEFAULTS) -> bool:
    """Whether a duty period has at least 3 hours between 23:00 and 06:00 on the London clock.

    Source: Working Time Regulations 1998, reg. 2(1), "night time" and "night worker". Real elapsed
    time, breaks included.
    """
    first, last = days.london_day(period.start) - days.DAY, days.london_day(period.end)
    nights = [first + n * days.DAY for n in range((last - first).days + 1)]
    at_night = sum(
        max(0, elapsed_minutes(max(shift.start, begins), min(shift.end, ends)))
        for night in nights
        for begins in [days.instant(night, _clock(limits.night_from))]
        for ends in [days.instant(night + days.DAY, _clock(limits.night_to))]
        for shift in period.shifts
    )
    return at_night >= limits.night_minutes


def _clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _weeks(shifts: Sequence[Worked]) -> list[tuple[date, int, tuple[Hashable, ...]]]:
    """Monday, counted minutes and the shifts with a part in it, for each week."""
    keys: dict[date, list[Hashable]] = {}
    for shift in shifts:
        for monday in minutes_by_week(shift):
            keys.setdefault(monday, []).append(shift.key)
    return [
        (monday, minutes, tuple(keys[monday])) for monday, minutes in week_minutes(shifts).items()
    ]


# What a limit stops


def rule_breach_ahead(found: Iterable[Finding], reason: str) -> Decision:
    """A breach ahead of time is refused unless the coordinator gives a reason.

    For placing, planned shifts and planned make-up only: a shift that was worked is always recorded.
    """
    breaches = [finding for finding in found if finding.severity is Severity.BREACH]
    if breaches and not reason.strip():
        return refused(breaches[0].sentence(planned=True))
    return ALLOWED


def rule_self_make_up(arranged: int, more: int, limits: Limits = DEFAULTS) -> None:
    """A student arranges at most 37 hours 30 minutes of make-up alone, per placement.

    `arranged` is what is worked or still to come and `more` what is asked for, both in minutes. Raises HoursError.
    """
    if arranged + more > limits.self_make_up:
        raise HoursError(
            f"This brings the make-up of this placement to {days.in_words(arranged + more)}."
            f" Above {days.in_words(limits.self_make_up)} the placement coordinator arranges it, with a reason.",
            field="reason",
        )


def rule_absence_late(day: date, recorded: datetime, limits: Limits = DEFAULTS) -> bool:
    """An absence is reported within 24 hours, counted from the end of its day in London."""
    return elapsed_minutes(days.end_of_day(day), recorded) > limits.absence_report
