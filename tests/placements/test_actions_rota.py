"""The rota: shifts by a pattern, checked against the hours rules before anybody works them."""

from datetime import date, time
from typing import Any

import pytest

from placements import reference
from placements.actions import rota
from placements.actions.rota import Pattern
from placements.models import Enrolment, HoursRule, Override, Placement, PlannedShift
from school.core import days, ledger
from school.core.errors import DomainError
from school.people.models import Person
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

WEEKDAYS = frozenset(range(5))


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-10 12:00 +0000", tick=True)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def placement(alice: Enrolment) -> Placement:
    return make.make_placement(alice, starts=date(2026, 11, 2), ends=date(2026, 11, 29))


@pytest.fixture
def coordinator(alice: Enrolment) -> Person:
    return make.make_coordinator()


def pattern(
    weekdays: frozenset[int] = WEEKDAYS, start: str = "08:00", end: str = "16:00"
) -> Pattern:
    return Pattern(
        weekdays=weekdays,
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        break_minutes=30,
    )


def planned(placement: Placement, chosen: Pattern) -> list[PlannedShift]:
    return rota.planned_by(chosen, placement, reference.day_types()["clinical"])


def on_rota() -> list[str]:
    return [days.short_day(days.london_day(row.start)) for row in PlannedShift.objects.all()]


def test_pattern_gives_its_weekdays_between_first_and_last_day(placement: Placement) -> None:
    rows = planned(placement, pattern(frozenset({0, 6})))
    assert [days.short_day(days.london_day(row.start)) for row in rows] == [
        "Mon 2 Nov", "Sun 8 Nov", "Mon 9 Nov", "Sun 15 Nov", "Mon 16 Nov", "Sun 22 Nov", "Mon 23 Nov", "Sun 29 Nov",
    ]  # fmt: skip


def test_pattern_leaves_bank_holidays_out(alice: Enrolment) -> None:
    christmas = make.make_placement(alice, starts=date(2026, 12, 21), ends=date(2026, 12, 31))
    rows = planned(christmas, pattern())
    assert [days.london_day(row.start).day for row in rows] == [21, 22, 23, 24, 29, 30, 31]


def test_pattern_of_a_night_ends_on_the_next_day(placement: Placement) -> None:
    [first, *_] = planned(placement, pattern(frozenset({0}), "20:00", "08:00"))
    assert days.time_range(first.start, first.end) == "20:00 to 08:00 next day"


def test_planning_replaces_only_what_is_to_come(placement: Placement, coordinator: Person) -> None:
    make.plan_shift(placement, date(2026, 11, 9))
    make.plan_shift(placement, date(2026, 11, 14))
    rows = rota.plan_rota(
        by=coordinator, placement=placement, shifts=planned(placement, pattern(frozenset({2})))
    )
    assert len(rows) == 3
    assert on_rota() == ["Mon 9 Nov", "Wed 11 Nov", "Wed 18 Nov", "Wed 25 Nov"]
    assert PlannedShift.history.filter(history_type="-").count() == 1


def test_planning_keeps_make_up_shifts(placement: Placement, coordinator: Person) -> None:
    note = make.make_day_note(placement, date(2026, 11, 3))
    made_up = make.plan_shift(placement, date(2026, 11, 14))
    made_up.makes_up = note
    made_up.save()
    rota.plan_rota(
        by=coordinator, placement=placement, shifts=planned(placement, pattern(frozenset({2})))
    )
    assert "Sat 14 Nov" in on_rota()


def test_breach_is_refused_without_a_reason_and_nothing_is_planned(
    placement: Placement, coordinator: Person
) -> None:
    make.plan_shift(placement, date(2026, 11, 14))
    with pytest.raises(DomainError) as caught:
        rota.plan_rota(
            by=coordinator, placement=placement, shifts=planned(placement, pattern(end="20:00"))
        )
    assert caught.value.field == "reason"
    assert (
        "cannot be planned unless the placement coordinator allows it with a reason"
        in caught.value.message
    )
    assert (on_rota(), Override.objects.count()) == (["Sat 14 Nov"], 0)


def test_breach_with_a_reason_is_planned_and_kept_as_a_fact(
    placement: Placement, coordinator: Person
) -> None:
    rota.plan_rota(
        by=coordinator,
        placement=placement,
        shifts=planned(placement, pattern(end="20:00")),
        reason=" The student asked for long days. ",
    )
    overrides = list(Override.objects.order_by("rule"))
    assert [row.rule for row in overrides] == ["long_days", "week_breach"]
    assert {ledger.private_text(row, "reason") for row in overrides} == {
        "The student asked for long days."
    }
    assert {row.entry.actor for row in overrides} == {coordinator.uuid}


def test_notice_needs_no_reason(placement: Placement, coordinator: Person) -> None:
    rows = planned(placement, pattern(end="17:00"))
    assert len(rota.plan_rota(by=coordinator, placement=placement, shifts=rows)) == 13
    assert Override.objects.count() == 0


def test_worked_hours_of_the_week_count_beside_planned_ones(
    placement: Placement, coordinator: Person
) -> None:
    for day, end in ((9, "20:00"), (10, "12:00")):
        make.make_shift(placement, date(2026, 11, day), end=end)
    thursday_to_sunday = planned(placement, pattern(frozenset({3, 4, 5, 6}), end="18:00"))
    with pytest.raises(DomainError):
        rota.plan_rota(by=coordinator, placement=placement, shifts=thursday_to_sunday[4:8])


def test_planned_shift_that_overlaps_is_refused_even_with_a_reason(
    placement: Placement, coordinator: Person
) -> None:
    twice = [
        *planned(placement, pattern(frozenset({2}))),
        *planned(placement, pattern(frozenset({2}), "15:00", "17:00")),
    ]
    with pytest.raises(DomainError) as caught:
        rota.plan_rota(by=coordinator, placement=placement, shifts=twice, reason="so it is")
    assert caught.value.field == "start"
    assert PlannedShift.objects.count() == 0


def test_shifts_that_touch_are_planned(placement: Placement, coordinator: Person) -> None:
    touching = [
        *planned(placement, pattern(frozenset({2}), "08:00", "12:00")),
        *planned(placement, pattern(frozenset({2}), "12:00", "16:00")),
    ]
    assert len(rota.plan_rota(by=coordinator, placement=placement, shifts=touching)) == 6


def test_rota_of_another_student_does_not_matter(placement: Placement, coordinator: Person) -> None:
    bobs = make.make_placement(
        make.make_student("Bob Birch"), starts=placement.starts, ends=placement.ends
    )
    for one in (placement, bobs):
        rota.plan_rota(by=coordinator, placement=one, shifts=planned(one, pattern()))
    assert PlannedShift.objects.count() == 26


def test_each_week_is_judged_by_the_limits_of_its_monday(
    placement: Placement, coordinator: Person
) -> None:
    programme = placement.enrolment.cohort.programme
    for starts, minutes in ((date(2026, 11, 1), 30 * 60), (date(2026, 11, 23), 48 * 60)):
        HoursRule.objects.create(
            programme=programme, code="breach_week", value=minutes, unit="minutes", starts=starts
        )
    reference.forget()
    rows = planned(placement, pattern())
    last_week = [row for row in rows if days.london_day(row.start) >= date(2026, 11, 23)]
    assert rota.check_planned(placement, last_week, reason="") == []
    week_before = [row for row in rows if date(2026, 11, 16) <= days.london_day(row.start)]
    found = rota.check_planned(placement, week_before, reason="It is so.")
    assert [(item.rule, item.monday, item.limit) for item in found] == [
        ("week_breach", date(2026, 11, 16), 1800)
    ]


def test_usual_times_are_the_days_own_then_those_before_then_the_next(placement: Placement) -> None:
    rows = [make.plan_shift(placement, date(2026, 11, day)) for day in (9, 12, 16)]
    assert rota.usual_times(rows, date(2026, 11, 12)) == rows[1]
    assert rota.usual_times(rows, date(2026, 11, 14)) == rows[1]
    assert rota.usual_times(rows, date(2026, 11, 2)) == rows[0]
    assert rota.usual_times([], date(2026, 11, 2)) is None
