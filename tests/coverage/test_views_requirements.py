"""Requirements by page: in force, to come and ended, each with its versions over time."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from school.core import clock
from school.coverage.models import Requirement, RequirementDraft
from tests.coverage.making import Staff, manager
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db

LIST = "/coverage/requirements/"


@pytest.fixture
def client() -> Client:
    """The browser of a workforce manager."""
    return browser(manager())


def test_requirements_stand_by_whether_they_are_in_force(client: Client) -> None:
    staff, today = Staff(), clock.today()
    assert "Nothing is asked yet" in client.get(LIST).content.decode()
    staff.ask("now", ["A"], today - timedelta(days=900), active_months=12)
    staff.ask("now", ["A"], today - timedelta(days=100), active_months=24)
    staff.ask("ended", ["A"], today - timedelta(days=900), today - timedelta(days=10))
    staff.ask("coming", ["A"], today + timedelta(days=10), known=today)
    RequirementDraft.objects.create(code="d", name="A draft")
    answer = client.get(LIST)
    lists = {title: [row.version.requirement.code for row in rows] for title, rows in answer.context["lists"]}  # fmt: skip
    assert lists == {"In force today": ["now"], "To come": ["coming"], "Ended": ["ended"]}
    shown = answer.content.decode()
    assert "Every 2 years, for everybody in post" in shown
    assert "decide how long it satisfies" in shown


def test_requirement_shows_its_versions_and_today(client: Client) -> None:
    staff, today = Staff(), clock.today()
    for name in "ab":
        staff.term(name, "Elm", "Radiographer", date(2020, 1, 1))
    staff.attain("a", "A", today - timedelta(days=30))
    first = staff.ask("fire", ["A"], date(2024, 4, 1), active_months=12)
    staff.ask("fire", ["A", "B"], date(2026, 4, 1), whom=[{"crew": "static"}], active_months=24)
    corrected = staff.ask("fire", ["A"], date(2024, 4, 1), active_months=18, supersedes=first)
    found = Requirement.objects.get()
    answer = client.get(f"{LIST}{found.uuid}/")
    assert [row.how for row in answer.context["rows"]] == ["every 2 years", "every 18 months"]
    [was] = answer.context["corrected"]
    assert (was.version, was.corrected_on) == (first, corrected.entry.known_from)
    shown = answer.content.decode()
    assert "Satisfied by A, or B." in shown
    assert "1 of 2 (50.0 %) by headcount" in shown
    uuid = uuid4()
    begun = client.post(f"{LIST}{found.uuid}/next/", {"uuid": str(uuid)})
    assert begun.url == f"{LIST}drafts/{uuid}/"  # type: ignore[attr-defined]
    assert client.get(begun.url).status_code == 200  # type: ignore[attr-defined]
    assert client.post(f"{LIST}{found.uuid}/next/", {"uuid": "no"}).status_code == 302
    assert RequirementDraft.objects.count() == 2


def test_lists_take_as_many_queries_for_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    staff = Staff()
    for number in range(30):
        staff.ask(f"r{number}", ["A"], date(2024, 4, 1), active_months=12)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)
    where = f"{LIST}{Requirement.objects.all()[0].uuid}/"
    client.get(where)
    with django_assert_max_num_queries(12):
        client.get(where)
