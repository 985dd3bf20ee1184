"""The page of tokens: made with a proof, shown once, ended on the same page."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from school.core import clock
from school.coverage.models import ApiToken
from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER, SCHOOL_EDUCATOR, WORKFORCE_MANAGER, Role
from tests import factories as make
from tests.people.test_proof import age
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
PAGE = "/coverage/tokens/"


def holder(role: Role = WORKFORCE_MANAGER) -> Person:
    """Somebody with a role of the whole network."""
    person = make.make_person(f"Some {role.name}")
    make.make_grant(person, role, ensure_network())
    return person


def sent(**changes: str) -> dict[str, str]:
    """A form for a token, filled in."""
    last = clock.today() + timedelta(days=30)
    day = {f"expires_on_{part}": str(getattr(last, part)) for part in ("day", "month", "year")}
    return {"uuid": str(uuid4()), "name": "Dashboard", "scope": "names", **day, **changes}


def secret_in(page: str) -> str:
    """The secret that a page shows; empty when it shows none."""
    found = re.search(r'id="secret">([^<]+)<', page)
    return found.group(1) if found else ""


def test_token_is_made_shown_once_and_used(client: Any) -> None:
    person = holder()
    page, form = browser(person), sent()
    answer = page.post(PAGE, form)
    secret = secret_in(answer.content.decode())
    assert (answer.status_code, len(secret), "no-store" in answer["Cache-Control"]) == (
        200,
        43,
        True,
    )
    assert (
        client.get("/api/lines", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    )
    for again in (page.post(PAGE, form), page.get(PAGE)):
        assert secret not in again.content.decode()
    shown = page.get(PAGE).content.decode()
    assert ("Dashboard" in shown, "Last used" in shown) == (True, True)
    assert ApiToken.objects.count() == 1


def test_what_is_wrong_stands_at_its_field() -> None:
    answer = browser(holder(REPORT_VIEWER)).post(PAGE, sent())
    shown = answer.content.decode()
    assert (answer.status_code, "gives figures alone" in shown, "Dashboard" in shown) == (
        422,
        True,
        True,
    )
    assert browser(holder()).post(PAGE, sent(name="")).status_code == 422


def test_making_one_asks_for_a_proof_and_loses_nothing() -> None:
    client = browser(holder())
    age(client, 16 * 60)
    answer = client.post(PAGE, sent())
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/prove/")
    assert not ApiToken.objects.exists()


def test_token_is_ended_on_the_page_by_its_maker_alone() -> None:
    client = browser(holder())
    client.post(PAGE, sent())
    key = str(ApiToken.objects.get().uuid)
    other = browser(holder(REPORT_VIEWER))
    for wrong in (key, "x"):
        assert other.post(PAGE, {"end": wrong}).status_code == 404
    assert key not in other.get(PAGE).content.decode()
    assert client.post(PAGE, {"end": key}).status_code == 302
    assert ApiToken.objects.get().ended_at is not None
    assert key not in client.get(PAGE).content.decode()


def test_who_sees_no_coverage_makes_no_token() -> None:
    client = browser(holder(SCHOOL_EDUCATOR))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, sent()).status_code == 403


def test_page_asks_the_same_for_one_token_and_for_many() -> None:
    person = holder()
    client = browser(person)
    last = clock.today()
    rows = [
        ApiToken(person=person, name=f"T{n}", scope="figures", token_hash=str(n), expires_on=last)
        for n in range(31)
    ]
    rows[0].save()
    client.get(PAGE)
    one = queries_of(client, PAGE)
    ApiToken.objects.bulk_create(rows[1:])
    many = queries_of(client, PAGE)
    assert (many == one, many <= 12) == (True, True), (one, many)
