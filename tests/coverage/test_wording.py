"""Versions in plain words."""

from datetime import date
from typing import Any

import pytest

from school.coverage import wording
from school.coverage.models import RequirementVersion
from school.people.models import JobRole, Person, Site


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "once"),
        ({"active_months": 12}, "every year"),
        ({"active_months": 24}, "every 2 years"),
        ({"active_months": 1}, "every month"),
        ({"active_months": 18}, "every 18 months"),
        ({"active_months": 36, "learning_minutes": 240}, "4 hours over 3 years"),
    ],
)
def test_how_often(said: dict[str, Any], words: str) -> None:
    assert wording.how_often(RequirementVersion(**said)) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, []),
        (
            {"active_months": 24, "window_months": 3, "grace_days": 60},
            ["Each period runs from the day of completion.", "It is due for renewal in its last 3 months.", "Starters have 60 days."],
        ),
        (
            {"active_months": 12, "renewal": "fixed", "due_on": date(2026, 12, 31), "minimum_months": 6},
            ["It always expires on a day counted from 31 December 2026.", "A renewal leaves at least 6 months."],
        ),
    ],
)  # fmt: skip
def test_sentences_say_how_it_renews(said: dict[str, Any], words: list[str]) -> None:
    assert wording.sentences(RequirementVersion(**said)) == words


def test_window_of_an_expiry_rule() -> None:
    rule = RequirementVersion(active_months=12, renewal="expiry", window_months=1, window_days=1)
    [said] = wording.sentences(rule)
    assert said.startswith("Renewed in the last 1 month and 1 day, the next period runs")


def test_whom_says_all_of_a_group() -> None:
    assert wording.whom([]) == "everybody in post"
    groups: list[dict[str, Any]] = [
        {"job_role": JobRole(title="Radiographer"), "crew": "mobile", "site": Site(name="Leeds")},
        {"staff_group": "Scientists", "region": "North"},
        {"person": Person(name="Bo Exampleton")},
    ]
    assert wording.whom(groups) == (
        "Bo Exampleton; Radiographer in mobile crews at Leeds; everybody of Scientists in North"
    )
