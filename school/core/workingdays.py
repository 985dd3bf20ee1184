"""Working days: Monday to Friday less the bank holidays of England."""

from datetime import date
from functools import cache

from holidays import country_holidays

from school.core.days import DAY


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: date) -> bool:
    """Whether a day is a bank or public holiday in England, substitute days included.

    Source: the `holidays` package, GB, subdivision ENG (Banking and Financial Dealings Act 1971 and
    royal proclamations). Later years hold the rule only: a holiday proclaimed after the package was
    released is not known.
    """
    return day in _bank_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Whether a day is Monday to Friday and no bank holiday in England."""
    return day.weekday() < 5 and not is_bank_holiday(day)


def working_days_between(sent: date, decided: date) -> int:
    """Working days from the day sent (day 0) to the day decided, that day included.

    Sent on a Friday and decided on the Monday is 1; the same day is 0, whatever day it is. Source:
    the network's referral-to-report time (75 % within 5 working days). Raises ValueError when
    `decided` is before `sent`.
    """
    if decided < sent:
        raise ValueError(f"{decided} is before {sent}.")
    weeks, rest = divmod((decided - sent).days, 7)
    weekdays = weeks * 5 + sum((sent + n * DAY).weekday() < 5 for n in range(1, rest + 1))
    lost = sum(
        1
        for year in range(sent.year, decided.year + 1)
        for day in _bank_holidays(year)
        if sent < day <= decided and day.weekday() < 5
    )
    return weekdays - lost


def add_working_days(day: date, count: int) -> date:
    """The day on which `count` working days have passed since `day` (day 0); 0 gives `day` itself.

    Raises ValueError when `count` is negative.
    """
    if count < 0:
        raise ValueError("Working days are only counted forward.")
    while count:
        day += DAY
        count -= is_working_day(day)
    return day
