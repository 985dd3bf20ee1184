"""What has changed since: each reason, and changes that come to the difference of the figures."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings

from school.coverage import changes, counting
from school.coverage.changes import Changes
from school.coverage.figures import Policy, figures
from school.coverage.models import Exemption, Requirement
from school.coverage.states import Question
from tests.coverage.histories import DAYS, record
from tests.coverage.making import Staff, write
from tests.coverage.test_states_oracle import asked_histories

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
D = date
BEFORE, AFTER = Question(D(2023, 1, 31), D(2023, 1, 31)), Question(D(2023, 3, 31), D(2023, 3, 31))


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.ask("fire", ["Fire"], D(2020, 1, 1), active_months=12, grace_days=10)
    for name in "abc":
        made.term(name, "North", "Radiographer", D(2020, 1, 1))
    return made


def told(staff: Staff, before: Question = BEFORE, after: Question = AFTER) -> list[tuple[str, str]]:
    """Who and why, by site: what was recorded later first, each in the order of their keys."""
    names = {person.pk: name for name, person in staff.people.items()}
    changed = sorted(
        changes.between(before, after).by_site,
        key=lambda one: (not one.late, one.person, one.requirement, one.site),
    )
    return [(names[one.person], one.words) for one in changed]


def test_completed_lapsed_and_unchanged(staff: Staff) -> None:
    staff.attain("a", "Fire", D(2023, 2, 1))
    staff.attain("b", "Fire", D(2022, 2, 10))
    assert told(staff) == [("a", "Completed it"), ("b", "It lapsed")]


def test_late_entry_and_void_are_of_the_same_day(staff: Staff) -> None:
    staff.attain("a", "Fire", D(2022, 6, 1), known=D(2023, 2, 10))
    staff.void(staff.attain("b", "Fire", D(2022, 6, 1)), known=D(2023, 2, 1))
    expected = [("a", "Had it, which was recorded later"), ("b", "What counted was found void")]
    assert told(staff) == expected
    assert told(staff, after=Question(BEFORE.as_of, AFTER.known_on)) == expected


def test_joiner_leaver_and_transfer(staff: Staff) -> None:
    staff.term("d", "North", "Radiographer", D(2023, 2, 1))
    staff.term("e", "North", "Radiographer", D(2023, 1, 10), known=D(2023, 2, 1))
    staff.term("f", "North", "Radiographer", D(2020, 1, 1), D(2023, 2, 1))
    staff.term("g", "North", "Radiographer", D(2020, 1, 1), D(2023, 2, 1))
    staff.term("g", "South", "Radiographer", D(2023, 2, 2))
    assert told(staff) == [
        ("e", "Joined the network, recorded later"),
        ("d", "Joined the network"),
        ("f", "Left the network"),
        ("g", "Changed post"),
        ("g", "Changed post"),
    ]
    once = changes.between(BEFORE, AFTER).summed(Policy.HEADCOUNT)
    assert [(one.reason.value, len(one.people), one.of) for one in once] == [
        ("joiner", 2, 2),
        ("leaver", 1, -1),
    ]


def test_exempt_absent_and_out_of_grace(staff: Staff) -> None:
    staff.exempt("a", "fire", D(2023, 2, 1))
    staff.away("b", D(2023, 2, 1))
    staff.term("d", "North", "Radiographer", D(2023, 1, 25))
    assert told(staff) == [
        ("a", "Became exempt"),
        ("b", "Away for 28 days or more"),
        ("d", "Grace as a starter ended"),
    ]
    back = told(staff, AFTER, Question(D(2023, 4, 30), D(2023, 4, 30)))
    assert back == []
    ended = Exemption.objects.get()
    fact = Exemption(
        person=ended.person, requirement=ended.requirement, supersedes=ended, cancelled=True
    )
    write(fact, ended.person.book, D(2023, 2, 1), None, D(2023, 4, 1), reason="No.")
    assert told(staff, AFTER, Question(D(2023, 4, 30), D(2023, 4, 30))) == [
        ("a", "Is exempt no longer, recorded later")
    ]


def test_changed_rule_is_a_reason_and_whoever_moved_is_not_one(staff: Staff) -> None:
    staff.attain("a", "Fire", D(2022, 6, 1))
    staff.ask("fire", ["Safety"], D(2023, 2, 1), active_months=12)
    staff.ask("new", ["Fire"], D(2023, 2, 1), whom=[{"person": staff.person("b")}])
    assert told(staff) == [("b", "What is required changed")]
    staff.ask("fire", ["Safety"], D(2023, 3, 1), D(2023, 3, 1))
    assert told(staff) == [
        ("a", "What is required changed"),
        ("b", "What is required changed"),
        ("b", "What is required changed"),
        ("c", "What is required changed"),
    ]


@settings(max_examples=15, deadline=None)
@given(asked_histories(), DAYS)
def test_changes_come_to_the_difference_of_the_figures(asked: Any, day: date) -> None:
    case, days = asked
    with transaction.atomic():
        record(case)
        for (as_of, known), (other, later) in zip(days[:4], days[4:8], strict=True):
            before = Question(min(as_of, other), min(known, later))
            after = Question(max(as_of, other), max(known, later))
            everything = changes.between(before, after)
            told = {
                key: changes.between(
                    *(replace(one, requirements=(key,)) for one in (before, after))
                )
                for key in Requirement.objects.values_list("pk", flat=True)
            }
            for policy in Policy:
                assert by_site(everything, policy) == difference(before, after, policy, "site")
                assert once(told, policy) == difference(before, after, policy, "")
        transaction.set_rollback(True)


def once(told: dict[int, Changes], policy: Policy) -> dict[Any, Any]:
    """What the changes of everybody once come to, by requirement."""
    found: dict[Any, Any] = {}
    for requirement, one in told.items():
        sums = one.summed(policy)
        found[None, requirement] = (sum(s.numerator for s in sums), sum(s.of for s in sums))
    return {key: value for key, value in found.items() if value != (0, 0)}


def by_site(everything: Changes, policy: Policy) -> dict[Any, Any]:
    """What the changes come to, by site and requirement."""
    found: dict[Any, Any] = {}
    for one in everything.by_site:
        key = (one.site, one.requirement)
        was, effect = found.get(key, (0, 0)), one.effect(policy)
        found[key] = (was[0] + effect[0], was[1] + effect[1])
    return {key: value for key, value in found.items() if value != (0, 0)}


def difference(before: Question, after: Question, policy: Policy, by: str) -> dict[Any, Any]:
    """What the figures differ by, by group and requirement."""
    found: dict[Any, Any] = {}
    for sign, question in ((-1, before), (1, after)):
        for figure in figures(counting.tallies(question, by)):
            share = figure.share(policy)
            key = (figure.group, figure.requirement)
            was = found.get(key, (0, 0))
            found[key] = (was[0] + sign * share.numerator, was[1] + sign * share.denominator)
    return {key: value for key, value in found.items() if value != (0, 0)}
