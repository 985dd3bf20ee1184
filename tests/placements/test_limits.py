"""The limits on a week: exactly at a limit nothing is found, one minute more is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements import limits
from placements.hours import HoursError
from placements.limits import DEFAULTS, Finding, Limits, Rule, Severity, findings
from school.core.decision import Decision
from tests.placements.shifts import (
    MARCH_NIGHT,
    MONDAY,
    OCTOBER_NIGHT,
    at,
    some_shifts,
    week,
    worked,
)

WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days=n) for n in range(2, 6))
SUNDAY = date(2026, 11, 22)


def rules(shifts, chosen=DEFAULTS):
    return [finding.rule for finding in findings(shifts, chosen)]


# The week


def test_defaults_are_the_published_figures():
    assert (DEFAULTS.notice_week, DEFAULTS.breach_week, DEFAULTS.rest) == (2250, 2880, 660)
    assert (DEFAULTS.long_day, DEFAULTS.long_days_a_week, DEFAULTS.self_make_up) == (600, 3, 2250)


def test_week_of_exactly_37_hours_30_is_no_finding():
    assert findings(week(450, 450, 450, 450, 450)) == []


def test_week_one_minute_over_37_hours_30_is_a_notice():
    assert findings(week(450, 450, 450, 450, 451)) == [
        Finding(Rule.WEEK_NOTICE, MONDAY, 2251, 2250, (0, 1, 2, 3, 4))
    ]
    assert findings(week(450, 450, 450, 450, 451))[0].severity is Severity.NOTICE


def test_week_of_exactly_48_hours_is_a_notice_and_no_breach():
    assert rules(week(480, 480, 480, 480, 480, 480)) == [Rule.WEEK_NOTICE]


def test_week_one_minute_over_48_hours_is_a_breach_and_no_notice_too():
    found = findings(week(480, 480, 480, 480, 480, 481))
    assert found == [Finding(Rule.WEEK_BREACH, MONDAY, 2881, 2880, (0, 1, 2, 3, 4, 5))]
    assert found[0].severity is Severity.BREACH


def test_week_counts_every_worked_day_type_that_counts_towards_it():
    simulation = worked(FRIDAY, "08:00", "15:31")
    assert rules([*week(450, 450, 450, 450), simulation]) == [Rule.WEEK_NOTICE]
    assert rules([*week(450, 450, 450, 450), replace(simulation, counts_week=False)]) == []


def test_shift_over_sunday_midnight_is_in_both_weeks_findings():
    night = worked(SUNDAY, "20:00", "08:00", key="night")
    found = findings([*week(450, 450, 450, 450, 450), night])
    assert found == [Finding(Rule.WEEK_NOTICE, MONDAY, 2250 + 240, 2250, (0, 1, 2, 3, 4, "night"))]
    next_week = [
        replace(shift, key=f"next {shift.key}")
        for shift in week(450, 450, 450, 450, monday=date(2026, 11, 24))
    ]
    assert rules([night, *next_week]) == [Rule.WEEK_NOTICE]
    assert findings([night, *next_week])[0].monday == date(2026, 11, 23)


def test_limits_of_another_programme_are_used():
    assert rules(week(450, 450), Limits(notice_week=899)) == [Rule.WEEK_NOTICE]
    assert rules(week(450, 450), Limits(notice_week=800, breach_week=899)) == [Rule.WEEK_BREACH]


# Rest


def test_rest_of_exactly_11_hours_is_no_finding():
    assert findings([worked(WEDNESDAY, "12:00", "20:00"), worked(THURSDAY, "07:00", "15:00")]) == []


def test_rest_one_minute_under_11_hours_is_a_breach():
    shifts = [
        worked(WEDNESDAY, "12:00", "20:01", key="a"),
        worked(THURSDAY, "07:00", "15:00", key="b"),
    ]
    assert findings(shifts) == [
        Finding(
            Rule.REST, MONDAY, 659, 660, ("a", "b"), at(WEDNESDAY, "20:01"), at(THURSDAY, "07:00")
        )
    ]
    assert findings(shifts)[0].severity is Severity.BREACH


def test_shifts_less_than_4_hours_apart_are_one_duty_period():
    split = [worked(THURSDAY, "08:00", "12:00"), worked(THURSDAY, "15:59", "18:00")]
    assert findings(split) == []
    assert [period.minutes for period in limits.duty_periods(split)] == [361]


def test_shifts_4_hours_apart_are_two_duty_periods_with_too_little_rest():
    split = [worked(THURSDAY, "08:00", "12:00"), worked(THURSDAY, "16:00", "18:00")]
    assert [finding.measured for finding in findings(split)] == [240]


def test_rest_is_measured_from_the_end_that_comes_last():
    # The short shift lies inside the long one: rest begins when the long one ends.
    shifts = [
        worked(WEDNESDAY, "08:00", "20:00", key="long"),
        worked(WEDNESDAY, "09:00", "10:00", key="short"),
        worked(THURSDAY, "06:00", "12:00", key="next"),
    ]
    assert [(finding.measured, finding.keys) for finding in findings(shifts)] == [
        (600, ("long", "next"))
    ]


def test_rest_over_the_clock_change_is_real_time():
    saturday, sunday = MARCH_NIGHT, MARCH_NIGHT + timedelta(days=1)
    forward = [worked(saturday, "12:00", "20:00"), worked(sunday, "07:00", "10:00")]
    assert [finding.measured for finding in findings(forward)] == [600]
    saturday, sunday = OCTOBER_NIGHT, OCTOBER_NIGHT + timedelta(days=1)
    back = [worked(saturday, "12:00", "20:00"), worked(sunday, "06:00", "10:00")]
    assert findings(back) == []


def test_rest_belongs_to_the_week_of_the_later_shift():
    monday = date(2026, 11, 23)
    found = findings([worked(SUNDAY, "12:00", "20:00"), worked(monday, "06:00", "12:00")])
    assert [(finding.rule, finding.monday) for finding in found] == [(Rule.REST, monday)]


# Long days and nights


def test_three_days_over_10_hours_are_no_finding_and_four_are_a_breach():
    assert findings(week(601, 601, 601)) == []
    assert findings(week(601, 601, 601, 601))[-1] == Finding(
        Rule.LONG_DAYS, MONDAY, 4, 3, (0, 1, 2, 3)
    )
    assert findings(week(601, 601, 601, 601))[-1].severity is Severity.BREACH


def test_days_of_exactly_10_hours_are_not_long():
    assert rules(week(600, 600, 600, 600)) == [Rule.WEEK_NOTICE]


def test_long_day_is_measured_without_its_break():
    shifts = [worked(MONDAY + timedelta(days=n), "08:00", "18:30", 30) for n in range(4)]
    assert Rule.LONG_DAYS not in rules(shifts)


def test_two_shifts_of_one_duty_period_make_one_long_day():
    shifts = [
        shift
        for n in range(4)
        for shift in (
            worked(MONDAY + timedelta(days=n), "08:00", "13:00"),
            worked(MONDAY + timedelta(days=n), "13:30", "18:31"),
        )
    ]
    assert [(f.rule, f.measured) for f in findings(shifts)] == [
        (Rule.WEEK_NOTICE, 4 * 601),
        (Rule.LONG_DAYS, 4),
    ]


def test_four_nights_are_a_breach():
    nights = [worked(MONDAY + timedelta(days=n), "22:00", "03:00") for n in range(4)]
    assert rules(nights) == [Rule.LONG_DAYS]
    assert findings(nights[:3]) == []


def test_long_days_and_nights_are_counted_together_and_a_long_night_once():
    nights = [worked(MONDAY + timedelta(days=n), "20:00", "06:31") for n in (0, 1)]
    assert limits.is_night(limits.duty_periods(nights)[0])
    later = [worked(FRIDAY, "08:00", "18:01"), worked(SUNDAY, "08:00", "18:01")]
    assert [finding.measured for finding in findings([*nights, *later])] == [2 * 631 + 2 * 601, 4]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("22:00", "02:00", True),
        ("22:00", "01:59", False),
        ("03:00", "11:00", True),
        ("03:01", "11:00", False),
        ("04:00", "23:59", False),
        ("08:00", "16:00", False),
    ],
)
def test_night_is_at_least_3_hours_between_23_and_06(start, end, expected):
    assert limits.is_night(limits.duty_periods([worked(THURSDAY, start, end)])[0]) is expected


def test_night_on_the_night_the_clocks_go_forward_has_an_hour_less():
    ordinary, forward = worked(THURSDAY, "22:00", "02:30"), worked(MARCH_NIGHT, "22:00", "02:30")
    assert limits.is_night(limits.duty_periods([ordinary])[0])
    assert not limits.is_night(limits.duty_periods([forward])[0])


def test_night_that_begins_on_sunday_belongs_to_the_week_it_begins_in():
    nights = [worked(date(2026, 11, 19) + timedelta(days=n), "22:00", "03:00") for n in range(4)]
    assert [finding.monday for finding in findings(nights)] == [MONDAY]


# All of them


@given(st.lists(some_shifts(), max_size=10, unique_by=lambda shift: shift.key), st.randoms())
def test_findings_do_not_depend_on_the_order(shifts, random):
    shuffled = list(shifts)
    random.shuffle(shuffled)
    assert findings(shuffled) == findings(shifts)


@given(st.lists(some_shifts(), max_size=10, unique_by=lambda shift: shift.key))
def test_duty_periods_hold_every_shift_once_and_lie_apart(shifts):
    periods = limits.duty_periods(shifts)
    assert sum(period.minutes for period in periods) == sum(shift.minutes for shift in shifts)
    for before, after in pairwise(periods):
        assert after.start - before.end >= timedelta(minutes=DEFAULTS.same_duty_gap)


def test_findings_concerning_a_shift_are_those_it_has_a_part_in():
    shifts = [*week(601, 601, 601, 601), worked(FRIDAY, "12:00", "14:00", key="short")]
    found = findings(shifts)
    assert [finding.rule for finding in found] == [Rule.WEEK_NOTICE, Rule.LONG_DAYS]
    assert limits.concerning(found, "short") == found[:1]
    assert limits.concerning(found, 0) == found


# Words


def test_notice_in_words():
    assert findings(week(450, 450, 450, 450, 540))[0].sentence(educator="Dilys Sampleby") == (
        "This week will come to 39 hours. Your university plans for up to 37 hours 30 minutes,"
        " theory included. You can still send this."
    )


def test_breach_of_the_week_in_words():
    found = findings(week(480, 480, 480, 480, 480, 540))[0]
    assert found.sentence(educator="Dilys Sampleby") == (
        "This week will come to 49 hours. Your university sets a limit of 48 hours, theory included."
        " You worked it, so it counts. The placement coordinator and Dilys Sampleby see it today."
    )
    assert (
        found.outcome() == "You worked it, so it counts. The placement coordinator sees it today."
    )
    assert (
        found.heading(week=date(2026, 11, 9))
        == "The week of 16 November 2026 will come to 49 hours"
    )


SHORT_REST = [
    worked(WEDNESDAY, "12:00", "20:30", key="wed"),
    worked(THURSDAY, "06:30", "14:30", key="thu"),
]


@pytest.mark.parametrize(
    ("key", "planned", "expected"),
    [
        (
            "thu",
            False,
            "Only 10 hours of rest before this shift. Wednesday ended at 20:30 and this began at 06:30."
            " Students should have 11 hours. You worked it, so it counts."
            " The placement coordinator and Dilys Sampleby see it today.",
        ),
        (
            "wed",
            False,
            "Only 10 hours of rest after this shift. This ended at 20:30 and Thursday began at 06:30."
            " Students should have 11 hours. You worked it, so it counts."
            " The placement coordinator and Dilys Sampleby see it today.",
        ),
        (
            None,
            True,
            "Only 10 hours of rest before Thursday 19 November."
            " Wednesday ends at 20:30 and Thursday begins at 06:30. Students should have 11 hours."
            " This cannot be planned unless the placement coordinator allows it with a reason.",
        ),
    ],
)
def test_short_rest_in_words(key, planned, expected):
    found = findings(SHORT_REST)[0]
    assert found.sentence(educator="Dilys Sampleby", key=key, planned=planned) == expected


def test_long_days_in_words():
    assert findings(week(601, 601, 601, 601))[-1].sentence() == (
        "This week will come to 4 long days or nights. Your university plans for up to 3 in a week."
        " You worked it, so it counts. The placement coordinator sees it today."
    )


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        (
            week(450, 450, 450, 450, 540),
            "The week of 16 November 2026 comes to 39 hours: over the 37 hours 30 minutes planned for.",
        ),
        (
            week(480, 480, 480, 480, 480, 540),
            "The week of 16 November 2026 comes to 49 hours: over the limit of 48 hours.",
        ),
        (
            SHORT_REST,
            "10 hours of rest before Thursday 19 November 2026: under the limit of 11 hours.",
        ),
        (
            week(601, 601, 601, 601),
            "The week of 16 November 2026 comes to 4 long days or nights: over the limit of 3.",
        ),
    ],
)
def test_statement_for_the_lists(shifts, expected):
    assert findings(shifts)[-1].statement() == expected


# What a limit stops


def test_breach_ahead_of_time_is_refused_without_a_reason():
    found = findings(SHORT_REST)
    assert limits.rule_breach_ahead(found, " ") == Decision(False, found[0].sentence(planned=True))
    assert limits.rule_breach_ahead(found, "Agreed with occupational health") == Decision(True)


def test_notice_ahead_of_time_is_allowed():
    assert limits.rule_breach_ahead(findings(week(450, 450, 450, 450, 540)), "") == Decision(True)


def test_self_arranged_make_up_of_exactly_37_hours_30_is_accepted():
    assert limits.rule_self_make_up(1800, 450) is None


def test_self_arranged_make_up_over_37_hours_30_is_the_coordinators():
    with pytest.raises(HoursError) as caught:
        limits.rule_self_make_up(2250, 450)
    assert caught.value.field == "reason"
    assert caught.value.message == (
        "This brings the make-up of this placement to 45 hours."
        " Above 37 hours 30 minutes the placement coordinator arranges it, with a reason."
    )


@pytest.mark.parametrize(
    ("recorded", "late"),
    [
        (at(THURSDAY, "08:00"), False),
        (at(SATURDAY, "00:00"), False),
        (at(SATURDAY, "00:01"), True),
    ],
)
def test_absence_is_late_24_hours_after_its_day(recorded, late):
    assert limits.rule_absence_late(THURSDAY, recorded) is late


def test_limits_of_a_programme_replace_the_defaults_they_name():
    assert Limits.of({"notice_week": 2400, "turnaround": 5}) == Limits(notice_week=2400)
    assert Limits.of({}) == DEFAULTS
