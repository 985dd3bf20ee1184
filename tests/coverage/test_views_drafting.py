"""Drafts by page: written with groups, tried by name, published, and closed to everybody else."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from school.core import clock
from school.coverage.models import RequirementDraft, RequirementVersion
from school.people.models import AccessLog, Person
from tests.coverage.making import Staff, manager
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db

MAKE = "/coverage/requirements/make/"
TYPED: dict[str, Any] = {
    "name": "Fire safety",
    "code": "fire-safety",
    "shape": "every",
    "active_months": "24",
    "renewal": "expiry",
    "window_months": "3",
    "grace_days": "60",
    "target_percent": "95",
    "source": "Policy 14",
    "starts_day": "1",
    "starts_month": "4",
    "starts_year": "2026",
    "course_0": "fire",
    "role_0": "radiographer",
    "crew_0": "static",
}


@pytest.fixture
def staff() -> Staff:
    """One who has it and one who never had it."""
    made = Staff()
    for name in "ab":
        made.term(name, "Elm", "Radiographer", date(2020, 1, 1))
    made.attain("a", "Fire", clock.today() - timedelta(days=30))
    return made


@pytest.fixture
def client(staff: Staff) -> Client:
    """The browser of a workforce manager."""
    return browser(manager())


def saved(client: Client, **typed: str) -> RequirementDraft:
    """The draft that is typed."""
    uuid = uuid4()
    answer = client.post(MAKE, TYPED | {"uuid": str(uuid)} | typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return RequirementDraft.objects.get(uuid=uuid)


def at(draft: RequirementDraft, page: str = "") -> str:
    """The address of a draft's page."""
    return f"/coverage/requirements/drafts/{draft.uuid}/{page}"


def test_draft_is_written_with_its_groups(client: Client, staff: Staff) -> None:
    person = staff.person("b")
    draft = saved(client, role_1="", person_1=person.email)
    assert draft.whom == f"person={person.uuid}|role=radiographer;crew=static"
    assert (draft.courses, draft.active_months, draft.window_months) == ("fire", 24, 3)
    assert (draft.decided, draft.starts) == (True, date(2026, 4, 1))
    shown = client.get(at(draft)).content.decode()
    assert str(person.uuid) in shown
    assert 'name="role_2"' in shown
    answer = client.post(at(draft), TYPED | {"shape": "open", "more": "1", "uuid": str(draft.uuid)})
    assert answer.url == at(draft) + "#whom"  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert (draft.decided, draft.whom) == (False, "role=radiographer;crew=static")


def test_what_is_typed_wrong_is_refused_and_stays(client: Client) -> None:
    typed = TYPED | {"uuid": str(uuid4()), "active_months": "", "person_0": "nobody@example.org"}
    answer = client.post(MAKE, typed | {"course_3": "", "role_3": "radiographer"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"active_months", "person_0"}
    shown = answer.content.decode()
    assert 'value="nobody@example.org"' in shown
    assert 'name="role_3"' in shown
    hours = client.post(MAKE, TYPED | {"uuid": str(uuid4()), "shape": "hours"})
    assert set(hours.context["form"].errors) == {"learning_minutes"}
    assert not RequirementDraft.objects.exists()


def test_box_of_a_place_that_no_page_has_is_passed_over(client: Client) -> None:
    typed = urlencode(TYPED | {"uuid": str(uuid4()), f"course_{'9' * 5000}": "", "role_²": ""})
    answer = client.post(MAKE, typed, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302


def test_draft_of_another_requirement_keeps_its_name(client: Client) -> None:
    saved(client)
    answer = client.post(MAKE, TYPED | {"uuid": str(uuid4()), "name": "Fires"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"name"})


def test_file_of_a_trial_takes_down_everybody_in_it(client: Client) -> None:
    draft = saved(client)
    answer = client.get(at(draft, "try/csv/"))
    assert b"Staff b" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert set(AccessLog.objects.values_list("person__name", flat=True)) >= {"Staff a", "Staff b"}


def test_trial_names_who_becomes_missing_and_takes_them_down(client: Client) -> None:
    draft = saved(client)
    shown = client.get(at(draft, "try/")).content.decode()
    assert "It would be asked of <b>2</b> people." in shown
    assert "Staff b" in shown
    assert set(AccessLog.objects.values_list("person__name", flat=True)) >= {"Staff a", "Staff b"}
    assert not RequirementVersion.objects.exists()
    day = clock.today() + timedelta(days=3 * 365)
    later = client.get(at(draft, "try/") + f"?as_of={day.isoformat()}").content.decode()
    assert "Would have expired" in later
    answer = client.get(at(draft, f"try/csv/?as_of={day.isoformat()}"))
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[:4] for line in lines[2:]] == [
        ["Staff a", "Site Elm", "Not asked", "Lapsed"],
        ["Staff b", "Site Elm", "Not asked", "Missing"],
    ]
    assert client.get(at(draft, "try/") + "?as_of=2026-13-01").status_code == 422
    assert client.get(at(draft, "try/csv/?as_of=2026-13-01")).status_code == 404


def test_draft_that_is_not_whole_says_what_is_missing(client: Client) -> None:
    draft = saved(client, shape="open")
    answer = client.get(at(draft, "try/"))
    assert "Decide how long it satisfies." in answer.content.decode()
    assert client.get(at(draft, "try/csv/")).status_code == 404
    seen = str(draft.history.latest().pk)
    page = client.post(at(draft, "publish/"), {"seen": seen}, follow=True)
    assert "Decide how long it satisfies." in page.content.decode()
    assert not RequirementVersion.objects.exists()


def test_published_draft_leads_to_its_requirement(client: Client) -> None:
    draft = saved(client, radiation="on")
    page = client.get(at(draft, "try/"))
    assert "Its first day has passed" in page.content.decode()
    sent = {"seen": str(page.context["seen"])}
    answer = client.post(at(draft, "publish/"), sent)
    version = RequirementVersion.objects.get()
    assert version.requirement.radiation
    where = f"/coverage/requirements/{version.requirement.uuid}/"
    assert answer.url == where  # type: ignore[attr-defined]
    assert client.post(at(draft, "publish/"), sent).url == where  # type: ignore[attr-defined]
    assert client.get(at(draft)).url == where  # type: ignore[attr-defined]
    assert client.get(at(draft, "try/")).url == where  # type: ignore[attr-defined]
    assert RequirementVersion.objects.count() == 1


def test_draft_is_thrown_away(client: Client) -> None:
    draft = saved(client)
    assert client.post(at(draft, "discard/")).status_code == 302
    assert client.get(at(draft)).status_code == 404
    assert client.get(at(draft, "try/")).status_code == 404


def test_trial_takes_as_many_queries_for_many(
    client: Client, staff: Staff, django_assert_max_num_queries: Any
) -> None:
    draft = saved(client)
    for number in range(30):
        staff.term(f"p{number}", f"S{number % 4}", "Radiographer", date(2020, 1, 1))
        staff.attain(f"p{number}", "Fire", date(2021, 1, 1))
    client.get(at(draft, "try/"))
    # As many however many people: most read what is in force, once each.
    with django_assert_max_num_queries(24):
        client.get(at(draft, "try/"))
    assert Person.objects.count() > 30
