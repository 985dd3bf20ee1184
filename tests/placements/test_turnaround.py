"""How soon hours and log entries are decided, in working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements.turnaround import WITHIN, WITHIN_LONGER, Turnaround, Verdict, judge, tally
from school.core.share import Share

SENT = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)  # a Thursday evening
FIFTH = datetime(2026, 11, 26, 23, 59, tzinfo=UTC)
SIXTH = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)


def test_limits_are_the_networks():
    assert (WITHIN, WITHIN_LONGER) == (5, 7)


@pytest.mark.parametrize(
    ("decided", "today", "limit", "expected"),
    [
        (SENT, date(2026, 11, 19), 5, Verdict.IN_TIME),
        (FIFTH, date(2026, 12, 1), 5, Verdict.IN_TIME),
        (SIXTH, date(2026, 12, 1), 5, Verdict.LATE),
        (SIXTH, date(2026, 12, 1), 7, Verdict.IN_TIME),
        (None, date(2026, 11, 26), 5, Verdict.OPEN),
        (None, date(2026, 11, 27), 5, Verdict.OPEN_LATE),
        (None, date(2026, 11, 30), 7, Verdict.OPEN),
        (None, date(2026, 12, 1), 7, Verdict.OPEN_LATE),
    ],
)
def test_judge_at_the_limit(decided, today, limit, expected):
    assert judge(SENT, decided, today, limit) is expected


def test_judge_goes_by_london_days():
    # 23:30 in UTC on a Sunday in summer is Monday in London, so Monday is day 0.
    sent = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)
    assert judge(sent, datetime(2026, 7, 13, 12, tzinfo=UTC), date(2026, 7, 14)) is Verdict.IN_TIME
    assert (
        judge(sent - timedelta(hours=1), datetime(2026, 7, 13, 12, tzinfo=UTC), date(2026, 7, 14))
        is Verdict.LATE
    )


def test_judge_leaves_bank_holidays_out():
    sent = datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert judge(sent, datetime(2027, 1, 6, 9, tzinfo=UTC), date(2027, 1, 7)) is Verdict.LATE
    assert judge(sent, datetime(2027, 1, 5, 9, tzinfo=UTC), date(2027, 1, 7)) is Verdict.IN_TIME


def test_tally_counts_open_late_ones_as_late_and_leaves_open_ones_apart():
    today = date(2026, 11, 30)
    recent = datetime(2026, 11, 27, 9, tzinfo=UTC)
    items = [(SENT, FIFTH), (SENT, FIFTH), (SENT, SIXTH), (SENT, None), (recent, None)]
    assert tally(items, today) == Turnaround(Share(2, 4), waiting=1)
    assert tally(items, today, WITHIN_LONGER) == Turnaround(Share(3, 3), waiting=2)


def test_tally_of_nothing_has_no_percentage():
    assert tally([], date(2026, 11, 30)) == Turnaround(Share(0, 0), waiting=0)
    assert tally([], date(2026, 11, 30)).share.percent is None


@pytest.mark.parametrize(("items", "enough"), [(4, False), (5, True)])
def test_site_figure_is_shown_from_five_items_on(items, enough):
    assert tally([(SENT, FIFTH)] * items, date(2026, 11, 30)).enough is enough


@given(st.lists(st.integers(0, 20), max_size=20), st.integers(0, 20))
def test_every_item_is_in_the_share_or_waiting(days_taken, open_items):
    items = [(SENT, SENT + timedelta(days=n)) for n in days_taken] + [(SENT, None)] * open_items
    result = tally(items, date(2026, 11, 24))
    assert result.share.denominator + result.waiting == len(items)
    assert result.waiting == open_items
