"""The pages that find somebody's second record, show both, make them one, and undo it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from school.people.merging import merge_people
from school.people.models import Person, PersonMerge
from school.people.network import ensure_network
from school.people.queries import identity
from school.people.roles import ADMINISTRATOR, COORDINATOR, PRACTICE_EDUCATOR, STUDENT
from tests.people.cast import a_person, a_site, holds, signed_in, with_account, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return with_account("Ada Ash", ADMINISTRATOR)


@pytest.fixture
def desk(ada: Person) -> Client:
    return signed_in(ada, with_app(ada))


def found(client: Client, person: Person, who: str) -> list[str]:
    page = client.get(f"/people/{person.uuid}/merge/", {"who": who})
    return [row["person"].name for row in page.context["listed"]]


def test_other_is_found_by_a_part_of_the_name_or_the_exact_address(desk: Client) -> None:
    dilys = with_account("Dilys Sampleby")
    a_person("D. Sampleby", "other@trust.example")
    a_person("Cy Cedar", "cy@trust.example")
    assert found(desk, dilys, "sampleb") == ["D. Sampleby"]
    assert found(desk, dilys, "OTHER@trust.example") == ["D. Sampleby"]
    assert found(desk, dilys, "trust.example") == []
    assert found(desk, dilys, "Ada") == []


def test_search_takes_as_many_queries_for_30_people_as_for_1(desk: Client) -> None:
    dilys = with_account("Dilys Sampleby")
    counts = []
    for number in (1, 29):
        for n in range(number):
            holds(a_person(f"Person {number}-{n}"), STUDENT, ensure_network())
        with CaptureQueriesContext(connection) as taken:
            assert len(found(desk, dilys, "Person")) == (1 if number == 1 else 30)
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_both_are_shown_made_one_and_two_again(desk: Client, ada: Person) -> None:
    elm = a_site()
    dilys = with_account("Dilys Sampleby", PRACTICE_EDUCATOR, scope=elm.scope)
    again = with_account("Again Sampleby", COORDINATOR)
    address = f"/people/{dilys.uuid}/merge/{again.uuid}/"
    page = desk.get(address)
    for words in (
        "dilys@trust.example",
        "again@trust.example",
        "Practice educator, Elm Hospital",
        "Placement coordinator, The PET-CT network",
        "The account of Again Sampleby is closed at once",
    ):
        assert words in page.content.decode()
    assert PersonMerge.objects.count() == 0
    sent = {"uuid": str(page.context["form"].initial["uuid"])}
    response = desk.post(address, sent, follow=True)
    assert "Dilys Sampleby and Again Sampleby are one person now." in response.content.decode()
    assert desk.post(address, sent).status_code == 302
    merge = PersonMerge.objects.get()
    assert (merge.kept, merge.merged, merge.entry.actor) == (dilys, again, ada.uuid)
    for person, other in ((dilys, again), (again, dilys)):
        assert f"/people/{other.uuid}/roles/" in _text(desk, f"/people/{person.uuid}/roles/")
    assert "Close the account" in _text(desk, f"/people/{dilys.uuid}/roles/")
    assert "Reopen the account" not in _text(desk, f"/people/{again.uuid}/roles/")
    response = desk.post(
        f"/people/{again.uuid}/merge/{merge.entry.uuid}/undo/", {"uuid": str(uuid4())}, follow=True
    )
    assert "are two people again" in response.content.decode()
    assert identity(dilys) == [dilys.pk]
    assert "Reopen the account" in _text(desk, f"/people/{again.uuid}/roles/")


def _text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_pair_that_cannot_be_made_one_has_no_button_and_says_what_to_do(desk: Client) -> None:
    dilys, again = a_person("Dilys Sampleby"), with_account("Again Sampleby")
    address = f"/people/{dilys.uuid}/merge/{again.uuid}/"
    for page in (desk.get(address), desk.post(address, {"uuid": str(uuid4())})):
        text = page.content.decode()
        assert "Keep Again Sampleby instead." in text
        assert f"/people/{again.uuid}/merge/{dilys.uuid}/" in text
        assert "Make them one person" not in text
    assert PersonMerge.objects.count() == 0


def test_merge_is_undone_only_from_the_page_of_one_of_the_two(desk: Client, ada: Person) -> None:
    dilys, again, cy = with_account("Dilys Sampleby"), a_person("D. S."), a_person("Cy Cedar")
    merge = merge_people(kept=dilys, merged=again, by=ada, uuid=uuid4())
    response = desk.post(
        f"/people/{cy.uuid}/merge/{merge.entry.uuid}/undo/", {"uuid": str(uuid4())}
    )
    assert (response.status_code, identity(dilys)) == (404, sorted([dilys.pk, again.pk]))


def test_administrators_own_page_offers_no_merge(desk: Client, ada: Person) -> None:
    assert f"/people/{ada.uuid}/merge/" not in _text(desk, f"/people/{ada.uuid}/roles/")
