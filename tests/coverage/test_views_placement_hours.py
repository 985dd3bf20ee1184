"""The page of placement hours: its three tables, as files, for whom, and at what cost."""

from typing import Any

import pytest

from school.core import clock, days
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER, SITE_LEAD, STUDENT
from tests import factories as make
from tests.coverage.test_views_workforce import said, signed_in
from tests.placements.browsers import queries_of
from tests.placements.test_as_known import lived
from tests.placements.test_views_tutor import table

pytestmark = pytest.mark.django_db
PAGE = "/coverage/hours/"


@pytest.fixture
def placement() -> Any:
    """Of a student with a bit of everything; 15 hours count."""
    ensure_network()
    return lived()[1]


def test_the_page_says_how_soon_and_against_the_band(placement: Any) -> None:
    page = said(signed_in(REPORT_VIEWER), PAGE)
    assert "How soon hours were decided" in page
    assert "per cent decided within 5 working days" in page
    assert "the standard is 75 per cent" in page
    assert "Alice Alder" not in page, "figures without names"


def test_each_table_to_take_away(placement: Any) -> None:
    client = signed_in(REPORT_VIEWER)
    head, rows = table(client, f"{PAGE}cohorts/file/csv/")
    assert "Counted hours: clinical" in head
    [row] = rows
    assert (row["Students"], row["Counted, hours"]) == ("1", "15")
    assert (row["Below the band"], row["In the band"], row["Over the band"]).count("1") == 1
    _, rows = table(client, f"{PAGE}sites/file/csv/")
    assert [row["Site"] for row in rows] == [placement.site.name]
    _, rows = table(client, f"{PAGE}decided/file/csv/")
    assert [row["Site"] for row in rows] == ["All sites", placement.site.name]
    assert rows[0]["Judged"] == "5"
    assert client.get(f"{PAGE}names/file/csv/").status_code == 404


def test_a_sites_figure_is_shown_from_five_items_on() -> None:
    ensure_network()
    alice, dilys = make.make_student("Alice Alder"), make.make_educator()
    placement = make.make_placement(alice, educator=dilys)
    make.make_decision(dilys, make.make_shift(placement, clock.today() - days.DAY))
    client = signed_in(REPORT_VIEWER)
    _, rows = table(client, f"{PAGE}decided/file/csv/")
    assert [row["Judged"] for row in rows] == ["1", "fewer than 5"]
    assert rows[1]["Per cent"] == ""


def test_a_lead_sees_their_own_site_alone(placement: Any) -> None:
    elsewhere = make.make_site("Site Elsewhere")
    page = said(signed_in(SITE_LEAD, elsewhere.scope), PAGE)
    assert placement.site.name not in page
    assert "Nothing was recorded by the day you asked for." in page
    assert placement.site.name in said(signed_in(SITE_LEAD, placement.site.scope), PAGE)
    said(signed_in(STUDENT), PAGE, 403)


def test_page_within_twelve_queries(placement: Any) -> None:
    assert queries_of(signed_in(REPORT_VIEWER), PAGE) <= 12
