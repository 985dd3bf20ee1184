"""Education-tariff weeks in worked figures, and each reason for which a placement does not count."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements import tariff
from placements.tariff import Case, Rules

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 6)


@pytest.mark.parametrize(
    ("minutes", "weeks"),
    [
        (0, "0.00"),
        (11, "0.00"),  # 0.488 hundredths
        (12, "0.01"),
        (75, "0.03"),
        (1125, "0.50"),
        (2250, "1.00"),
        (12_960, "5.76"),  # the 216 hours of year 3
        (2160, "0.96"),
    ],
)
def test_weeks_are_minutes_by_two_thousand_two_hundred_and_fifty(minutes: int, weeks: str) -> None:
    assert str(tariff.weeks(minutes, 2250)) == weeks


def test_weeks_are_rounded_half_up() -> None:
    assert [tariff.weeks(minutes, 200) for minutes in (1, 3, 5)] == [
        Decimal("0.01"), Decimal("0.02"), Decimal("0.03"),
    ]  # fmt: skip


@given(minutes=st.integers(0, 10**7))
def test_weeks_are_never_a_two_hundredth_off(minutes: int) -> None:
    assert abs(tariff.weeks(minutes, 2250) * 2250 - minutes) * 200 <= 2250


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 31), 2026)]
)  # fmt: skip
def test_year_runs_from_the_first_of_april(day: date, year: int) -> None:
    assert tariff.year_of(day) == year
    first, last = tariff.days_of(year)
    assert first <= day <= last
    assert (first, last) == (date(year, 4, 1), date(year + 1, 3, 31))


def reasons(**changed: Any) -> tuple[str, ...]:
    return tariff.reasons(Case(**{"first": FIRST, "last": LAST, **changed}), Rules())


def test_placement_that_meets_every_rule_counts() -> None:
    assert reasons() == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"never_began": True}, "withdrawn before it began"),
        ({"trust": False}, "the site is not an NHS trust’s"),
        ({"audited": False}, "no quality audit held on the first day"),
        ({"supported": False}, "nobody was named to supervise"),
        ({"last": date(2026, 11, 5)}, "shorter than a week: 4 days"),
        ({"last": FIRST}, "shorter than a week: 1 day"),
    ],
)
def test_placement_that_misses_a_rule_says_which(changed: dict[str, Any], reason: str) -> None:
    assert reasons(**changed) == (reason,)


def test_every_reason_is_said() -> None:
    assert len(reasons(trust=False, audited=False, supported=False, last=FIRST)) == 4


def test_rule_that_is_switched_off_asks_nothing() -> None:
    case = Case(first=FIRST, last=LAST, trust=False, audited=False, supported=False)
    assert tariff.reasons(case, Rules(audited=0, supported=0, trust_only=0)) == ()


def test_published_rules_say_where_they_come_from() -> None:
    assert tariff.rules_on(date(2026, 4, 1)) == Rules()
    assert tariff.rules_on(date(2000, 1, 1)) == Rules()
    assert [rule.code for rule in tariff.published() if not rule.source] == []


def test_rule_is_said_in_words() -> None:
    assert [rule.words for rule in tariff.published()] == [
        "Week: 2250 minutes", "Year from: 4 month of the year", "Least days: 5 days", "Audited: yes",
        "Supported: yes", "Trust only: yes",
    ]  # fmt: skip
    assert tariff.Rule("audited", 0, "yes", date(2027, 4, 1), "a test").words == "Audited: no"


def test_later_rule_holds_from_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    later = tariff.Rule("week", 2400, "minutes", date(2027, 4, 1), "a test")
    rules = (*tariff.published(), later)
    monkeypatch.setattr(tariff, "published", lambda: rules)
    assert [tariff.rules_on(date(2027, month, day)).week for month, day in ((3, 31), (4, 1))] == [
        2250, 2400,
    ]  # fmt: skip
