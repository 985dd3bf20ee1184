"""How long something attained satisfies: the published cases, and what holds for all of them."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.coverage.renewal import (
    NONE,
    Done,
    Held,
    Period,
    Renewal,
    Rule,
    held,
    in_force,
    next_expiry,
    window_opens,
)

CASES = Path(__file__).parent / "data" / "renewal_cases.csv"
YEAR = Period(months=12)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def period(text: str) -> Period:
    """1y, 6m or 3w."""
    number = int(text[:-1] or 0)
    return {
        "y": Period(months=12 * number),
        "m": Period(months=number),
        "w": Period(days=7 * number),
    }[text[-1]]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


with CASES.open(encoding="utf-8", newline="") as file:
    PUBLISHED = list(csv.DictReader(file))


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["id"] for case in PUBLISHED])
def test_published_case(case: dict[str, str]) -> None:
    rule = Rule(
        Renewal(case["rule"]),
        active=period(case["active"]),
        window=period(case["window"]),
        minimum=period(case["minimum_active"]) if case["minimum_active"] else NONE,
        due=day(case["due"]),
    )
    expires = next_expiry(rule, date.fromisoformat(case["completed"]), day(case["current_expiry"]))
    assert expires == day(case["expect_expiry"])
    assert expires is not None
    assert window_opens(rule, expires) == day(case["expect_window_opens"])


def test_renewed_two_days_late_runs_from_the_completion() -> None:
    rule = Rule(Renewal.EXPIRY, active=YEAR, window=Period(months=1))
    assert next_expiry(rule, date(2026, 12, 2), date(2026, 11, 30)) == date(2027, 12, 2)
    assert next_expiry(rule, date(2026, 11, 30), date(2026, 11, 30)) == date(2027, 11, 30)


def test_first_time_after_the_due_date_runs_from_the_completion() -> None:
    rule = Rule(Renewal.EXPIRY, active=YEAR, due=date(2026, 5, 3))
    assert next_expiry(rule, date(2026, 5, 4), None) == date(2027, 5, 4)


@pytest.mark.parametrize(
    ("done", "months", "expires"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_month_ends_are_clamped(done: date, months: int, expires: date) -> None:
    assert next_expiry(Rule(active=Period(months=months)), done, None) == expires


def test_fixed_rule_keeps_to_the_last_of_the_month() -> None:
    rule = Rule(Renewal.FIXED, active=Period(months=1), due=date(2026, 1, 31))
    expiries = [next_expiry(rule, date(2026, month, 5), None) for month in (1, 2, 3, 4)]
    assert expiries == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_fixed_rule_without_a_day_and_an_empty_period_are_refused() -> None:
    with pytest.raises(ValueError, match="fixed day"):
        next_expiry(Rule(Renewal.FIXED, active=YEAR), date(2026, 1, 1), None)
    with pytest.raises(ValueError, match="at least a day"):
        Rule(active=NONE)


@given(DAYS, st.none() | DAYS, st.integers(1, 60), st.integers(0, 60))
def test_renewing_by_expiry_never_takes_time_away(
    done: date, current: date | None, months: int, window: int
) -> None:
    rule = Rule(Renewal.EXPIRY, active=Period(months=months), window=Period(months=window))
    expires = next_expiry(rule, done, current)
    assert expires is not None
    assert expires >= max(done, current or done)


@given(DAYS, st.none() | DAYS, st.integers(1, 24), st.integers(0, 24))
def test_fixed_rule_gives_the_first_of_its_days_that_leaves_enough(
    done: date, current: date | None, months: int, minimum: int
) -> None:
    active, due = Period(months=months), date(2020, 6, 30)
    rule = Rule(Renewal.FIXED, active=active, minimum=Period(months=minimum), due=due)
    expires = next_expiry(rule, done, current)
    days = [active.after(due, times) for times in range(800)]
    assert expires == min(day for day in days if day >= rule.minimum.after(done))


@given(DAYS, st.integers(1, 120))
def test_without_a_window_of_its_own_expiry_renews_on_the_last_day_alone(
    current: date, months: int
) -> None:
    rule = Rule(Renewal.EXPIRY, active=Period(months=months))
    assert next_expiry(rule, current - timedelta(days=1), current) == current
    assert next_expiry(rule, current, current) == Period(months=months).after(current)


# What somebody has had -----------------------------------------------------------------------------


def of(rule: Rule, *done: Done) -> Held | None:
    """What holds under one rule."""
    return held([(date(2000, 1, 1), rule)], done)


def test_once_holds_for_ever() -> None:
    assert of(Rule(), Done(date(2021, 3, 1)), Done(date(2020, 3, 1))) == Held(None)


def test_nothing_attained_was_never_had() -> None:
    assert of(Rule()) is None


def test_renewals_are_taken_in_the_order_of_their_days() -> None:
    rule = Rule(Renewal.EXPIRY, active=YEAR, window=Period(months=3))
    done = [Done(date(2021, 2, 1)), Done(date(2020, 3, 1)), Done(date(2021, 6, 1))]
    assert of(rule, *done[:2]) == Held(date(2022, 3, 1))
    assert of(rule, *done) == Held(date(2022, 3, 1))


def test_two_on_one_day_renew_once() -> None:
    rule = Rule(Renewal.EXPIRY, active=YEAR, window=YEAR)
    assert of(rule, Done(date(2020, 3, 1)), Done(date(2020, 3, 1))) == Held(date(2021, 3, 1))


def test_hours_are_counted_over_the_period() -> None:
    rule = Rule(active=Period(months=36), minutes=240)
    done = [
        Done(date(2020, 1, 10), 120),
        Done(date(2021, 6, 1), 120),
        Done(date(2024, 7, 1), 60),
        Done(date(2024, 8, 1), 240),
    ]
    found = [of(rule, *done[:number]) for number in range(1, 5)]
    lapsed = Held(date(2023, 1, 10))
    assert found == [None, lapsed, lapsed, Held(date(2027, 8, 1))]


def test_hours_without_a_period_suffice_for_ever() -> None:
    rule = Rule(minutes=240)
    assert of(rule, Done(date(2000, 1, 1), 120), Done(date(2020, 1, 1), 120)) == Held(None)


def test_what_was_attained_keeps_the_rule_of_its_day() -> None:
    rules = [(date(2020, 1, 1), Rule(active=YEAR)), (date(2022, 1, 1), Rule(active=Period(24)))]
    assert held(rules, [Done(date(2021, 12, 31))]) == Held(date(2022, 12, 31))
    assert held(rules, [Done(date(2021, 12, 31)), Done(date(2022, 1, 1))]) == Held(date(2024, 1, 1))
    assert in_force(rules, date(1999, 1, 1)) == rules[0][1]


def test_what_held_for_ever_does_so_when_the_rule_gets_a_period() -> None:
    rules = [(date(2020, 1, 1), Rule()), (date(2022, 1, 1), Rule(active=YEAR))]
    assert held(rules, [Done(date(2021, 1, 1)), Done(date(2022, 5, 1))]) == Held(None)


@given(st.lists(st.tuples(DAYS, st.integers(0, 300)), max_size=8), st.integers(1, 600))
def test_hours_agree_with_counting_on_the_day(done: list[tuple[date, int]], minutes: int) -> None:
    active = Period(months=24)
    found = of(Rule(active=active, minutes=minutes), *(Done(*each) for each in done))
    for today in {day for day, _ in done if day == max(done)[0]}:
        counted = sum(learned for day, learned in done if active.after(day) >= today)
        suffices = found is not None and found.expires is not None and today <= found.expires
        assert (counted >= minutes) == suffices
