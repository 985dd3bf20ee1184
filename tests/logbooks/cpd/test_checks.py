"""Gaps, mixture, standards and numbers of activities, with the boundaries of each."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.checks import (
    Gap,
    Learned,
    Period,
    Reason,
    Seen,
    Standards,
    Usual,
    counted,
    gaps,
    is_past_half,
    mixture,
    next_gap,
    standards,
    usual,
)
from logbooks.cpd.learning import Learning
from logbooks.cpd.schemes import Shown
from school.core.days import DAY, add_months
from tests.logbooks.cpd.examples import HCPC, seen

# HCPC, CPD audit do's and don'ts, 2 October 2019: gaps of three consecutive months or more are to be explained.
CYCLE = (date(2024, 3, 1), date(2026, 2, 28))
OVER = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("last", "following", "is_gap"),
    [
        (date(2025, 1, 15), date(2025, 4, 15), False),
        (date(2025, 1, 15), date(2025, 4, 16), True),
        # From the last day of a month: the whole of the months that follow.
        (date(2024, 11, 30), date(2025, 2, 28), False),
        (date(2024, 11, 30), date(2025, 3, 1), True),
        (date(2024, 3, 31), date(2024, 6, 30), False),
        (date(2024, 3, 31), date(2024, 7, 1), True),
        # From the last days of November, February is over sooner.
        (date(2024, 11, 29), date(2025, 2, 27), False),
        (date(2024, 11, 29), date(2025, 2, 28), True),
        (date(2024, 11, 27), date(2025, 2, 27), False),
        (date(2024, 11, 27), date(2025, 2, 28), True),
        (date(2025, 5, 30), date(2025, 8, 30), False),
        (date(2025, 5, 30), date(2025, 8, 31), True),
    ],
)
def test_boundary_of_three_months(last: date, following: date, is_gap: bool) -> None:
    period = (last, following)
    found = gaps([seen(last), seen(following)], [], period, following, HCPC)
    assert found == ([Gap(last + DAY, following - DAY, False, False)] if is_gap else [])


@pytest.mark.parametrize(
    ("following", "is_gap"),
    [(date(2024, 2, 28), False), (date(2024, 2, 29), False), (date(2024, 3, 1), True)],
)
def test_boundary_in_a_leap_year(following: date, is_gap: bool) -> None:
    last = date(2023, 11, 30)
    found = gaps([seen(last), seen(following)], [], (last, following), following, HCPC)
    assert bool(found) is is_gap


def test_gap_at_the_beginning_between_and_until_the_end() -> None:
    own = [seen(date(2024, 6, 1)), seen(date(2025, 1, 1), date(2025, 10, 31))]
    assert gaps(own, [], CYCLE, OVER, HCPC) == [
        Gap(date(2024, 3, 1), date(2024, 5, 31), False, False),
        Gap(date(2024, 6, 2), date(2024, 12, 31), False, False),
        Gap(date(2025, 11, 1), date(2026, 2, 28), False, False),
    ]


def test_gap_goes_on_today_and_nothing_later_counts() -> None:
    own = [seen(date(2024, 3, 1)), seen(date(2024, 7, 1))]
    today = date(2024, 6, 1)
    assert gaps(own, [], CYCLE, today, HCPC) == [Gap(date(2024, 3, 2), today, False, True)]
    assert gaps(own, [], CYCLE, today - DAY, HCPC) == []


def test_activity_that_goes_on_leaves_no_gap() -> None:
    own = [seen(date(2024, 3, 1), date(2025, 3, 1)), seen(date(2024, 4, 1))]
    assert gaps(own, [], CYCLE, date(2025, 2, 1), HCPC) == []


def test_record_without_activities_is_one_gap() -> None:
    assert gaps([], [], CYCLE, date(2024, 5, 30), HCPC) == []
    [gap] = gaps([], [], CYCLE, date(2024, 5, 31), HCPC)
    assert gap == Gap(date(2024, 3, 1), date(2024, 5, 31), False, True)
    assert gaps([], [], CYCLE, date(2024, 2, 1), HCPC) == []


def test_registration_shorter_than_two_years_has_no_gap_before_it() -> None:
    # Registered on 18 August 2025: nothing is asked of the months before.
    period = (date(2025, 8, 18), date(2026, 2, 28))
    own = [seen(date(2025, 11, 17)), seen(date(2026, 2, 17))]
    assert gaps(own, [], period, OVER, HCPC) == []
    assert gaps(own[1:], [], period, OVER, HCPC) == [
        Gap(date(2025, 8, 18), date(2026, 2, 16), False, False)
    ]


@pytest.mark.parametrize(
    ("first", "last", "explained"),
    [
        (date(2024, 1, 1), date(2024, 2, 29), False),
        # From 1 April to 30 June there are three months still without a reason.
        (date(2024, 1, 1), date(2024, 3, 31), False),
        (date(2024, 1, 1), date(2024, 4, 1), True),
        (date(2024, 4, 2), date(2024, 4, 9), True),
        (date(2024, 6, 1), date(2024, 9, 1), False),
        (date(2024, 5, 31), date(2024, 9, 1), True),
        (date(2024, 7, 1), date(2024, 9, 1), False),
    ],
)
def test_reason_explains_a_gap_of_which_it_leaves_less_than_three_months(
    first: date, last: date, explained: bool
) -> None:
    own = [seen(date(2024, 7, 1))]
    [gap] = gaps(own, [Reason(first, last)], CYCLE, date(2024, 7, 1), HCPC)
    assert (gap.last, gap.explained) == (date(2024, 6, 30), explained)


@pytest.mark.parametrize(
    ("own", "today", "day"),
    [
        ([seen(date(2025, 1, 15))], date(2025, 2, 1), date(2025, 4, 15)),
        ([seen(date(2025, 1, 15))], date(2025, 4, 14), date(2025, 4, 15)),
        # It is there.
        ([seen(date(2025, 1, 15))], date(2025, 4, 15), None),
        # Today's activity, and one that still goes on.
        ([seen(date(2025, 1, 15))], date(2025, 1, 15), date(2025, 4, 15)),
        ([seen(date(2025, 1, 15), date(2025, 6, 1))], date(2025, 1, 20), date(2025, 4, 20)),
        # Nothing yet, before the period and in it.
        ([], date(2024, 2, 1), date(2024, 5, 31)),
        ([], date(2024, 3, 1), date(2024, 5, 31)),
        # The period is over before.
        ([seen(date(2025, 11, 30))], date(2025, 12, 1), date(2026, 2, 28)),
        ([seen(date(2025, 12, 1))], date(2025, 12, 1), None),
        ([seen(date(2025, 12, 1))], OVER, None),
    ],
)
def test_day_on_which_a_gap_will_be_complete(
    own: list[Seen], today: date, day: date | None
) -> None:
    assert next_gap(own, CYCLE, today, HCPC) == day


def test_mixture_lists_every_type_in_its_order() -> None:
    day = date(2024, 4, 1)
    own = [
        seen(day, learning=Learning.SELF, minutes=None),
        seen(day, learning=Learning.WORK, minutes=90),
        seen(day, learning=Learning.WORK, minutes=30),
    ]
    found = mixture(own, CYCLE, day, HCPC)
    assert found.types == (
        Learned(Learning.WORK, 2, 120),
        Learned(Learning.PROFESSIONAL, 0, 0),
        Learned(Learning.FORMAL, 0, 0),
        Learned(Learning.SELF, 1, 0),
        Learned(Learning.OTHER, 0, 0),
    )
    assert found.enough
    assert not mixture(own[1:], CYCLE, day, HCPC).enough
    assert not mixture([], CYCLE, day, HCPC).enough


def test_type_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="osmosis"):
        mixture([seen(date(2024, 4, 1), learning="osmosis")], CYCLE, OVER, HCPC)


def test_only_the_period_up_to_today_counts() -> None:
    today = date(2025, 1, 1)
    there = [seen(date(2024, 2, 1), date(2024, 3, 1)), seen(today), seen(today, date(2025, 2, 1))]
    others = [seen(date(2024, 2, 29)), seen(today + DAY)]
    assert counted([*others, *there], CYCLE, today) == there
    assert counted([seen(date(2024, 1, 1), OVER)], CYCLE, date(2024, 2, 1)) == []


def test_standards_count_the_activities_with_words() -> None:
    day = date(2024, 4, 1)
    own = [
        seen(day, practice=True),
        seen(day, practice=True, benefit=True),
        seen(day, benefit=True),
        seen(day),
        seen(day, practice=True),
    ]
    found = standards(own, CYCLE, day)
    assert found == Standards(activities=5, practice=3, benefit=2, both=1)
    assert (found.shown(Shown.PRACTICE), found.shown(Shown.BENEFIT)) == (3, 2)


@pytest.mark.parametrize(
    ("number", "late", "fewer", "more"),
    [
        (11, False, False, False),
        (51, False, False, False),
        (0, True, True, False),
        (11, True, True, False),
        (12, True, False, False),
        (50, True, False, False),
        (51, True, False, True),
    ],
)
def test_usual_number_is_looked_at_in_the_second_half(
    number: int, late: bool, fewer: bool, more: bool
) -> None:
    # HCPC, Top tips for completing your CPD profile, 28 June 2022: aim for around 12 to 50.
    today = date(2025, 3, 1) if late else date(2025, 2, 28)
    own = [seen(date(2024, 4, 1))] * number
    assert usual(own, CYCLE, today, HCPC) == Usual(number, fewer, more)


@pytest.mark.parametrize(
    ("day", "past"),
    [(date(2024, 1, 1), False), (date(2024, 1, 2), False), (date(2024, 1, 3), True)],
)
def test_half_of_four_days_is_two(day: date, past: bool) -> None:
    assert is_past_half((date(2024, 1, 1), date(2024, 1, 4)), day) is past


# Whatever the record

START = date(2023, 9, 1)
DAYS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))
LENGTHS = st.integers(0, 120) | st.just(0)


@st.composite
def activities(draw: st.DrawFn) -> Seen:
    first = draw(DAYS)
    last = first + timedelta(days=draw(LENGTHS))
    return seen(first, last, learning=draw(st.sampled_from(Learning)))


@st.composite
def reasons(draw: st.DrawFn) -> Reason:
    first = draw(DAYS)
    return Reason(first, first + timedelta(days=draw(LENGTHS)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(DAYS)
    return first, first + timedelta(days=draw(st.integers(0, 730)))


RECORDS = st.lists(activities(), max_size=12)


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def runs(some: Iterable[date]) -> list[list[date]]:
    """Days in order, those that follow one another together."""
    found: list[list[date]] = []
    for day in some:
        if found and found[-1][-1] == day - DAY:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def is_long(run: list[date]) -> bool:
    return add_months(run[0], 3) <= run[-1] + DAY


def by_hand(own: list[Seen], given: list[Reason], period: Period, today: date) -> list[Gap]:
    """Each day on its own: without an activity or not; runs of such days; how many months a run holds."""
    taken = {day for one in own for day in days_of(one.first, one.last)}
    explained = {day for one in given for day in days_of(one.first, one.last)}
    asked = [day for day in days_of(*period) if day <= today]
    found = []
    for run in filter(is_long, runs(day for day in asked if day not in taken)):
        left = runs(day for day in run if day not in explained)
        found.append(Gap(run[0], run[-1], not any(map(is_long, left)), run[-1] == today))
    return found


@given(RECORDS, st.lists(reasons(), max_size=3), periods(), DAYS)
def test_gaps_are_those_found_day_by_day(
    own: list[Seen], given: list[Reason], period: Period, today: date
) -> None:
    assert gaps(own, given, period, today, HCPC) == by_hand(own, given, period, today)


@given(RECORDS, periods(), DAYS)
def test_gap_is_empty_long_enough_and_as_long_as_it_can_be(
    own: list[Seen], period: Period, today: date
) -> None:
    taken = {day for one in own for day in days_of(one.first, one.last)}
    for gap in gaps(own, [], period, today, HCPC):
        assert taken.isdisjoint(days_of(gap.first, gap.last))
        assert add_months(gap.first, 3) <= gap.last + DAY
        assert gap.first == period[0] or gap.first - DAY in taken
        assert gap.last == min(period[1], today) or gap.last + DAY in taken


@given(RECORDS, activities(), periods(), DAYS)
def test_activity_more_makes_no_gap_where_there_was_none(
    own: list[Seen], more: Seen, period: Period, today: date
) -> None:
    before = gaps(own, [], period, today, HCPC)
    for gap in gaps([*own, more], [], period, today, HCPC):
        assert any(old.first <= gap.first and gap.last <= old.last for old in before)


@given(RECORDS, st.randoms(use_true_random=False), periods(), DAYS)
def test_order_of_activities_changes_nothing(
    own: list[Seen], random: Random, period: Period, today: date
) -> None:
    mixed = random.sample(own, len(own))
    assert gaps(mixed, [], period, today, HCPC) == gaps(own, [], period, today, HCPC)
    assert next_gap(mixed, period, today, HCPC) == next_gap(own, period, today, HCPC)
    assert mixture(mixed, period, today, HCPC) == mixture(own, period, today, HCPC)


@given(RECORDS, periods(), DAYS)
def test_next_gap_is_the_first_day_on_which_one_is_there(
    own: list[Seen], period: Period, today: date
) -> None:
    # Nothing goes on after today, as nothing after today counts.
    own = [one for one in own if one.last <= today]
    coming = next_gap(own, period, today, HCPC)
    if coming is None:
        over = today >= period[1]
        assert over or _open(own, period, today) or not _open(own, period, period[1])
    else:
        assert not _open(own, period, max(today, coming - DAY))
        assert _open(own, period, coming)


def _open(own: list[Seen], period: Period, day: date) -> bool:
    return any(gap.still_open for gap in gaps(own, [], period, day, HCPC))


@given(RECORDS, periods(), DAYS)
def test_mixture_counts_every_activity_once(own: list[Seen], period: Period, today: date) -> None:
    found = mixture(own, period, today, HCPC)
    assert [one.learning for one in found.types] == list(Learning)
    assert sum(one.activities for one in found.types) == len(counted(own, period, today))
    assert found.enough == (len({one.learning for one in counted(own, period, today)}) >= 2)
