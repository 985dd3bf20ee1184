"""Exemptions by page, from somebody's passport."""

from datetime import date
from uuid import uuid4

import pytest

from school.coverage.models import Exemption
from school.people.models import AccessLog
from school.people.roles import SITE_LEAD
from tests.coverage.making import Staff
from tests.people.cast import with_account
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


def test_site_lead_gives_and_ends_an_exemption() -> None:
    staff = Staff()
    staff.term("a", "Elm", "Radiographer", date(2020, 1, 1))
    staff.term("b", "Oak", "Radiographer", date(2020, 1, 1))
    staff.ask("fire", ["Fire"], date(2024, 1, 1), active_months=24)
    person = staff.person("a")
    client = browser(with_account("Lee Lead", SITE_LEAD, scope=staff.site("Elm").scope))
    where = f"/coverage/exemptions/{person.uuid}/"
    assert where in client.get(f"/coverage/passport/{person.uuid}/").content.decode()
    assert "Exempt from nothing" in client.get(where).content.decode()
    days = {f"{name}_{part}": value for name, day in (("starts", date(2026, 9, 1)), ("ends", date(2027, 8, 31))) for part, value in (("day", day.day), ("month", day.month), ("year", day.year))}  # fmt: skip
    typed = {"requirement": "fire", "reason": "Works elsewhere.", "uuid": str(uuid4()), **days}
    assert client.post(where, typed | {"ends_year": ""}).status_code == 422
    assert client.post(where, typed).status_code == 302
    again = client.post(where, typed | {"uuid": str(uuid4())})
    assert (again.status_code, set(again.context["form"].errors)) == (422, {"starts"})
    shown = client.get(where).content.decode()
    assert "Works elsewhere." in shown
    one = Exemption.objects.get()
    change = f"{where}{one.entry.uuid}/"
    assert client.get(change).status_code == 200
    assert client.post(change, {"uuid": str(uuid4()), **days}).status_code == 422
    assert client.post(change, {"uuid": str(uuid4())}).status_code == 302
    assert "Works elsewhere." not in client.get(where).content.decode()
    assert client.get(change).status_code == 404
    other = staff.person("b")
    assert client.get(f"/coverage/exemptions/{other.uuid}/").status_code == 404
    assert set(AccessLog.objects.values_list("person", flat=True)) == {person.pk}
