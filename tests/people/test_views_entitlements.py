"""The pages of what somebody is entitled to do: adding, reviewing, ending, and who may look."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from school.people.models import AccessLog, Entitlement, Person
from school.people.roles import SITE_LEAD, STUDENT, WORKFORCE_MANAGER
from tests.coverage.making import Staff
from tests.people.cast import with_account
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.term("tess", "North", "Radiographer", D(2020, 1, 1))
    return made


@pytest.fixture
def lead(staff: Staff) -> Client:
    return browser(with_account("Lena Lead", SITE_LEAD, scope=staff.site("North").scope))


def page(staff: Staff) -> str:
    return f"/people/{staff.person('tess').uuid}/entitlements/"


def typed(staff: Staff, **changed: str) -> dict[str, Any]:
    data = {
        "employer": str(staff.site("North").organisation.uuid),
        "practice": "operator_ct",
        "uuid": str(uuid4()),
    }
    for name, day in (("first", "2026-1-2"), ("review_on", "2027-1-2")):
        data |= split(name, day)
    return data | changed


def split(name: str, day: str) -> dict[str, str]:
    return {
        f"{name}_{part}": value
        for part, value in zip(("year", "month", "day"), day.split("-"), strict=True)
    }


def test_a_lead_adds_reviews_and_ends(staff: Staff, lead: Client) -> None:
    answer = lead.post(page(staff), typed(staff), follow=True)
    text = answer.content.decode()
    assert "Operator: CT exposures: Staff tess is entitled to it from 2 January 2026." in text
    assert "In force" in text
    [made] = Entitlement.objects.all()
    again = f"{page(staff)}{made.entry.uuid}/"
    assert 'value="2027"' in lead.get(again).content.decode()
    keep = {"uuid": str(uuid4()), **split("review_on", "2028-1-2")}
    told = lead.post(again, keep, follow=True).content.decode()
    assert "The next review is on 2 January 2028." in told
    assert lead.get(again).status_code == 404, "another took its place"
    newest = Entitlement.objects.standing().get()
    end = {"uuid": str(uuid4()), **split("review_on", "2028-1-2"), **split("last", "2026-3-1")}
    ended = lead.post(f"{page(staff)}{newest.entry.uuid}/", end, follow=True).content.decode()
    assert "The entitlement ends on 1 March 2026." in ended
    assert "Review or end" not in ended
    looked = AccessLog.objects.values_list("person__name", flat=True)
    assert set(looked) == {"Staff tess"}


def test_what_was_typed_is_kept_when_it_is_refused(staff: Staff, lead: Client) -> None:
    answer = lead.post(page(staff), typed(staff, employer=""))
    assert answer.status_code == 422
    assert "Choose the employer who entitles them" in answer.content.decode()
    assert 'value="2027"' in answer.content.decode()
    lead.post(page(staff), typed(staff))
    twice = lead.post(page(staff), typed(staff))
    assert twice.status_code == 422
    assert "to it already, from 2 January 2026" in twice.content.decode()
    assert Entitlement.objects.count() == 1


def test_an_overdue_review_is_said(staff: Staff, lead: Client) -> None:
    lead.post(page(staff), typed(staff, **split("review_on", "2026-2-1")))
    assert "Review overdue" in lead.get(page(staff)).content.decode()


def test_everybody_sees_their_own_and_changes_nothing(staff: Staff) -> None:
    manager: Person = with_account("Mona Manager", WORKFORCE_MANAGER)
    own = f"/people/{manager.uuid}/entitlements/"
    client = browser(manager)
    text = client.get(own).content.decode()
    assert "No entitlement on record" in text
    assert "Add an entitlement" not in text
    assert client.post(own, typed(staff)).status_code == 403
    student = with_account("Stu Dent", STUDENT)
    assert browser(student).get(f"/people/{student.uuid}/entitlements/").status_code == 200


def test_elsewhere_and_without_the_role_nothing_is_seen(staff: Staff) -> None:
    south = with_account("Sue South", SITE_LEAD, scope=staff.site("South").scope)
    assert browser(south).get(page(staff)).status_code == 404
    assert browser(with_account("Stu Dent", STUDENT)).get(page(staff)).status_code == 403
