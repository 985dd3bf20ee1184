"""What has changed since, as a page and as files."""

import re
from datetime import date
from typing import Any

import pytest

from school.people.models import AccessLog
from school.people.roles import REPORT_VIEWER, SITE_LEAD, STUDENT
from tests.coverage.reports import Network
from tests.people.cast import with_account
from tests.placements.browsers import browser, words

pytestmark = pytest.mark.django_db
D = date
PAGE = "/coverage/changes/?as_of=2016-12-31&known_on=2017-06-01&since=2016-12-31&since_known_on=2017-01-05"


@pytest.fixture
def network() -> Network:
    made = Network()
    for name in "jkx":
        made.staff.attain(name, "Fire", D(2016, 11, 1), known=D(2017, 3, 1))
    return made


def test_those_who_make_the_difference_stand_by_name(
    network: Network, django_assert_max_num_queries: Any
) -> None:
    client = browser(network.ann)
    client.get(PAGE)
    # Two questions and what lies between them: what each change rests on is asked when there is one.
    with django_assert_max_num_queries(14):
        page = words(client.get(PAGE))
    assert [name for name in "ijklx" if f"Staff {name}" in page] == ["j", "k", "x"]
    assert "Had it, which was recorded later" in page
    # In the words of the lists of people.
    assert "Site North: missing, then in date" in page
    assert "+3" in page


def test_figures_on_either_side_stand_beside_what_lies_between(network: Network) -> None:
    client = browser(network.ann)
    page = words(client.get(PAGE))
    for known in ("2017-01-05", "2017-06-01"):
        there = words(client.get(f"/coverage/?as_of=2016-12-31&known_on={known}"))
        [figure] = re.findall(r"<strong>(\d+ of \d+)</strong> required trainings", there)
        assert f"<strong>{figure}</strong>" in page


def test_a_day_gone_by_leads_to_what_was_recorded_of_it_later(network: Network) -> None:
    client = browser(network.ann)
    page = words(client.get("/coverage/?as_of=2016-12-31&known_on=2017-01-05"))
    [link] = re.findall(r'href="([^"]+)">What was recorded of that day after 5 January 2017', page)
    there = words(client.get(link.replace("&amp;", "&")))
    assert [name for name in "ijklx" if f"Staff {name}" in there] == ["j", "k", "x"]
    page = words(client.get("/coverage/?as_of=2016-12-31"))
    assert "What was recorded of that day after 31 December 2016" in page
    assert "What was recorded of that day" not in words(client.get("/coverage/"))


def test_names_are_of_the_sites_that_one_sees(network: Network) -> None:
    lead = with_account("Lena Lead", SITE_LEAD, scope=network.staff.site("South").scope)
    page = words(browser(lead).get(PAGE))
    assert [name for name in "jkx" if f"Staff {name}" in page] == ["x"]
    page = words(browser(with_account("Vera Viewer", REPORT_VIEWER)).get(PAGE))
    assert ("Staff" in page, "+3" in page) == (False, True)
    assert browser(with_account("Sue Student", STUDENT)).get(PAGE).status_code == 403


def test_file_holds_the_people(network: Network) -> None:
    client = browser(network.ann)
    answer = client.get(PAGE.replace("changes/?", "changes/file/csv/?"))
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert "from 31 December 2016, as known on 5 January 2017" in lines[0]
    assert [line.split(",")[0] for line in lines[2:]] == ["Staff j", "Staff k", "Staff x"]
    assert set(AccessLog.objects.values_list("person__name", flat=True)) == {
        "Staff j", "Staff k", "Staff x",
    }  # fmt: skip
    assert client.get("/coverage/changes/file/txt/").status_code == 404


def test_days_that_cannot_be_compared_are_told(network: Network) -> None:
    client = browser(network.ann)
    assert client.get("/coverage/changes/").status_code == 200
    answer = client.get("/coverage/changes/?as_of=2016-12-31&since=2017-12-31")
    assert answer.status_code == 422
    assert "Compare with the same day or an earlier one" in words(answer)
