"""What holds for every answer, whoever made it."""

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_pages_of_the_signed_in_are_kept_by_nobody(client: Client) -> None:
    visited = client.get("/help-me-not/")
    assert "Cache-Control" not in visited
    client.force_login(make.make_person("Alice Amber").user)
    assert client.get("/my-learning/")["Cache-Control"] == "private, no-store"


def test_answer_that_says_who_may_keep_it_stays_as_it_is(client: Client) -> None:
    client.force_login(make.make_person("Alice Amber").user)
    assert client.get("/calendars/courses.ics")["Cache-Control"] == "public, max-age=900"


@pytest.mark.engine
@pytest.mark.parametrize(
    "address", ["/calendars/%00.ics", "/media/images/%00", "/verify/%00/", "/%00/"]
)
def test_nothing_is_found_at_an_address_with_a_nul(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
