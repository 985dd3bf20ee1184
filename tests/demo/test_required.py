"""What the demo's network asks and how its staff stand: realistic today, moving over the years, and told twice of 2016."""

from collections import Counter
from datetime import date

import pytest

from school.core import days
from school.courses.models import AttainmentVoid
from school.coverage import counting
from school.coverage.figures import Figure, Policy, figures
from school.coverage.models import Requirement
from school.coverage.states import Question, State
from school.demo import builder
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def asked(as_of: date, known_on: date, by: str = "") -> list[Figure]:
    """The figures of a day as known on a day."""
    return figures(counting.tallies(Question(as_of, known_on), by))


def share(found: list[Figure]) -> float:
    """How many of all that is asked are in date, adjusted, in percent."""
    shares = [one.share(Policy.ADJUSTED) for one in found]
    return 100 * sum(one.numerator for one in shares) / sum(one.denominator for one in shares)


def test_figures_of_today_are_believable(demo: builder.Build) -> None:
    found = asked(TODAY, TODAY)
    assert len(found) == 8
    assert 88 <= share(found) <= 92
    total: Counter[State] = Counter()
    for one in found:
        assert 80 <= share([one]) <= 97
        total.update(one.people)
    assert min(total[state] for state in State) >= 3
    assert sum(sum(one.away.values()) for one in found) >= 20
    assert AttainmentVoid.objects.count() == 2


def test_some_sites_stand_lower(demo: builder.Build) -> None:
    found = asked(TODAY, TODAY, "site")
    sites = {one.group for one in found}
    shares = sorted(share([one for one in found if one.group == site]) for site in sites)
    assert shares[0] < 80
    assert shares[-3] > 95


def test_a_trend_moves(demo: builder.Build) -> None:
    days_asked = [days.add_months(TODAY, -months) for months in (24, 12, 0)]
    first, second, last = (share(asked(day, day)) for day in days_asked)
    assert first + 3 < second < last - 3


def test_dementia_skills_of_2016_as_known_then_and_now(demo: builder.Build) -> None:
    day = date(2016, 12, 31)
    [then], [now] = asked(day, day), asked(day, TODAY)
    assert Requirement.objects.get(pk=then.requirement).code == "dementia-skills"
    assert [one.share(Policy.HEADCOUNT) for one in (then, now)] == [
        one.share(Policy.ADJUSTED) for one in (then, now)
    ]
    shares = [one.share(Policy.HEADCOUNT) for one in (then, now)]
    assert [(one.numerator, one.denominator) for one in shares] == [(50, 150), (53, 150)]
