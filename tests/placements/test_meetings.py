"""Who signs which record, and when the three meetings of a placement are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements import meetings
from placements.meetings import Due, Side
from placements.models import Meeting, MeetingSignature

STARTS, ENDS = date(2026, 11, 2), date(2026, 12, 11)
INITIAL, MIDWAY, FINAL = "initial", "midway", "final"


def test_every_kind_has_sides_and_words_and_every_capacity_a_side() -> None:
    assert set(meetings.SIDES) == set(meetings.WORDINGS) == set(Meeting.Kind)
    held = [capacity for side in Side for capacity in meetings.CAPACITIES[side]]
    assert sorted(held) == sorted(MeetingSignature.Capacity)


def test_initial_is_due_in_the_first_week_midway_around_the_middle_final_in_the_last() -> None:
    assert meetings.due(STARTS, ENDS) == (
        Due(INITIAL, date(2026, 11, 2), date(2026, 11, 8)),
        Due(MIDWAY, date(2026, 11, 18), date(2026, 11, 24)),
        Due(FINAL, date(2026, 12, 5), date(2026, 12, 11)),
    )


@pytest.mark.parametrize(("length", "number"), [(1, 2), (7, 2), (13, 2), (14, 3)])
def test_only_a_placement_of_two_weeks_has_a_midway_meeting(length: int, number: int) -> None:
    assert len(meetings.due(STARTS, STARTS + timedelta(days=length - 1))) == number


@given(starts=st.dates(date(2020, 1, 1), date(2030, 1, 1)), length=st.integers(0, 400))
def test_what_is_due_lies_within_the_placement(starts: date, length: int) -> None:
    ends = starts + timedelta(days=length)
    for row in meetings.due(starts, ends):
        assert starts <= row.first <= row.last <= ends


@pytest.mark.parametrize(
    ("day", "written", "kinds"),
    [
        (date(2026, 11, 1), (), ()),
        (date(2026, 11, 2), (), (INITIAL,)),
        (date(2026, 11, 2), (INITIAL,), ()),
        (date(2026, 11, 17), (INITIAL,), ()),
        (date(2026, 11, 18), (), (INITIAL, MIDWAY)),
        (date(2026, 12, 11), (INITIAL, MIDWAY), (FINAL,)),
        (date(2026, 12, 12), (), ()),
    ],
)
def test_due_now_is_what_has_begun_and_nobody_wrote_down(
    day: date, written: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    assert tuple(row.kind for row in meetings.due_now(STARTS, ENDS, written, day)) == kinds


def test_record_waits_for_the_sides_that_have_not_signed() -> None:
    assert meetings.unsigned("initial", ["student"]) == (Side.SITE,)
    assert meetings.unsigned("final", ["site_lead"]) == (Side.STUDENT,)
    assert meetings.unsigned("three_way", ["assessor"]) == (Side.STUDENT, Side.TUTOR)
    assert meetings.unsigned("visit", ["tutor"]) == ()


def test_tutor_alone_has_no_part_in_an_initial_meeting() -> None:
    assert meetings.rule_has_part("initial", [Side.SITE])
    verdict = meetings.rule_has_part("initial", [Side.TUTOR])
    assert (bool(verdict), verdict.reason) == (
        False,
        "This record is written and signed by the student and the practice educator.",
    )


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 10, 4), False),
        (date(2026, 10, 5), True),
        (date(2027, 1, 8), True),
        (date(2027, 1, 9), False),
    ],
)
def test_meeting_lies_within_four_weeks_of_the_placement(day: date, allowed: bool) -> None:
    assert bool(meetings.rule_day(day, STARTS, ENDS, date(2027, 3, 1))) == allowed


def test_meeting_does_not_lie_in_the_future() -> None:
    assert meetings.rule_day(STARTS, STARTS, ENDS, STARTS)
    verdict = meetings.rule_day(STARTS + timedelta(days=1), STARTS, ENDS, STARTS)
    assert verdict.reason == "The day of the meeting cannot lie in the future."
