"""Making a lost day up: planned by the student up to a limit, by the coordinator above it, and taken off again."""

from datetime import datetime

from placements import hours, reference
from placements.actions.hours import rule_own_day_note, rule_own_record
from placements.actions.rota import check_planned, overrides
from placements.limits import rule_self_make_up
from placements.models import CurrentShift, DayNote, DayType, Placement, PlannedShift
from school.core import clock, days, ledger
from school.core.errors import DomainError
from school.people.models import Person

# The rule that a coordinator sets aside when more is made up than a student may arrange alone.
SELF_MAKE_UP = "self_make_up"


def plan_make_up(
    *,
    by: Person,
    placement: Placement,
    day_note: DayNote,
    day_type: DayType,
    start: datetime,
    end: datetime,
    break_minutes: int,
) -> PlannedShift:
    """A student arranges a make-up themselves: up to 37 hours 30 minutes a placement, without a breach."""
    rule_own_record(by, placement)
    planned = PlannedShift(
        placement=placement,
        day_type=day_type,
        start=start,
        end=end,
        break_minutes=break_minutes,
        makes_up=day_note,
    )
    return _plan(by, planned, day_note, reason="")


def arrange_make_up(
    *,
    by: Person,
    placement: Placement,
    day_note: DayNote,
    day_type: DayType,
    start: datetime,
    end: datetime,
    break_minutes: int,
    reason: str = "",
) -> PlannedShift:
    """A coordinator arranges a make-up; with a reason also above the student's limit, and into a breach."""
    planned = PlannedShift(
        placement=placement,
        day_type=day_type,
        start=start,
        end=end,
        break_minutes=break_minutes,
        makes_up=day_note,
    )
    return _plan(by, planned, day_note, reason=reason.strip())


def cancel_make_up(*, by: Person, planned: PlannedShift) -> None:
    """Takes a make-up that is still to come off the rota; its history stays."""
    del by  # the history keeps who it was; every write names its actor
    with ledger.writing(planned.placement.enrolment.book):
        rule_is_make_up(planned)
        rule_to_come(planned)
        planned.delete()


def rule_is_make_up(planned: PlannedShift) -> None:
    """Only a make-up is taken off alone: the rest of the rota is the coordinator's pattern."""
    if planned.makes_up_id is None:
        raise DomainError("Only a make-up can be taken off the rota here.")


def rule_to_come(planned: PlannedShift) -> None:
    """A make-up is planned, and taken off again, before it begins."""
    if planned.start <= clock.now():
        raise DomainError(
            "This make-up has begun already. Log it if it was worked; if it was not, nothing is counted.",
            field="day",
        )


def made_up_minutes(placement: Placement) -> int:
    """The make-up of a placement: what is still to come, and what was worked."""
    to_come = PlannedShift.objects.filter(placement=placement, start__gt=clock.now())
    planned = [
        hours.counted_minutes(row.start, row.end, row.break_minutes)
        for row in to_come.exclude(makes_up=None)
    ]
    worked = CurrentShift.objects.filter(placement=placement, state__in=CurrentShift.LIVE)
    minutes = worked.exclude(shift__makes_up=None).values_list("minutes", flat=True)
    return sum(planned) + sum(minutes)


def _plan(by: Person, planned: PlannedShift, lost: DayNote, *, reason: str) -> PlannedShift:
    placement = planned.placement
    rule_own_day_note(lost, placement)
    minutes = hours.counted_minutes(planned.start, planned.end, planned.break_minutes)
    rule_to_come(planned)
    monday = days.monday(days.london_day(planned.start))
    limits = reference.limits(placement.enrolment.cohort.programme_id, monday)
    with ledger.writing(placement.enrolment.book) as pen:
        already = made_up_minutes(placement)
        if not reason:
            rule_self_make_up(already, minutes, limits)
        breaches = check_planned(placement, [planned], reason=reason)
        planned.save()
        rules = {finding.rule.value for finding in breaches}
        if already + minutes > limits.self_make_up:
            rules.add(SELF_MAKE_UP)
        pen.append(overrides(placement, rules, reason), by=by.uuid)
    return planned
