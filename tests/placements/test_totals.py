"""A stage's hours added up, against its band and its plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements import totals
from placements.totals import (
    BandState,
    DayKind,
    Note,
    Parts,
    Row,
    StagePart,
    State,
    Totals,
    total_of,
)
from school.core import days
from school.core.workingdays import is_working_day

YEAR_ONE, YEAR_TWO, YEAR_THREE = (8 * 60, 16 * 60), (36 * 60, 36 * 60), (216 * 60, 216 * 60)

rows = st.lists(
    st.builds(
        Row,
        st.integers(0, 1440),
        st.sampled_from(State),
        st.sampled_from(StagePart),
        st.booleans(),
    )
)
notes = st.lists(st.builds(Note, st.sampled_from(DayKind), st.integers(0, 720)))
minutes = st.lists(st.integers(-600, 600))
paper = st.lists(st.tuples(st.integers(0, 6000), st.sampled_from(StagePart)))


def test_total_of_nothing():
    assert total_of([]) == Totals()
    assert Totals().counted == 0


def test_total_of_a_stage_with_everything_in_it():
    total = total_of(
        [
            Row(450, State.CONFIRMED),
            Row(390, State.CONFIRMED, makes_up=True),
            Row(450, State.AWAITING),
            Row(480, State.QUERIED),
            Row(60, State.REJECTED),
            Row(120, State.CONFIRMED, StagePart.SIMULATED),
            Row(30, State.AWAITING, StagePart.SIMULATED),
            Row(450, State.CONFIRMED, StagePart.NONE),
        ],
        [
            Note(DayKind.ABSENT_ILL, 450),
            Note(DayKind.ABSENT_OTHER, 30),
            Note(DayKind.SCANNER_DOWN, 450),
            Note(DayKind.NO_TRACER, 240),
            Note(DayKind.NO_STAFF, 60),
            Note(DayKind.BANK_HOLIDAY, 450),
            Note(DayKind.NOTHING_PLANNED, 450),
        ],
        brought_forward=[
            (900, StagePart.CLINICAL),
            (60, StagePart.CLINICAL),
            (75, StagePart.SIMULATED),
            (90, StagePart.NONE),
        ],
        adjustments=[-30, 45],
    )
    assert total == Totals(
        clinical=Parts(confirmed=840, awaiting=450, queried=480, rejected=60),
        simulated=Parts(confirmed=120, awaiting=30),
        absent=480,
        site_cancelled=750,
        made_up=390,
        brought_forward=960,
        simulated_brought_forward=75,
        adjusted=15,
    )
    assert total.counted == 840 + 960 + 15
    assert total.simulated_counted == 120 + 75


def test_simulated_hours_are_in_no_clinical_figure():
    total = total_of([Row(600, State.CONFIRMED, StagePart.SIMULATED, makes_up=True)])
    assert (total.clinical, total.made_up, total.counted) == (Parts(), 0, 0)
    assert total.simulated == Parts(confirmed=600)


def test_make_up_never_erases_an_absence():
    total = total_of([Row(450, State.CONFIRMED, makes_up=True)], [Note(DayKind.ABSENT_ILL, 450)])
    assert (total.absent, total.made_up, total.counted) == (450, 450, 450)


def test_make_up_is_made_up_once_it_is_confirmed():
    assert total_of([Row(450, State.AWAITING, makes_up=True)]).made_up == 0


def test_site_cancelled_day_is_no_absence():
    total = total_of([], [Note(DayKind.SCANNER_DOWN, 450)])
    assert (total.absent, total.site_cancelled) == (0, 450)


def test_brought_forward_counts_and_is_not_shown_as_confirmed():
    total = total_of([], brought_forward=[(480, StagePart.CLINICAL)])
    assert (total.counted, total.clinical.confirmed) == (480, 0)


def test_every_day_kind_is_absent_or_cancelled_or_neither():
    assert totals.ABSENT.isdisjoint(totals.SITE_CANCELLED)
    assert set(DayKind) - totals.ABSENT - totals.SITE_CANCELLED == {
        DayKind.BANK_HOLIDAY,
        DayKind.NOTHING_PLANNED,
    }


def test_totals_are_of_minutes_and_never_of_rounded_hours():
    # Three shifts of 7 hours 25 read 7.42 each, and 22.25 together, not 22.26.
    total = total_of([Row(445, State.CONFIRMED)] * 3)
    assert days.in_hours(total.counted) == "22.25"


@given(rows, notes, paper, minutes, rows, notes, paper, minutes)
def test_totals_are_additive(r1, n1, b1, a1, r2, n2, b2, a2):
    apart = total_of(r1, n1, brought_forward=b1, adjustments=a1) + total_of(
        r2, n2, brought_forward=b2, adjustments=a2
    )
    together = total_of(r1 + r2, n1 + n2, brought_forward=b1 + b2, adjustments=a1 + a2)
    assert apart == together


@given(rows)
def test_every_minute_is_in_one_part(some):
    total = total_of(some)
    parts = total.clinical + total.simulated
    expected = sum(row.minutes for row in some if row.part is not StagePart.NONE)
    assert parts.confirmed + parts.awaiting + parts.queried + parts.rejected == expected


# Against the band


@pytest.mark.parametrize(
    ("counted", "band", "state", "left"),
    [
        (0, YEAR_ONE, BandState.BELOW, 480),
        (479, YEAR_ONE, BandState.BELOW, 1),
        (480, YEAR_ONE, BandState.IN_BAND, 0),
        (960, YEAR_ONE, BandState.IN_BAND, 0),
        (961, YEAR_ONE, BandState.OVER, 0),
        (2160, YEAR_TWO, BandState.IN_BAND, 0),
        (2250, YEAR_TWO, BandState.OVER, 0),
        (6750, YEAR_THREE, BandState.BELOW, 6210),
        (12_960, YEAR_THREE, BandState.IN_BAND, 0),
    ],
)
def test_band_state_and_hours_to_go(counted, band, state, left):
    assert totals.band_state(counted, *band) is state
    assert totals.to_go(counted, band[0]) == left


def test_attendance_needed_of_year_three_is_172_hours_48():
    assert days.in_words(totals.attendance_needed(216 * 60)) == "172 hours 48 minutes"


# Against the plan

FIRST, LAST = date(2026, 11, 2), date(2026, 12, 11)  # six weeks, thirty working days


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 1), 0),
        (date(2026, 11, 2), 432),
        (date(2026, 11, 6), 5 * 432),
        (date(2026, 11, 8), 5 * 432),
        (date(2026, 11, 19), 14 * 432),
        (date(2026, 12, 10), 29 * 432),
        (date(2026, 12, 11), 12_960),
        (date(2027, 1, 4), 12_960),
    ],
)
def test_expected_by_is_spread_over_the_working_days(day, expected):
    assert totals.expected_by(day, FIRST, LAST, 216 * 60) == expected


def test_expected_by_leaves_bank_holidays_out():
    first, last = date(2026, 12, 21), date(2027, 1, 1)
    # Christmas Day, Boxing Day's substitute and New Year's Day leave seven days of ten.
    assert totals.expected_by(date(2026, 12, 25), first, last, 700) == 400
    assert totals.expected_by(date(2026, 12, 29), first, last, 700) == 500


def test_expected_by_over_the_days_that_are_planned():
    planned = [date(2026, 11, n) for n in (3, 5, 10, 12)]
    assert totals.expected_by(date(2026, 11, 5), FIRST, LAST, 600, planned) == 300
    assert totals.expected_by(date(2026, 11, 4), FIRST, LAST, 600, planned) == 150


def test_expected_by_of_a_placement_with_no_working_day_waits_for_its_end():
    saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
    assert totals.expected_by(saturday, saturday, sunday, 600) == 0
    assert totals.expected_by(sunday, saturday, sunday, 600) == 600


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.integers(0, 120), st.integers(0, 15_000))
def test_expected_by_never_falls_and_moves_on_working_days_only(first, length, minimum):
    last = first + timedelta(days=length)
    before = 0
    for n in range(length):
        day = first + timedelta(days=n)
        now = totals.expected_by(day, first, last, minimum)
        assert before <= now <= minimum
        if not is_working_day(day):
            assert now == before
        before = now


@pytest.mark.parametrize(
    ("done", "expected", "behind"),
    [(4050, 7200, 3150), (6300, 7200, 900), (6301, 7200, 0), (8000, 7200, 0)],
)
def test_behind_from_15_hours_on(done, expected, behind):
    assert totals.rule_behind(done, expected) == behind


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (0, date(2026, 11, 4)),  # 864 expected by the second working day, 1,296 by the third
        (396, date(2026, 11, 4)),
        (397, date(2026, 11, 5)),
        (12_060, date(2026, 12, 11)),
        (12_061, None),
    ],
)
def test_behind_on_the_first_day_that_is_15_hours_short(done, expected):
    assert totals.behind_on(done, FIRST, LAST, 216 * 60) == expected


@given(st.integers(0, 13_000))
def test_behind_on_is_what_looking_at_each_day_finds(done):
    each = (FIRST + timedelta(days=n) for n in range(40))
    short = (day for day in each if totals.expected_by(day, FIRST, LAST, 12_960) - done >= 900)
    assert totals.behind_on(done, FIRST, LAST, 12_960) == next(short, None)
