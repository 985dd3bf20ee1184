"""What minutes of attendance come to, and presses that reach the server late."""

from datetime import UTC, datetime, timedelta

import pytest

from school.courses.attending import LATE, Outcome, minutes, outcome, pressed_in_time

ENDS = datetime(2026, 11, 19, 12, tzinfo=UTC)
OPENED = ENDS - timedelta(hours=3)


@pytest.mark.parametrize(
    ("attended", "held", "percent", "comes_to"),
    [
        (0, 360, 80, Outcome.ABSENT),
        (287, 360, 80, Outcome.PARTLY),
        (288, 360, 80, Outcome.ATTENDED),
        (180, 360, 50, Outcome.ATTENDED),
        (359, 360, 100, Outcome.PARTLY),
        (360, 360, 100, Outcome.ATTENDED),
        # 80 percent of 7 minutes is 5.6: five are too few.
        (5, 7, 80, Outcome.PARTLY),
        (6, 7, 80, Outcome.ATTENDED),
        (0, 0, 80, Outcome.ABSENT),
    ],
)
def test_outcome_by_the_share_that_was_attended(
    attended: int, held: int, percent: int, comes_to: Outcome
) -> None:
    assert outcome(attended, held, percent) == comes_to


def test_excuse_covers_what_was_missed_and_not_what_was_attended() -> None:
    found = [outcome(attended, 360, 80, excused=True) for attended in (0, 180, 300)]
    assert found == [Outcome.EXCUSED, Outcome.EXCUSED, Outcome.ATTENDED]


def test_minutes_of_a_night_in_which_the_clocks_go_back_are_those_that_passed() -> None:
    # 00:00 BST to 03:00 GMT on 25 October 2026.
    start = datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert minutes(start, datetime(2026, 10, 25, 3, tzinfo=UTC)) == 240


def in_time(*, now: datetime, pressed: datetime | None) -> bool:
    return pressed_in_time(ends=ENDS, now=now, opened=OPENED, pressed=pressed)


def test_press_in_the_session_is_in_time_whatever_the_phone_says() -> None:
    assert in_time(now=ENDS, pressed=None)
    assert in_time(now=ENDS, pressed=ENDS + timedelta(days=1))


def test_press_that_arrives_after_the_session_was_made_in_it() -> None:
    later = ENDS + timedelta(seconds=1)
    assert in_time(now=later, pressed=ENDS)
    assert in_time(now=ENDS + LATE, pressed=OPENED)
    assert not in_time(now=later, pressed=None)
    assert not in_time(now=later, pressed=later)
    assert not in_time(now=later, pressed=OPENED - timedelta(minutes=6))
    assert not in_time(now=ENDS + LATE + timedelta(seconds=1), pressed=ENDS)
