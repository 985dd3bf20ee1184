"""The passport: what somebody needs, until when they have it, and what is next."""

from datetime import timedelta

import pytest

from school.core import clock
from tests import factories as make
from tests.courses import making
from tests.courses.test_views_booking import page
from tests.coverage import views
from tests.coverage.making import Staff
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.people["Ann"] = make.make_person("Ann Amber")
    began = clock.today() - timedelta(days=900)
    made.term("Ann", "North", "Radiographer", began)
    for name in ("Fire", "Water", "Wind"):
        made.course(name)
        made.ask(name.lower(), [name], began, active_months=12)
    made.attain("Ann", "Fire", clock.today() - timedelta(days=10))
    made.attain("Ann", "Wind", clock.today() - timedelta(days=400))
    return made


def test_what_wants_doing_comes_first_and_can_be_booked(staff: Staff) -> None:
    ann = staff.people["Ann"]
    event = making.make_event(staff.course("Water"))
    client = browser(ann)
    words = page(client, "/coverage/passport/")
    assert "2 of 3 want doing." in words
    places = [words.index(name) for name in ("wind Lapsed", "water Missing", "fire In date")]
    assert places == sorted(places)
    assert "Book Water" in words
    making.ask(ann, event)
    words = page(client, "/coverage/passport/")
    assert "1 of 3 wants doing." in words
    assert "Booked," in words


def test_passport_as_of_another_day(staff: Staff) -> None:
    day = clock.today() - timedelta(days=40)
    words = page(browser(staff.people["Ann"]), f"/coverage/passport/?as_of={day}")
    assert "fire Missing" in words


def test_site_lead_opens_the_passports_of_their_site_only(staff: Staff) -> None:
    address = f"/coverage/passport/{staff.people['Ann'].uuid}/"
    assert "Training passport" in page(browser(views.lead(staff, "North")), address)
    assert browser(views.lead(staff, "South")).get(address).status_code == 404
    assert browser(views.reader()).get(address).status_code == 404


def test_who_has_no_post_needs_nothing() -> None:
    words = page(browser(make.make_person("Una Student")), "/coverage/passport/")
    assert "Nothing is required" in words


def test_my_learning_says_what_is_needed(staff: Staff) -> None:
    lead = views.lead(staff, "North")
    staff.people["Lead"] = lead
    staff.term("Lead", "North", "Radiographer", clock.today() - timedelta(days=900))
    assert "Training that you need" in page(browser(lead), "/my-learning/")
