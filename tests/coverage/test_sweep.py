"""The figures as of many days at once: on each day what the day alone says."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings

from school.coverage import counting
from school.coverage.figures import Policy, figures
from school.coverage.states import Question
from school.coverage.sweep import Point, over_days
from school.people.models import Site
from tests.coverage.histories import FIRST, histories, record
from tests.coverage.making import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
D = date
# Of all lengths between them, and so that many things happen between two of them.
DAYS = [FIRST + timedelta(days=number * number) for number in range(26)]


def alone(question: Question, days: Sequence[date]) -> dict[date, list[Point]]:
    """What each day says by itself."""
    found = {}
    for day in days:
        asked = Question(day, question.known_on, question.requirements, question.sites, question.people)  # fmt: skip
        found[day] = [
            Point(
                figure.requirement,
                *(_plain(figure.share(policy)) for policy in (Policy.ADJUSTED, Policy.HEADCOUNT)),
            )
            for figure in figures(counting.tallies(asked))
        ]
    return found


def _plain(share: Any) -> Any:
    return type(share)(share.numerator, share.denominator)


@settings(max_examples=15, deadline=None)
@given(histories())
def test_each_day_is_as_it_is_alone(case: dict[str, list[dict[str, Any]]]) -> None:
    with transaction.atomic():
        record(case)
        known = [D(2024, 9, 1), D(2027, 12, 31)]
        for known_on in known:
            question = Question(DAYS[-1], known_on)
            assert over_days(question, DAYS) == alone(question, DAYS), known_on
        site = Site.objects.filter(name__startswith="Site").order_by("-pk")[0].pk
        question = Question(DAYS[-1], known[-1], sites=[site])
        assert over_days(question, DAYS) == alone(question, DAYS)
        transaction.set_rollback(True)


def test_who_holds_two_posts_and_is_named_counts_once() -> None:
    staff = Staff()
    for name in "ab":
        staff.term(name, "North", "Radiographer", D(2020, 1, 1))
    staff.term("a", "South", "Radiographer", D(2020, 6, 1), D(2020, 12, 31))
    staff.course("Fire")
    staff.course("Safety")
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=12, grace_days=0)
    staff.ask(
        "safety", ["Safety"], D(2020, 3, 1), whom=[{"person": staff.person("a")}], grace_days=0
    )
    staff.attain("a", "Fire", D(2020, 2, 1))
    staff.attain("a", "Safety", D(2020, 7, 1))
    question = Question(D(2021, 3, 1), D(2026, 1, 1))
    days = [D(2020, 1, 31), D(2020, 7, 1), D(2020, 12, 31), D(2021, 2, 1), D(2021, 3, 1)]
    found = over_days(question, days)
    assert found == alone(question, days)
    said = [[(p.headcount.numerator, p.headcount.denominator) for p in found[day]] for day in days]
    assert said == [
        [(0, 2)],
        [(1, 2), (1, 1)],
        [(1, 2), (1, 1)],
        [(1, 2), (1, 1)],
        [(0, 2), (1, 1)],
    ]
