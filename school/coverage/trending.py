"""The trend: coverage at each month's end, against what is aimed at."""

from collections.abc import Mapping
from datetime import date

from school.core import charts
from school.core.days import DAY, add_months
from school.coverage.overview import Both, both
from school.coverage.states import Question
from school.coverage.sweep import over_days

MONTHS = {"12": "12 months", "24": "24 months", "60": "5 years"}


def month_ends(until: date, months: int) -> list[date]:
    """The last days of the months up to a day, which is the last of so many."""
    first = until.replace(day=1)
    return [*(add_months(first, -back) - DAY for back in range(months - 2, -1, -1)), until]


def totals(question: Question, months: int, targets: Mapping[int, int]) -> dict[date, Both]:
    """The figures at each month's end, all as known on the question's day; one query."""
    days = month_ends(question.as_of, months)
    return {
        day: both([point for point in found if point.requirement in targets], targets)
        for day, found in over_days(question, days).items()
    }


def chart(found: Mapping[date, Both], target: int) -> charts.Trend:
    """The line of the adjusted figure, with headcount beside it."""
    points = [
        charts.Point(
            f"{day:%b %Y}",
            one.adjusted.numerator,
            one.adjusted.denominator,
            _percent(one),
        )
        for day, one in found.items()
    ]
    lowest = min(
        (value for point in points for value in (point.value, point.second) if value is not None),
        default=0,
    )
    floor = max(0, int(min(lowest, target)) // 10 * 10 - 10)
    return charts.trend(
        title="Coverage at each month’s end",
        points=points,
        target=target,
        floor=floor if floor >= 50 else 0,
        name="adjusted",
        second_name="headcount",
    )


def _percent(one: Both) -> float | None:
    share = one.headcount
    return share.numerator * 100 / share.denominator if share.denominator else None
