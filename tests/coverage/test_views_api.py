"""What other systems read with a token, and what nobody reads without one."""

import base64
import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from openapi_spec_validator import validate

from school.core import clock
from school.coverage.actions.tokens import make_token
from school.coverage.figures import CONVENTIONS
from school.coverage.models import ApiToken
from school.coverage.views.api import api
from school.people.actions import end_grant
from school.people.models import AccessLog, Person, RoleGrant, Scope
from school.people.network import ensure_network
from school.people.roles import ADMINISTRATOR, REPORT_VIEWER, SITE_LEAD, WORKFORCE_MANAGER, Role
from tests import factories as make
from tests.coverage.making import Staff
from tests.placements.browsers import browser, counted

pytestmark = pytest.mark.django_db
FIGURES, NAMES = ApiToken.Scope.FIGURES, ApiToken.Scope.NAMES
THEN = "as_of=2021-12-31"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def staff() -> Staff:
    """At North a who is in date and b who is known to be so later, at South c who never had it."""
    made = Staff()
    for name, site in (("a", "North"), ("b", "North"), ("c", "South")):
        made.term(name, site, "Radiographer", date(2020, 1, 1))
    made.ask("fire", ["Fire"], date(2020, 1, 1), active_months=12)
    made.attain("a", "Fire", date(2021, 6, 1))
    made.attain("b", "Fire", date(2021, 6, 1), known=date(2022, 2, 1))
    return made


def holder(role: Role = WORKFORCE_MANAGER, scope: Scope | None = None) -> Person:
    """Somebody with a role, of the whole network unless a scope is given."""
    person = make.make_person(f"{role.name} {uuid4().hex[:4]}")
    make.make_grant(person, role, scope or ensure_network())
    return person


def token_of(person: Person, scope: str = FIGURES) -> str:
    """The secret of a new token of somebody's."""
    last = clock.today() + timedelta(days=30)
    return make_token(by=person, name="A test", scope=scope, expires_on=last, uuid=uuid4())[1]


def end(grant: RoleGrant) -> None:
    """A role ended yesterday."""
    yesterday = clock.today() - timedelta(days=1)
    end_grant(grant=grant, last_day=yesterday, by=holder(ADMINISTRATOR))


def asked(secret: str, address: str, status: int = 200) -> Any:
    """What is answered at an address of the API, as JSON."""
    answer = Client(headers={"authorization": f"Bearer {secret}"}).get(f"/api/{address}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_figures_as_of_and_known_on_a_day_with_all_that_explains_them(staff: Staff) -> None:
    secret = token_of(holder())
    found = {
        known: {
            row["group"]: (row["numerator"], row["denominator"], row["percent"])
            for row in asked(secret, f"coverage?{THEN}&known_on={known}&by=site")["rows"]
        }
        for known in ("2021-12-31", "2022-02-01")
    }
    assert found == {
        "2021-12-31": {"Site North": (1, 2, "50.0"), "Site South": (0, 1, "0.0")},
        "2022-02-01": {"Site North": (2, 2, "100.0"), "Site South": (0, 1, "0.0")},
    }
    said = asked(secret, f"coverage?{THEN}&policy=headcount")
    today = clock.today().isoformat()
    assert (said["as_of"], said["known_on"], said["policy"]) == ("2021-12-31", today, "headcount")
    assert said["definition"] == "headcount: in date of all in post of whom it is asked."
    assert said["conventions"] == list(CONVENTIONS)


def test_figures_come_in_pages(staff: Staff) -> None:
    secret = token_of(holder())
    first = asked(secret, f"coverage?{THEN}&by=site&limit=1&requirement=fire")
    second = asked(secret, first["next"].partition("/api/")[2])
    assert [page["rows"][0]["group"] for page in (first, second)] == ["Site North", "Site South"]
    assert second["next"] is None


def test_csv_has_the_same_figures_and_its_header_first(staff: Staff) -> None:
    secret = token_of(holder())
    password = base64.b64encode(f"anybody:{secret}".encode()).decode()
    client = Client(headers={"authorization": f"Basic {password}"})
    answer = client.get(f"/api/coverage.csv?{THEN}&by=site")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    same = asked(secret, f"coverage?{THEN}&by=site")["rows"]
    assert [(row["group"], row["numerator"]) for row in rows] == [
        (row["group"], str(row["numerator"])) for row in same
    ]
    assert (rows[0]["as_of"], rows[0]["policy"]) == ("2021-12-31", "adjusted")
    assert rows[0]["definition"].startswith("adjusted: in date of all")
    assert "28 days" in rows[0]["conventions"]


def test_lines_name_people_in_pages_and_leave_a_trace(staff: Staff) -> None:
    staff.ask("drill", ["Fire"], date(2020, 1, 1), active_months=12)
    person = holder()
    secret = token_of(person, NAMES)
    address, found, pages = f"lines?{THEN}&limit=2", [], 0
    while address:
        page = asked(secret, address)
        assert page["conventions"] == list(CONVENTIONS)
        found += [(row["requirement"], row["name"], row["state"]) for row in page["rows"]]
        address, pages = (page["next"] or "").partition("/api/")[2], pages + 1
    states = (("Staff a", "in_date"), ("Staff b", "in_date"), ("Staff c", "missing"))
    assert found == [(code, *state) for state in states for code in ("fire", "drill")]
    assert pages == 3
    seen = AccessLog.objects.filter(viewer=person).values_list("person__name", flat=True)
    assert sorted(seen) == ["Staff a", "Staff b", "Staff c"]


def test_only_who_is_shown_is_in_the_access_log(staff: Staff) -> None:
    page = asked(token_of(holder(), NAMES), f"lines?{THEN}&limit=1")
    assert [row["name"] for row in page["rows"]] == ["Staff a"]
    assert AccessLog.objects.get().person.name == "Staff a"


def test_token_for_figures_names_nobody(staff: Staff) -> None:
    assert "figures alone" in asked(token_of(holder()), "lines", 403)["detail"]
    assert not AccessLog.objects.exists()


def test_site_leads_token_sees_that_site_only(staff: Staff) -> None:
    secret = token_of(holder(SITE_LEAD, staff.site("South").scope), NAMES)
    assert [row["name"] for row in asked(secret, f"lines?{THEN}")["rows"]] == ["Staff c"]
    assert [row["name"] for row in asked(secret, "sites")["rows"]] == ["Site South"]
    for by in ("site", "region", "organisation"):
        [row] = asked(secret, f"coverage?{THEN}&by={by}")["rows"]
        assert row["headcount_of"] == 1


def test_token_sees_what_its_maker_sees_now(staff: Staff) -> None:
    person = make.make_person("Wes Workforce")
    grant = make.make_grant(person, WORKFORCE_MANAGER, ensure_network())
    secret = token_of(person, NAMES)
    end(grant)
    make.make_grant(person, REPORT_VIEWER, ensure_network())
    assert asked(secret, f"coverage?{THEN}")["rows"]
    assert "figures alone" in asked(secret, f"lines?{THEN}", 403)["detail"]


def test_token_of_who_lost_every_role_sees_nothing(staff: Staff) -> None:
    person = make.make_person("Wes Workforce")
    grant = make.make_grant(person, WORKFORCE_MANAGER, ensure_network())
    secret = token_of(person, NAMES)
    end(grant)
    for address in ("coverage", "coverage.csv", "lines", "requirements", "sites"):
        assert "see training coverage" in asked(secret, address, 403)["detail"]


def test_token_of_who_left_or_whose_account_is_closed_is_nobodys(staff: Staff) -> None:
    gone, closed = holder(), holder()
    secrets = [token_of(gone), token_of(closed)]
    gone.left_on = clock.today() - timedelta(days=1)
    gone.save()
    assert closed.user is not None
    closed.user.is_active = False
    closed.user.save()
    for secret in secrets:
        asked(secret, "coverage", 401)


@pytest.mark.parametrize("address", ["coverage", "coverage.csv", "lines", "requirements", "sites"])
def test_without_a_token_nothing_is_answered_whoever_is_signed_in(address: str) -> None:
    answer = browser(holder()).get(f"/api/{address}")
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Unauthorized"}
    assert answer["WWW-Authenticate"].startswith("Bearer ")
    assert 'Basic realm="coverage"' in answer["WWW-Authenticate"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("way", ["wrong", "ended", "expired", "in the address"])
def test_token_that_is_none_opens_nothing(staff: Staff, way: str, time_machine: Any) -> None:
    secret = token_of(holder())
    asked(secret, "coverage")
    address = "coverage"
    if way == "ended":
        ApiToken.objects.update(ended_at=clock.now())
    elif way == "expired":
        time_machine.move_to(clock.now() + timedelta(days=31))
    elif way == "in the address":
        address = f"coverage?token={secret}"
    asked("" if way == "in the address" else secret + "x" * (way == "wrong"), address, 401)


def test_token_works_on_its_last_day(staff: Staff, time_machine: Any) -> None:
    secret = token_of(holder())
    time_machine.move_to(clock.now() + timedelta(days=30))
    asked(secret, "coverage")


def test_answer_makes_no_session_asks_for_no_second_factor_and_is_not_stored(staff: Staff) -> None:
    client = browser(holder(), second_factor=False)
    answer = client.get("/api/coverage", headers={"authorization": f"Bearer {token_of(holder())}"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert not answer.cookies


def test_too_many_questions_are_told_to_wait(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = token_of(holder()), token_of(holder())
    for operation in (
        op for _, path in api.default_router.path_operations.items() for op in path.operations
    ):
        for throttle in operation.throttle_objects:
            monkeypatch.setattr(throttle, "num_requests", 2)
    for _ in range(2):
        asked(one, "sites")
    answer = Client(headers={"authorization": f"Bearer {one}"}).get("/api/coverage")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    asked(other, "sites")


@pytest.mark.parametrize(
    ("address", "field", "words"),
    [
        ("coverage?as_of=31/12/2016", "as_of", "valid date"),
        ("coverage?as_of=0001-01-01", "as_of", "the year must be between 1900 and 2100"),
        ("coverage?known_on=2099-01-01", "known_on", "nothing is known from the future"),
        ("coverage?by=name", "by", "'site', 'region'"),
        ("coverage?policy=best", "policy", "'adjusted' or 'headcount'"),
        ("coverage?limit=0", "limit", "greater than or equal to 1"),
        ("coverage?asof=2016-12-31", "asof", "not asked here"),
        ("coverage?requirement=water", "requirement", "There are: fire."),
        ("coverage.csv?requirement=%00", "requirement", "There are: fire."),
        ("lines?after=x", "after", "valid integer"),
        ("requirements?by=site", "by", "not asked here"),
        ("sites?page=2", "page", "not asked here"),
    ],
)
def test_what_cannot_be_answered_is_said_by_parameter(
    staff: Staff, address: str, field: str, words: str
) -> None:
    said = asked(token_of(holder(), NAMES), address, 422)
    assert list(said["fields"]) == [field]
    assert words in said["fields"][field][0]


def test_requirements_are_told_as_of_a_day(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], date(2022, 1, 1), active_months=24, whom=[])
    secret = token_of(holder(REPORT_VIEWER))
    found = {
        day: [
            (row["code"], row["months"], row["courses"])
            for row in asked(secret, f"requirements?as_of={day}")["rows"]
        ]
        for day in ("2019-12-31", "2021-12-31", "2022-01-01")
    }
    assert found == {
        "2019-12-31": [],
        "2021-12-31": [("fire", 12, ["Fire"])],
        "2022-01-01": [("fire", 24, ["Fire"])],
    }


@pytest.mark.parametrize("address", ["coverage?by=site", "lines", "requirements", "sites"])
def test_an_answer_takes_few_queries(staff: Staff, address: str) -> None:
    secret = token_of(holder(), NAMES)
    asked(secret, address)
    with counted() as found:
        asked(secret, address)
    assert len(found) <= 12, found


def test_api_is_read_only(staff: Staff) -> None:
    client = Client(
        enforce_csrf_checks=True, headers={"authorization": f"Bearer {token_of(holder())}"}
    )
    assert client.post("/api/coverage").status_code == 405


def test_document_is_valid_openapi_and_names_no_other_host() -> None:
    answer = Client().get("/api/openapi.json")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    validate(answer.json())
    assert "://" not in answer.content.decode()
    assert set(answer.json()["paths"]) == {
        f"/api/{name}" for name in ("coverage", "coverage.csv", "lines", "requirements", "sites")
    }
    assert Client().get("/api/docs/").status_code == 404
