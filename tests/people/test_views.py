"""The people pages: who may use them, what they show and say; the header; hats."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from school.core import clock
from school.people.models import Mail, Person, RoleGrant
from school.people.network import ensure_network
from school.people.queries import hats
from school.people.roles import ADMINISTRATOR, COORDINATOR, PRACTICE_EDUCATOR, ROLES, STUDENT
from tests.people.cast import (
    a_person,
    a_site,
    everyone_by_role,
    holds,
    signed_in,
    with_account,
    with_app,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return with_account("Ada Ash", ADMINISTRATOR)


@pytest.fixture
def desk(ada: Person) -> Client:
    return signed_in(ada, with_app(ada))


def a_form(scope: object, **more: str) -> dict[str, str]:
    today = clock.today()
    return {
        "role": "practice_educator",
        "scope": str(scope.uuid),  # type: ignore[attr-defined]
        "from_day_day": str(today.day),
        "from_day_month": str(today.month),
        "from_day_year": str(today.year),
        "uuid": "0b0b0b0b-0000-4000-8000-000000000001",
        **more,
    }


def test_only_administrators_list_people_and_coordinators_invite_too() -> None:
    seen: dict[str, tuple[int, int]] = {}
    for key, person in everyone_by_role().items():
        secret = with_app(person) if ROLES[key].second_factor else ""
        client = signed_in(person, secret)
        seen[key] = (client.get("/people/").status_code, client.get("/people/invite/").status_code)
    assert seen == {
        key: (200, 200) if key == "administrator" else (403, 200 if key == "coordinator" else 403)
        for key in ROLES
    }


def test_list_narrows_to_names_and_roles(desk: Client) -> None:
    with_account("Bob Birch", COORDINATOR)
    a_person("Alice Amber", "alice@trust.example")
    for query, names in (
        ("name=ALICE", ["Alice Amber"]),
        ("role=coordinator", ["Bob Birch"]),
        ("name=zzz", []),
    ):
        page = desk.get(f"/people/?{query}")
        assert [row["person"].name for row in page.context["listed"]] == names


def test_list_takes_as_many_queries_for_30_people_as_for_1(desk: Client) -> None:
    counts = []
    for number in (1, 29):
        for n in range(number):
            holds(a_person(f"Person {number}-{n}"), STUDENT, ensure_network())
        with CaptureQueriesContext(connection) as taken:
            desk.get("/people/")
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_invitation_page_invites_and_says_so(desk: Client) -> None:
    form = a_form(a_site().scope, name="Bob Birch", email="Bob@trust.example")
    response = desk.post("/people/invite/", form, follow=True)
    assert (
        "An invitation to Bob Birch is on its way to bob@trust.example" in response.content.decode()
    )
    bob = Person.objects.get(email="bob@trust.example")
    assert [hat.label for hat in hats(bob)] == ["Practice educator, Elm Hospital"]
    assert Mail.objects.get().address == "bob@trust.example"


def test_inviting_someone_with_an_account_says_so(desk: Client) -> None:
    bob = with_account("Bob Birch", STUDENT)
    form = a_form(a_site().scope, name="Robert", email="BOB@trust.example")
    response = desk.post("/people/invite/", form, follow=True)
    assert "Bob Birch has an account already" in response.content.decode()
    assert [hat.role.key for hat in hats(bob)] == ["student", "practice_educator"]


def test_coordinator_cannot_give_an_administrators_role_by_a_forged_form() -> None:
    cora = with_account("Cora Coral", COORDINATOR)
    client = signed_in(cora, with_app(cora))
    form = a_form(ensure_network(), name="Eve", email="eve@trust.example", role="administrator")
    page = client.post("/people/invite/", form)
    assert (page.status_code, Person.objects.filter(name="Eve").count()) == (200, 0)


def test_role_is_given_and_ended_on_the_persons_page(desk: Client) -> None:
    bob, site = with_account("Bob Birch"), a_site()
    address = f"/people/{bob.uuid}/roles/"
    for _ in range(2):
        response = desk.post(address, a_form(site.scope), follow=True)
        assert "Bob Birch is practice educator for Elm Hospital" in response.content.decode()
    grant = RoleGrant.objects.standing().get(person=bob)
    today = clock.today()
    response = desk.post(
        f"{address}{grant.entry.uuid}/end/",
        {
            "last_day_day": today.day,
            "last_day_month": today.month,
            "last_day_year": today.year,
            "uuid": "0c0c0c0c-0000-4000-8000-000000000001",
        },
    )
    assert response["Location"] == address
    assert RoleGrant.objects.standing().get(person=bob).entry.about_to == today


def test_role_given_by_mistake_is_taken_back_on_the_page(desk: Client) -> None:
    bob = with_account("Bob Birch")
    grant = holds(bob, COORDINATOR, ensure_network())
    before = grant.entry.about_from - timedelta(days=1)
    address = f"/people/{bob.uuid}/roles/"
    end = f"{address}{grant.entry.uuid}/end/"
    assert "takes back a role given by mistake" in desk.get(end).content.decode()
    typed = {
        "last_day_day": before.day,
        "last_day_month": before.month,
        "last_day_year": before.year,
        "uuid": "0c0c0c0c-0000-4000-8000-000000000002",
    }
    page = desk.post(end, typed, follow=True).content.decode()
    assert "The role was taken back from its first day." in page
    assert "No roles yet." in page
    assert hats(bob) == []
    cancelled = RoleGrant.objects.standing().get(person=bob)
    assert desk.get(f"{address}{cancelled.entry.uuid}/end/").status_code == 404


def test_role_of_one_person_is_not_ended_under_anothers_name(desk: Client) -> None:
    bob, cy = with_account("Bob Birch"), with_account("Cy Cedar")
    grant = holds(bob, COORDINATOR, ensure_network())
    assert desk.get(f"/people/{cy.uuid}/roles/{grant.entry.uuid}/end/").status_code == 404


def test_administrators_own_page_offers_no_change(desk: Client, ada: Person) -> None:
    page = desk.get(f"/people/{ada.uuid}/roles/").content.decode()
    assert "Nobody changes their own roles" in page
    response = desk.post(f"/people/{ada.uuid}/roles/", a_form(a_site().scope))
    assert "their own roles" in response.content.decode()
    assert len(hats(ada)) == 1


def test_account_is_closed_and_invitation_sent_from_the_page(desk: Client) -> None:
    bob, cy = with_account("Bob Birch", STUDENT), a_person("Cy Cedar", "cy@trust.example")
    desk.post(f"/people/{bob.uuid}/account/", {"open": "no"})
    bob.user.refresh_from_db()
    assert bob.user.is_active is False
    desk.post(f"/people/{cy.uuid}/invite/")
    assert Mail.objects.get(kind="invitation").address == "cy@trust.example"


def test_header_names_person_hat_and_links_of_the_hat() -> None:
    alice = with_account("Alice Amber", STUDENT)
    holds(alice, PRACTICE_EDUCATOR, a_site().scope)
    client = signed_in(alice)
    chrome = client.get("/account/").context["chrome"]
    assert (chrome["person_name"], chrome["hat"]) == (
        "Alice Amber",
        "Student, The PET-CT network",
    )
    (other,) = chrome["hats"]
    assert other["label"] == "Practice educator, Elm Hospital"
    assert client.get(other["url"]).status_code == 405
    client.post(other["url"])
    chrome = client.get("/account/").context["chrome"]
    assert chrome["hat"] == "Practice educator, Elm Hospital"


def test_hat_of_somebody_else_cannot_be_worn() -> None:
    scope = a_site().scope
    with_account("Bob Birch", PRACTICE_EDUCATOR, scope=scope)
    client = signed_in(with_account("Alice Amber", STUDENT))
    assert client.post(f"/account/hat/practice_educator/{scope.uuid}/").status_code == 404
