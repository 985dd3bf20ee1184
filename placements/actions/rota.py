"""The rota: planned shifts, checked against the hours rules before anybody works them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from placements import standing
from placements.hours import rule_overlap
from placements.limits import Finding, Severity, rule_breach_ahead
from placements.models import CurrentShift, DayType, Override, Placement, PlannedShift
from school.core import clock, days, ledger
from school.core.errors import DomainError
from school.core.ledger import Draft
from school.core.workingdays import is_bank_holiday
from school.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Which weekdays (0 is Monday) a student works, from when to when; an end before the start is next day."""

    weekdays: frozenset[int]
    start: time
    end: time
    break_minutes: int


def planned_by(pattern: Pattern, placement: Placement, day_type: DayType) -> list[PlannedShift]:
    """The shifts a pattern gives between a placement's first and last day, bank holidays left out; not saved."""
    rows = []
    day = placement.starts
    while day <= placement.ends:
        if day.weekday() in pattern.weekdays and not is_bank_holiday(day):
            ends_on = day if pattern.end > pattern.start else day + timedelta(days=1)
            rows.append(
                PlannedShift(
                    placement=placement,
                    day_type=day_type,
                    start=days.instant(day, pattern.start),
                    end=days.instant(ends_on, pattern.end),
                    break_minutes=pattern.break_minutes,
                )
            )
        day += timedelta(days=1)
    return rows


def plan_rota(
    *, by: Person, placement: Placement, shifts: Sequence[PlannedShift], reason: str = ""
) -> list[PlannedShift]:
    """Puts shifts on a placement's rota in place of those still to come; a breach needs a coordinator's reason.

    Raises DomainError naming the rule when a breach has no reason; nothing is saved then.
    """
    book = placement.enrolment.book
    with ledger.writing(book) as pen:
        to_come = PlannedShift.objects.filter(
            placement=placement, start__gte=clock.now(), makes_up=None
        )
        leaving = {row.pk for row in to_come}
        new = [row for row in shifts if row.start >= clock.now()]
        breaches = check_planned(placement, new, reason=reason, leaving=leaving)
        for row in to_come:
            row.delete()
        for row in new:
            row.save()
        rules = {finding.rule.value for finding in breaches}
        pen.append(overrides(placement, rules, reason), by=by.uuid)
    return new


def overrides(placement: Placement, rules: Iterable[str], reason: str) -> list[Draft]:
    """What keeps that each rule was set aside on a placement, and why."""
    return [
        Draft(
            fact=Override(placement=placement, rule=rule),
            book=placement.enrolment.book,
            about_from=placement.starts,
            about_to=placement.ends,
            texts={"reason": reason.strip()},
        )
        for rule in sorted(rules)
    ]


def check_planned(
    placement: Placement,
    new: Sequence[PlannedShift],
    *,
    reason: str,
    leaving: set[int] | None = None,
) -> list[Finding]:
    """The breaches that planned shifts make with what is worked and planned already.

    Raises DomainError for the first breach when no reason is given, and for an overlap always.
    """
    enrolment = placement.enrolment
    kept = PlannedShift.objects.filter(
        placement__enrolment=enrolment, start__gte=clock.now()
    ).exclude(pk__in=leaving or ())
    sent = [
        row for row in standing.current_shifts([enrolment.pk]) if row.state in CurrentShift.LIVE
    ]
    standing_shifts: list[PlannedShift | CurrentShift] = [
        *kept.select_related("day_type"),
        *sent,
    ]
    for position, row in enumerate(new):
        rule_overlap(row, [*standing_shifts, *new[:position]])
    new_keys = {id(row) for row in new}
    programme = enrolment.cohort.programme_id
    breaches = [
        finding
        for monday in standing.weeks_of(*((row.start, row.end) for row in new))
        for finding in standing.findings_of((*standing_shifts, *new), programme, monday)
        if finding.severity is Severity.BREACH and new_keys & set(finding.keys)
    ]
    verdict = rule_breach_ahead(breaches, reason)
    if not verdict:
        raise DomainError(verdict.reason, field="reason")
    return breaches


def usual_times(shifts: Sequence[PlannedShift], day: date) -> PlannedShift | None:
    """The planned shift that a day's form begins with: that day's, else the placement's newest before it."""
    same = [row for row in shifts if days.london_day(row.start) == day]
    if same:
        return same[0]
    before = [row for row in shifts if days.london_day(row.start) < day]
    return before[-1] if before else (shifts[0] if shifts else None)
