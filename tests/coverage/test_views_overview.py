"""The page of coverage: its figure, its maps, what it leaves out, and as of another day."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from school.core import clock
from tests.courses.test_views_booking import page
from tests.coverage import views
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


def test_figure_is_said_with_its_parts() -> None:
    views.staffed()
    words = page(browser(views.manager()), "/coverage/")
    assert "33.3 % in date, below the target of 90 %" in words
    assert "1 of 3 required trainings were in date for the 3 people in post at 2 sites" in words
    assert "The headcount figure is 1 of 3, 33.3 %" in words
    assert "Fire: 50 per cent, 1 of 2" in words.replace("fire: ", "Fire: ")


def test_the_same_figure_as_of_another_day_and_as_it_was_known() -> None:
    staff = views.staffed()
    day = views.year_ago()
    client = browser(views.manager())
    then = f"/coverage/?as_of={day}&known_on={day}"
    before = page(client, then)
    assert "33.3 % in date" in before
    staff.attain("Cal", "Fire", day - timedelta(days=3), known=day + timedelta(days=9))
    assert page(client, then) == before
    assert "66.7 % in date" in page(client, f"/coverage/?as_of={day}")


def test_day_that_cannot_be_read_is_said_at_its_box() -> None:
    views.staffed()
    answer = browser(views.manager()).get("/coverage/?as_of=2026-02-31")
    assert answer.status_code == 422
    assert "must be a day of the calendar" in answer.content.decode()


def test_lead_sees_their_site_and_a_reader_no_names() -> None:
    staff = views.staffed()
    own = page(browser(views.lead(staff, "South")), "/coverage/")
    assert "0.0 % in date" in own
    assert "Site South" in own
    assert "Site North" not in own
    answer = browser(views.reader()).get("/coverage/")
    assert "Site North" in answer.content.decode()
    assert "/coverage/people/" not in answer.content.decode()


def test_rows_can_be_of_other_groups() -> None:
    views.staffed()
    client = browser(views.manager())
    for by in ("job_role", "staff_group", "crew", "organisation"):
        assert "33" in page(client, f"/coverage/?by={by}")


def test_file_gives_every_part_of_the_figures() -> None:
    views.staffed()
    answer = browser(views.manager()).get("/coverage/file/csv/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    about, *rows = text.splitlines()
    assert "as known on" in about
    found = {row["Group"]: row for row in csv.DictReader(io.StringIO("\n".join(rows)))}
    assert (found["Site North"]["Adjusted: in date"], found["Site North"]["Adjusted: of"]) == ("1", "2")  # fmt: skip
    assert found["Everybody"]["Missing"] == "1"


def test_trend_is_a_part_of_the_page_and_a_page() -> None:
    views.staffed()
    client = browser(views.manager())
    part = client.get("/coverage/trend/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "33.3 % adjusted" in part
    assert "5 years" in page(client, "/coverage/trend/?months=60")


def test_page_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    views.staffed()
    client = browser(views.manager())
    page(client, "/coverage/")
    for address in (
        "/coverage/",
        "/coverage/?by=job_role",
        "/coverage/trend/",
        "/coverage/people/",
        "/coverage/lapses/",
    ):
        with django_assert_max_num_queries(12):
            page(client, address)


def test_nothing_required_is_said() -> None:
    views.staffed()
    long_ago = clock.today() - timedelta(days=2000)
    assert "Nothing was required" in page(browser(views.manager()), f"/coverage/?as_of={long_ago}")


def test_map_and_heat_map_round_alike() -> None:
    staff = views.staffed()
    staff.term("Dee", "North", "Radiographer", views.year_ago())
    staff.attain("Dee", "Fire", clock.today())
    words = page(browser(views.manager()), "/coverage/")
    # Two of three: rounded up, the one number would not be the other.
    assert "Fire: 66 per cent, 2 of 3" in words.replace("fire: ", "Fire: ")
    assert "Site North 66 %" in words
