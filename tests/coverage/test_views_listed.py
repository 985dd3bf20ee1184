"""The people behind a figure, and what lapses next."""

from datetime import timedelta

import pytest

from school.core import clock
from school.core.days import add_months
from school.people.models import AccessLog
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER
from tests import factories as make
from tests.courses import making
from tests.courses.test_views_booking import page
from tests.coverage import views
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


def test_cell_opens_to_its_people() -> None:
    staff = views.staffed()
    client = browser(views.manager())
    slug = staff.site("North").slug
    words = page(client, f"/coverage/people/?by=site&group={slug}&requirement=fire")
    assert "2 lines" in words
    assert "Staff Ann" in words
    assert "Lapsed until" in words
    assert "Staff Cal" not in words
    assert AccessLog.objects.count() == 2


@pytest.mark.parametrize(
    ("state", "named"), [("behind", {"Bea", "Cal"}), ("in_date", {"Ann"}), ("missing", {"Cal"})]
)
def test_states_narrow_the_list(state: str, named: set[str]) -> None:
    views.staffed()
    words = page(browser(views.manager()), f"/coverage/people/?state={state}")
    assert {name for name in ("Ann", "Bea", "Cal") if f"Staff {name}" in words} == named


def test_who_is_left_out_is_listed() -> None:
    staff = views.staffed()
    staff.away("Cal", clock.today() - timedelta(days=40))
    staff.exempt("Bea", "fire", clock.today() - timedelta(days=4))
    client = browser(views.manager())
    overview = page(client, "/coverage/")
    assert "100.0 % in date" in overview
    assert "1 of people away for long , 1 exempt" in overview
    assert "Staff Cal" in page(client, "/coverage/people/?state=away")
    assert "Staff Bea" in page(client, "/coverage/people/?state=exempt")


def test_lead_names_nobody_of_another_site() -> None:
    staff = views.staffed()
    client = browser(views.lead(staff, "South"))
    words = page(client, "/coverage/people/")
    assert "Staff Cal" in words
    assert "Staff Ann" not in words
    north = staff.site("North")
    for address in (f"?site={north.slug}", f"?by=site&group={north.slug}", "?by=region&group=North+West"):  # fmt: skip
        assert "Staff Ann" not in page(client, f"/coverage/people/{address}")


def test_figures_of_all_sites_open_to_no_names_but_those_of_the_own() -> None:
    """Somebody who reads the figures of the network and leads one site."""
    staff = views.staffed()
    lead = views.lead(staff, "South")
    make.make_grant(lead, REPORT_VIEWER, ensure_network())
    client = browser(lead)
    assert "North" in page(client, "/coverage/")
    for address in ("people/", "people/?state=in_date", "lapses/?within=12"):
        assert "Staff Ann" not in page(client, f"/coverage/{address}")
    for address in ("people/file/csv/", "lapses/file/csv/?within=12"):
        answer = client.get(f"/coverage/{address}")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert "Staff Ann" not in text
    manager = browser(views.manager())
    assert "Staff Ann" in page(manager, "/coverage/lapses/?within=12")


@pytest.mark.engine
@pytest.mark.parametrize(
    "address",
    [
        "?by=person&group=1",
        "?by=job_role&group=x",
        "?by=site--&group=1",
        "?by=job_role&group=99999999999999999999",
        f"?by=organisation&group={'9' * 5000}",
        "?by=region&group=North%00West",
    ],
)
def test_group_that_nobody_knows_is_not_found(address: str) -> None:
    views.staffed()
    assert browser(views.manager()).get(f"/coverage/people/{address}").status_code == 404


def test_file_of_people_is_what_the_page_says() -> None:
    views.staffed()
    answer = browser(views.manager()).get("/coverage/people/file/csv/?state=behind")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "lapsed or missing" in text
    assert text.count("Staff ") == 2
    assert AccessLog.objects.count() == 2


def test_lapses_by_name_with_what_is_booked() -> None:
    staff = views.staffed()
    client = browser(views.manager())
    words = page(client, "/coverage/lapses/")
    assert "Staff Ann" in words
    assert "Due for renewal" in words
    assert "0 of 3, 0.0 %" in words
    ann = staff.person("Ann")
    event = making.make_event(staff.course("Fire"))
    making.ask(ann, event)
    words = page(client, "/coverage/lapses/")
    assert "Booked," in words
    assert "1 of 3, 33.3 %" in words


def test_whoever_is_in_date_through_the_last_day_does_not_lapse_by_it() -> None:
    """The lapses and the figure beside them are of the same day."""
    views.staffed()
    client = browser(views.manager())
    expires = add_months(clock.today() - timedelta(days=340), 12)
    day = expires - timedelta(days=30)
    asked = f"/coverage/lapses/?as_of={day}&within=30"
    assert "Nothing lapses" in page(client, asked)
    assert "Staff Ann" in page(client, asked.replace(f"{day}", f"{day + timedelta(days=1)}"))


def test_reader_sees_what_lapses_without_names() -> None:
    views.staffed()
    words = page(browser(views.reader()), "/coverage/lapses/")
    assert "0 of 3, 0.0 %" in words
    assert "Staff" not in words
