"""Making a lost day up: the student's own limit, what counts towards it, the coordinator above it, taking it off."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from placements import reference
from placements.actions import making_up
from placements.models import DayNote, HoursRule, Override, Placement, PlannedShift
from school.core import days, ledger
from school.core.errors import DomainError
from school.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 19)
DAY = timedelta(days=1)
NEXT_MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _in_the_evening() -> Iterator[None]:
    with time_machine.travel(make.at(THURSDAY, "21:00"), tick=False):
        yield


@pytest.fixture
def placement() -> Placement:
    return make.make_placement(educator=make.make_educator())


@pytest.fixture
def coordinator(placement: Placement) -> Person:
    return make.make_coordinator()


note = make.make_day_note


def plan(
    placement: Placement, lost: DayNote, day: date, start: str = "08:00", end: str = "16:00"
) -> PlannedShift:
    begins, ends = make.span(day, start, end)
    return making_up.plan_make_up(
        by=placement.enrolment.person,
        placement=placement,
        day_note=lost,
        day_type=make.entered(day).day_type,
        start=begins,
        end=ends,
        break_minutes=30,
    )


def test_make_up_planned_alone_stops_at_37_hours_30_minutes(placement: Placement) -> None:
    lost = note(placement, THURSDAY)
    mondays = [days.monday(THURSDAY) + 7 * n * DAY for n in (1, 2, 3)]
    for number in range(5):
        plan(placement, lost, mondays[number // 2] + number % 2 * 2 * DAY)
    with pytest.raises(DomainError) as refused:
        plan(placement, lost, mondays[2] + 2 * DAY)
    assert refused.value.field == "reason"
    assert PlannedShift.objects.filter(makes_up=lost).count() == 5


def test_make_up_planned_into_a_breach_is_refused(placement: Placement) -> None:
    lost = note(placement, THURSDAY)
    make.plan_shift(placement, THURSDAY + 4 * DAY)
    with pytest.raises(DomainError):
        plan(placement, lost, THURSDAY + 4 * DAY, "21:00", "23:00")
    assert PlannedShift.objects.filter(makes_up=lost).count() == 0


def five(placement: Placement, lost: DayNote) -> list[PlannedShift]:
    """The whole 37 hours 30 minutes, two days a week."""
    return [
        plan(placement, lost, NEXT_MONDAY + (7 * (number // 2) + number % 2 * 2) * DAY)
        for number in range(5)
    ]


def arrange(
    placement: Placement, lost: DayNote, day: date, by: Person, reason: str
) -> PlannedShift:
    begins, ends = make.span(day, "08:00", "16:00")
    return making_up.arrange_make_up(
        by=by,
        placement=placement,
        day_note=lost,
        day_type=make.entered(day).day_type,
        start=begins,
        end=ends,
        break_minutes=30,
        reason=reason,
    )


def test_make_up_is_planned_before_it_begins(placement: Placement) -> None:
    with pytest.raises(DomainError) as refused:
        plan(placement, note(placement, THURSDAY - DAY), THURSDAY)
    assert refused.value.field == "day"
    assert PlannedShift.objects.count() == 0


def test_make_up_that_was_never_worked_uses_nothing_up(placement: Placement) -> None:
    lost = note(placement, THURSDAY)
    row = make.plan_shift(placement, THURSDAY - DAY)
    row.makes_up = lost
    row.save()
    assert making_up.made_up_minutes(placement) == 0
    assert len(five(placement, lost)) == 5


def test_make_up_that_was_worked_counts_until_it_is_taken_back(placement: Placement) -> None:
    lost = note(placement, THURSDAY - 2 * DAY)
    worked = make.make_shift(placement, THURSDAY, makes_up=lost)
    make.make_shift(placement, THURSDAY - DAY)
    plan(placement, lost, NEXT_MONDAY)
    assert making_up.made_up_minutes(placement) == 900
    make.make_shift(placement, THURSDAY, corrects=worked)
    assert making_up.made_up_minutes(placement) == 450


def test_cancelled_make_up_leaves_room_and_its_history(placement: Placement) -> None:
    lost = note(placement, THURSDAY)
    first, *_ = five(placement, lost)
    making_up.cancel_make_up(by=placement.enrolment.person, planned=first)
    assert making_up.made_up_minutes(placement) == 1800
    assert PlannedShift.history.filter(history_type="-").count() == 1
    plan(placement, lost, NEXT_MONDAY)
    assert making_up.made_up_minutes(placement) == 2250


def test_make_up_that_began_is_not_cancelled(placement: Placement) -> None:
    row = make.plan_shift(placement, THURSDAY)
    row.makes_up = note(placement, THURSDAY - DAY)
    row.save()
    with pytest.raises(DomainError):
        making_up.cancel_make_up(by=placement.enrolment.person, planned=row)
    assert PlannedShift.objects.count() == 1


def test_shift_of_the_rota_is_not_cancelled_as_a_make_up(placement: Placement) -> None:
    row = make.plan_shift(placement, NEXT_MONDAY)
    with pytest.raises(DomainError):
        making_up.cancel_make_up(by=placement.enrolment.person, planned=row)
    assert PlannedShift.objects.count() == 1


def test_coordinator_arranges_more_with_a_reason_that_is_kept(
    placement: Placement, coordinator: Person
) -> None:
    lost = note(placement, THURSDAY)
    five(placement, lost)
    day = NEXT_MONDAY + 4 * DAY
    with pytest.raises(DomainError) as refused:
        arrange(placement, lost, day, coordinator, " ")
    assert refused.value.field == "reason"
    assert (PlannedShift.objects.count(), Override.objects.count()) == (5, 0)
    arrange(placement, lost, day, coordinator, " Two weeks ill. ")
    [override] = Override.objects.all()
    assert (override.rule, override.entry.actor) == ("self_make_up", coordinator.uuid)
    assert ledger.private_text(override, "reason") == "Two weeks ill."
    assert making_up.made_up_minutes(placement) == 2700


def test_coordinator_within_the_limit_sets_nothing_aside(
    placement: Placement, coordinator: Person
) -> None:
    arrange(placement, note(placement, THURSDAY), NEXT_MONDAY, coordinator, "")
    assert (PlannedShift.objects.count(), Override.objects.count()) == (1, 0)


def test_limit_is_that_of_the_weeks_monday(placement: Placement) -> None:
    HoursRule.objects.create(
        programme=placement.enrolment.cohort.programme,
        code="self_make_up",
        value=0,
        unit="minutes",
        starts=NEXT_MONDAY + DAY,
    )
    reference.forget()
    lost = note(placement, THURSDAY)
    plan(placement, lost, NEXT_MONDAY + 2 * DAY)
    with pytest.raises(DomainError):
        plan(placement, lost, NEXT_MONDAY + 7 * DAY)
