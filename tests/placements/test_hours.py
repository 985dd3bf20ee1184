"""The arithmetic of one shift, on the cases that went wrong elsewhere and on published figures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements import hours
from placements.hours import HoursError, Sending, Worked
from school.core import days
from school.core.decision import Decision
from school.core.errors import DomainError
from tests.placements.shifts import (
    MARCH_NIGHT,
    MONDAY,
    OCTOBER_NIGHT,
    at,
    some_shifts,
    week,
    worked,
)

SUNDAY = date(2026, 11, 22)
THURSDAY = date(2026, 11, 19)

# Counted minutes


@pytest.mark.parametrize(
    ("day", "start", "end", "break_minutes", "expected"),
    [
        (THURSDAY, "08:00", "16:00", 30, 450),
        (THURSDAY, "08:00", "16:00", 0, 480),
        (THURSDAY, "20:00", "08:00", 0, 12 * 60),
        (THURSDAY, "08:00", "08:00", 0, 24 * 60),
        (THURSDAY, "08:00", "08:01", 0, 1),
        (MARCH_NIGHT, "20:00", "08:00", 0, 11 * 60),
        (OCTOBER_NIGHT, "20:00", "08:00", 0, 13 * 60),
        (OCTOBER_NIGHT, "20:00", "08:00", 30, 12 * 60 + 30),
    ],
)
def test_counted_minutes(day, start, end, break_minutes, expected):
    shift = worked(day, start, end, break_minutes)
    assert hours.counted_minutes(shift.start, shift.end, break_minutes) == expected
    assert shift.minutes == expected


@pytest.mark.parametrize(("night", "expected"), [(MARCH_NIGHT, 660), (OCTOBER_NIGHT, 780)])
def test_counted_minutes_of_times_given_on_the_london_clock(night, expected):
    # Two times of one zone subtract by the wall in Python, which makes both of these 12 hours.
    start, end = days.local(at(night, "20:00")), days.local(at(night + days.DAY, "08:00"))
    assert hours.counted_minutes(start, end, 0) == expected
    assert Worked("night", start, end, 0).minutes == expected


def test_counted_minutes_within_the_hour_that_happens_twice():
    sunday = date(2026, 10, 25)
    first = at(sunday, "01:30")
    assert hours.counted_minutes(first, first + timedelta(hours=1), 0) == 60
    assert days.clock_time(first) == days.clock_time(first + timedelta(hours=1)) == "01:30"


@pytest.mark.parametrize(
    ("start", "end", "break_minutes", "field", "message"),
    [
        (
            at(THURSDAY, "08:00"),
            at(THURSDAY, "08:00"),
            0,
            "end",
            "End must be after 08:00 on Thursday 19 November, when the shift starts.",
        ),
        (
            at(THURSDAY, "08:00"),
            at(THURSDAY, "07:59"),
            0,
            "end",
            "End must be after 08:00 on Thursday 19 November, when the shift starts.",
        ),
        (
            at(THURSDAY, "08:00"),
            at(date(2026, 11, 20), "08:01"),
            0,
            "end",
            "A shift can last up to 24 hours and this one lasts 24 hours 1 minute. Check the date of its end.",
        ),
        (
            at(THURSDAY, "08:00"),
            at(THURSDAY, "16:00"),
            -1,
            "break_minutes",
            "Break must be 0 minutes or more.",
        ),
        (
            at(THURSDAY, "08:00"),
            at(THURSDAY, "16:00"),
            480,
            "break_minutes",
            "Break must be shorter than the shift, which lasts 8 hours.",
        ),
        (
            at(THURSDAY, "08:00") + timedelta(seconds=1),
            at(THURSDAY, "16:00"),
            0,
            "start",
            "Times are in whole minutes. Leave the seconds out.",
        ),
        (
            at(THURSDAY, "08:00"),
            at(THURSDAY, "16:00") + timedelta(microseconds=1),
            0,
            "end",
            "Times are in whole minutes. Leave the seconds out.",
        ),
    ],
)
def test_shift_that_cannot_be_true_is_refused(start, end, break_minutes, field, message):
    with pytest.raises(HoursError) as caught:
        hours.counted_minutes(start, end, break_minutes)
    assert (caught.value.message, caught.value.field) == (message, field)
    with pytest.raises(HoursError):
        Worked("key", start, end, break_minutes)


def test_break_one_minute_shorter_than_the_shift_is_accepted():
    assert hours.counted_minutes(at(THURSDAY, "08:00"), at(THURSDAY, "16:00"), 479) == 1


def test_hours_error_is_a_domain_error():
    assert issubclass(HoursError, DomainError)


def test_year_three_is_28_point_8_days_of_7_hours_30_and_18_days_of_12_hours():
    year_three = 216 * 60
    day = worked(THURSDAY, "08:00", "16:00", 30).minutes
    long_day = worked(THURSDAY, "08:00", "20:00").minutes
    assert (day, long_day) == (450, 720)
    assert year_three * 10 == 288 * day
    assert year_three == 18 * long_day


def test_largest_programme_total_is_268_hours():
    assert days.in_hours(16 * 60 + 36 * 60 + 216 * 60) == "268"


# Weeks


def test_week_minutes_of_a_shift_inside_a_week():
    assert hours.week_minutes([worked(THURSDAY, "08:00", "16:00", 30)]) == {MONDAY: 450}


def test_week_minutes_of_a_shift_over_sunday_midnight():
    assert hours.week_minutes([worked(SUNDAY, "20:00", "08:00", 60)]) == {
        MONDAY: 240 - 20,
        date(2026, 11, 23): 480 - 40,
    }


def test_week_minutes_of_a_shift_that_ends_at_sunday_midnight():
    assert hours.week_minutes([worked(SUNDAY, "16:00", "00:00")]) == {MONDAY: 480}


def test_week_minutes_of_a_shift_that_starts_at_sunday_midnight():
    assert hours.week_minutes([worked(date(2026, 11, 23), "00:00", "08:00")]) == {
        date(2026, 11, 23): 480
    }


@pytest.mark.parametrize(
    ("start", "end", "break_minutes", "before", "after"),
    [
        # 240 and 480 minutes: 31 minutes of break are 10 and 20 with one over, off the longer part.
        ("20:00", "08:00", 31, 240 - 10, 480 - 21),
        ("16:00", "04:00", 31, 480 - 21, 240 - 10),
        # Equal parts: the odd minute comes off the first.
        ("18:00", "06:00", 31, 360 - 16, 360 - 15),
        # One minute on one side keeps its minute.
        ("23:59", "08:00", 480, 1, 0 + 480 - 480),
    ],
)
def test_break_of_a_split_shift_is_shared_in_proportion(start, end, break_minutes, before, after):
    shift = worked(SUNDAY, start, end, break_minutes)
    assert hours.minutes_by_week(shift) == {MONDAY: before, date(2026, 11, 23): after}


def test_split_on_the_night_the_clocks_go_forward_counts_real_time():
    # The clocks change at 01:00 on that Sunday, so the night from Saturday stays in one week.
    assert hours.week_minutes([worked(MARCH_NIGHT, "20:00", "08:00")]) == {date(2026, 3, 23): 660}
    sunday = MARCH_NIGHT + days.DAY
    assert hours.week_minutes([worked(sunday, "20:00", "08:00")]) == {
        date(2026, 3, 23): 240,
        date(2026, 3, 30): 480,
    }


def test_sunday_midnight_is_londons_in_summer():
    sunday = date(2026, 7, 5)
    assert hours.week_minutes([worked(sunday, "23:00", "01:00")]) == {
        date(2026, 6, 29): 60,
        date(2026, 7, 6): 60,
    }


def test_day_type_that_does_not_count_towards_the_week_is_left_out():
    shifts = [
        worked(THURSDAY, "08:00", "12:00"),
        worked(THURSDAY, "13:00", "17:00", counts_week=False),
    ]
    assert hours.week_minutes(shifts) == {MONDAY: 240}


@given(some_shifts())
def test_splitting_conserves_minutes(shift):
    parts = hours.minutes_by_week(shift)
    assert sum(parts.values()) == shift.minutes
    assert all(minutes >= 0 for minutes in parts.values())
    assert all(monday.weekday() == 0 for monday in parts)


@given(some_shifts())
def test_splitting_shares_the_break_within_a_minute_of_its_proportion(shift):
    parts = list(hours.minutes_by_week(shift).values())
    if len(parts) == 2:
        midnight = days.start_of_day(days.monday(days.london_day(shift.end)))
        elapsed = hours.elapsed_minutes(shift.start, midnight)
        whole = hours.elapsed_minutes(shift.start, shift.end)
        assert abs(parts[0] - elapsed * shift.minutes / whole) < 1


@given(st.lists(some_shifts(), max_size=8), st.randoms())
def test_week_minutes_do_not_depend_on_the_order(shifts, random):
    shuffled = list(shifts)
    random.shuffle(shuffled)
    assert hours.week_minutes(shuffled) == hours.week_minutes(shifts)
    assert sum(hours.week_minutes(shifts).values()) == sum(shift.minutes for shift in shifts)


@given(st.lists(some_shifts(), max_size=8))
def test_shifts_sort_by_their_minutes_as_numbers(shifts):
    ordered = sorted(shifts, key=lambda shift: shift.minutes)
    assert [shift.minutes for shift in ordered] == sorted(shift.minutes for shift in shifts)


# Overlap


def test_shifts_that_touch_do_not_overlap():
    assert not hours.overlaps(
        worked(THURSDAY, "08:00", "12:00"), worked(THURSDAY, "12:00", "16:00")
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [("11:59", "16:00"), ("08:00", "12:00"), ("09:00", "10:00"), ("07:00", "17:00")],
)
def test_shifts_that_share_a_minute_overlap(start, end):
    assert hours.overlaps(worked(THURSDAY, "08:00", "12:00"), worked(THURSDAY, start, end))


@given(some_shifts(), some_shifts())
def test_overlap_is_symmetric_and_means_a_shared_minute(a, b):
    shared = hours.elapsed_minutes(max(a.start, b.start), min(a.end, b.end))
    assert hours.overlaps(a, b) == hours.overlaps(b, a) == (shared > 0)


@given(some_shifts())
def test_every_shift_overlaps_itself(shift):
    assert hours.overlaps(shift, shift)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((1, 5), (5, 9), True),
        ((1, 5), (6, 9), False),
        ((6, 9), (1, 5), False),
        ((1, None), (9, 9), True),
        ((None, 5), (6, None), False),
        ((None, 5), (5, None), True),
        ((None, None), (3, 3), True),
        ((3, 3), (3, 3), True),
    ],
)
def test_days_overlap_with_both_ends_included(a, b, expected):
    (a_from, a_to), (b_from, b_to) = ([n and date(2026, 11, n) for n in pair] for pair in (a, b))
    assert hours.days_overlap(a_from, a_to, b_from, b_to) is expected
    assert hours.days_overlap(b_from, b_to, a_from, a_to) is expected


SENT = worked(THURSDAY, "08:00", "16:00")


@pytest.mark.parametrize(
    ("new", "field", "message"),
    [
        (
            worked(THURSDAY, "15:00", "19:00"),
            "start",
            "Start must be 16:00 or later: you have already sent Thursday 19 November, 08:00 to 16:00",
        ),
        (
            worked(THURSDAY, "06:00", "09:00"),
            "end",
            "End must be 08:00 or earlier: you have already sent Thursday 19 November, 08:00 to 16:00",
        ),
        (
            worked(THURSDAY, "08:00", "16:00"),
            "start",
            "Start must be 16:00 or later: you have already sent Thursday 19 November, 08:00 to 16:00",
        ),
        (
            worked(date(2026, 11, 18), "20:00", "09:00"),
            "end",
            "End must be 08:00 or earlier: you have already sent Thursday 19 November, 08:00 to 16:00",
        ),
    ],
)
def test_shift_that_shares_an_hour_is_refused(new, field, message):
    with pytest.raises(HoursError) as caught:
        hours.rule_overlap(new, [worked(MONDAY, "08:00", "16:00"), SENT])
    assert (caught.value.field, caught.value.message) == (field, message)


def test_shift_over_a_night_that_was_sent_names_the_day_its_end_is_on():
    night = worked(date(2026, 11, 18), "20:00", "08:00")
    with pytest.raises(HoursError) as caught:
        hours.rule_overlap(worked(date(2026, 11, 18), "21:00", "23:00"), [night])
    assert caught.value.message == (
        "Start must be 08:00 on Thursday 19 November or later:"
        " you have already sent Wednesday 18 November, 20:00 to 08:00 next day"
    )


def test_shift_that_shares_hours_with_several_is_told_of_the_first():
    with pytest.raises(HoursError) as caught:
        hours.rule_overlap(
            worked(THURSDAY, "07:00", "20:00"),
            [worked(THURSDAY, "18:00", "19:00"), worked(THURSDAY, "09:00", "10:00")],
        )
    assert caught.value.message.startswith("End must be 09:00 or earlier")


def test_shift_that_shares_no_hour_is_accepted():
    touching = [worked(THURSDAY, "06:00", "08:00"), worked(THURSDAY, "16:00", "18:00")]
    assert hours.rule_overlap(SENT, touching) is None


# Sending and confirming

NOW = datetime(2026, 11, 19, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(THURSDAY, "12:00"), at(THURSDAY, "12:30")),  # just begun
        (at(THURSDAY, "08:00"), at(THURSDAY, "12:00")),
        (at(THURSDAY, "08:00"), at(THURSDAY, "13:00")),
    ],
)
def test_shift_may_be_sent_from_its_start_with_an_end_up_to_an_hour_ahead(start, end):
    assert hours.sendable(start, end, NOW) == Sending(True)


def test_end_exactly_an_hour_ahead_is_accepted_and_a_minute_more_is_not():
    start, now = at(THURSDAY, "08:00"), at(THURSDAY, "15:00")
    assert hours.sendable(start, at(THURSDAY, "16:00"), now)
    assert not hours.sendable(start, at(THURSDAY, "16:01"), now)


def test_end_further_ahead_is_refused_and_until_now_is_offered():
    answer = hours.sendable(at(THURSDAY, "08:00"), at(THURSDAY, "16:00"), NOW)
    assert answer == Sending(
        False,
        "This shift ends at 16:00 and it is 12:00 now."
        " You can send it from 15:00, or send what you have worked until now.",
        until=at(THURSDAY, "12:00"),
    )
    assert hours.sendable(at(THURSDAY, "08:00"), answer.until, NOW)


def test_end_further_ahead_in_the_first_minute_offers_nothing():
    answer = hours.sendable(at(THURSDAY, "12:00"), at(THURSDAY, "16:00"), NOW)
    assert answer == Sending(
        False, "This shift ends at 16:00 and it is 12:00 now. You can send it from 15:00."
    )


def test_end_further_ahead_names_the_day_of_a_night_shift():
    answer = hours.sendable(
        at(THURSDAY, "20:00"), at(date(2026, 11, 20), "08:00"), at(THURSDAY, "23:00")
    )
    assert answer.reason == (
        "This shift ends at 08:00 on Friday 20 November and it is 23:00 now."
        " You can send it from 07:00 on Friday 20 November, or send what you have worked until now."
    )


def test_hour_ahead_is_the_programmes_to_change():
    start, end, now = at(THURSDAY, "08:00"), at(THURSDAY, "16:00"), at(THURSDAY, "15:00")
    assert hours.sendable(start, end, now, ahead=60)
    assert not hours.sendable(start, end, now, ahead=59)


def test_shift_that_has_not_started_cannot_be_sent():
    answer = hours.sendable(at(THURSDAY, "12:01"), at(THURSDAY, "12:30"), NOW)
    assert answer == Sending(False, "You can send this shift once it has started, at 12:01.")


def test_three_days_logged_together_in_the_evening_are_all_accepted():
    now = at(THURSDAY, "21:00")
    assert [bool(hours.sendable(shift.start, shift.end, now)) for shift in week(450, 450, 450)] == [
        True
    ] * 3


def test_shift_cannot_be_confirmed_before_its_end_has_passed():
    end = at(THURSDAY, "16:00")
    assert hours.confirmable(end, end - timedelta(seconds=1)) == Decision(
        False, "This shift ends at 16:00. You can confirm it once that has passed."
    )
    assert hours.confirmable(end, end) == Decision(True)


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (at(THURSDAY, "08:05"), ""),
        (at(THURSDAY, "07:55"), ""),
        (at(THURSDAY, "08:06"), "The device said 08:06; the server received it at 08:00."),
        (
            at(date(2026, 11, 18), "08:00"),
            "The device said 08:00 on Wednesday 18 November; the server received it at 08:00.",
        ),
    ],
)
def test_device_clock_that_is_wrong_is_shown_next_to_server_time(device, expected):
    assert hours.clock_note(device, at(THURSDAY, "08:00")) == expected
