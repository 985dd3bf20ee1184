"""The trend: each of its points is the figure of that day."""

from datetime import date

import pytest

from school.coverage import trending
from school.coverage.states import Question
from school.coverage.sweep import over_days
from tests.coverage.making import Staff
from tests.coverage.test_sweep import alone

D = date


def test_month_ends_lead_up_to_the_day_itself() -> None:
    assert trending.month_ends(D(2024, 3, 15), 4) == [
        D(2023, 12, 31),
        D(2024, 1, 31),
        D(2024, 2, 29),
        D(2024, 3, 15),
    ]
    assert trending.month_ends(D(2024, 2, 29), 2) == [D(2024, 1, 31), D(2024, 2, 29)]


@pytest.mark.django_db
@pytest.mark.engine
def test_each_point_is_what_the_day_alone_says() -> None:
    staff = Staff()
    for name, site in (("a", "North"), ("b", "North"), ("c", "South")):
        staff.term(name, site, "Radiographer", D(2020, 1, 1))
    staff.term("d", "North", "Radiographer", D(2021, 3, 10), D(2021, 8, 31))
    staff.term("a", "South", "Radiographer", D(2021, 5, 1))
    staff.course("Fire")
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=6, grace_days=60)
    staff.ask("fire", ["Fire"], D(2021, 6, 1), active_months=12, grace_days=0)
    for name, day in (("a", D(2021, 1, 31)), ("b", D(2021, 6, 30)), ("c", D(2020, 8, 31))):
        staff.attain(name, "Fire", day)
    staff.away("b", D(2021, 4, 1), D(2021, 5, 31))
    staff.exempt("c", "fire", D(2021, 7, 1), D(2021, 7, 31))
    question = Question(D(2021, 12, 31), D(2026, 1, 1))
    days = trending.month_ends(question.as_of, 14)
    found = over_days(question, days)
    assert found == alone(question, days)
    shares = {
        (one.numerator, one.denominator) for [point] in found.values() for one in [point.adjusted]
    }
    assert len(shares) > 4
