"""Pages about mobile units and scanners, and the days of a rota on which no unit stands at the site."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from placements import units_queries as queries
from placements.models import Enrolment, Placement, PlaceOffer, Stage
from school.core import clock, days
from school.people.models import MobileUnit, Person, ScannerTerm, Site, UnitStay
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.placements.browsers import browser
from tests.placements.test_calendar_queries import scanner
from tests.placements.test_views_coordinator import page, parts, sent

pytestmark = pytest.mark.django_db

TODAY = clock.today()
MONDAY = days.monday(TODAY) + timedelta(weeks=2)
WEEK = [MONDAY + n * days.DAY for n in range(7)]


@pytest.fixture(autouse=True)
def same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays the day on which this file was read, also when the suite runs past midnight."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def elm(alice: Enrolment) -> Site:
    elm = make.make_site("Elm Hospital")
    scanner(elm, "mobile", date(2017, 1, 1))
    return elm


@pytest.fixture
def unit(elm: Site) -> MobileUnit:
    return MobileUnit.objects.create(name="PET-3")


@pytest.fixture
def client(elm: Site) -> Client:
    return browser(make.make_coordinator("Esme Elder"))


@pytest.fixture
def lena(elm: Site) -> Person:
    lena = make.make_person("Lena Linden")
    make.make_grant(lena, SITE_LEAD, elm.scope)
    return lena


@pytest.mark.engine
def test_planned_days_without_a_unit_are_those_on_which_the_scanner_is_mobile(
    elm: Site, unit: MobileUnit
) -> None:
    UnitStay.objects.create(unit=unit, site=elm, starts=WEEK[0], ends=WEEK[1])
    assert queries.days_without_unit(elm, WEEK[:4]) == WEEK[2:4]
    assert queries.days_without_unit(elm, []) == []
    oak = make.make_site("Oak Hospital")
    scanner(oak, "static", date(2017, 1, 1))
    assert queries.days_without_unit(oak, WEEK) == []


@pytest.mark.engine
def test_days_after_the_scanner_became_static_need_no_unit() -> None:
    make.make_network()
    oak = make.make_site("Oak Hospital")
    scanner(oak, "mobile", date(2017, 1, 1), WEEK[1])
    scanner(oak, "static", WEEK[2])
    assert queries.days_without_unit(oak, WEEK) == WEEK[:2]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 3), date(2026, 12, 3), "3 December 2026"),
        (date(2026, 12, 3), date(2026, 12, 4), "3 and 4 December 2026"),
        (date(2026, 12, 3), date(2026, 12, 6), "3 to 6 December 2026"),
        (date(2026, 11, 30), date(2026, 12, 1), "30 November 2026 to 1 December 2026"),
        (date(2026, 12, 3), date(2027, 12, 4), "3 December 2026 to 4 December 2027"),
    ],
)
def test_stay_is_said_in_few_words(first: date, last: date, words: str) -> None:
    assert queries.StayOn(uuid4(), "PET-3", first, last).words == words


def test_placing_says_on_which_days_no_unit_stands_there_and_still_saves(
    client: Client, alice: Enrolment, elm: Site, unit: MobileUnit
) -> None:
    UnitStay.objects.create(unit=unit, site=elm, starts=WEEK[0], ends=WEEK[0])
    stage = Stage.objects.get(version=alice.version, year=3)
    PlaceOffer.objects.create(site=elm, stage=stage, starts=WEEK[0], ends=WEEK[6], places=1)
    data = {
        "stage": str(stage.uuid),
        "site": elm.slug,
        "uuid": str(uuid4()),
        "weekdays": ["0", "1"],
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
        **parts(starts=WEEK[0], ends=WEEK[6]),
    }
    url = reverse("place_student", args=[alice.uuid])
    said = sent(client, url, data | {"check": "1"}, 200).content.decode()
    assert f"no unit stands there on 1 of the 2 planned days: {days.short_day(WEEK[1])}." in said
    sent(client, url, data | {"save": "1"})
    assert Placement.objects.get().site == elm


def test_lead_records_changes_and_takes_off_a_stay(lena: Person, elm: Site) -> None:
    client = browser(lena)
    add = reverse("add_unit_stay", args=[elm.uuid])
    here = reverse("site_places", args=[elm.uuid])
    data = {"unit": "", "name": "PET-9", "uuid": str(uuid4()), **parts(starts=WEEK[0], ends=WEEK[1])}  # fmt: skip
    sent(client, add, data)
    stay = UnitStay.objects.get()
    assert (stay.unit.name, stay.site, stay.starts) == ("PET-9", elm, WEEK[0])
    assert f"PET-9, {queries.StayOn(stay.uuid, '', WEEK[0], WEEK[1]).words}" in page(client, here)
    again = {"unit": str(stay.unit.uuid), "name": "", "uuid": str(uuid4()), **parts(starts=WEEK[1], ends=WEEK[2])}  # fmt: skip
    answer = sent(client, add, again, 409)
    assert "A unit is at one site at a time" in answer.content.decode()
    sent(client, add, {**again, "unit": ""}, 422)
    change = reverse("unit_stay", args=[stay.uuid])
    sent(client, change, parts(starts=WEEK[2], ends=WEEK[1]), 422)
    sent(client, change, parts(starts=WEEK[2], ends=WEEK[3]))
    assert UnitStay.objects.get().starts == WEEK[2]
    sent(client, reverse("remove_unit_stay", args=[stay.uuid]), {})
    assert "No unit is planned here." in page(client, here)


def test_lead_of_another_site_records_nothing(elm: Site, unit: MobileUnit) -> None:
    other = make.make_person("Otto Oak")
    make.make_grant(other, SITE_LEAD, make.make_site("Oak Hospital").scope)
    client = browser(other)
    stay = UnitStay.objects.create(unit=unit, site=elm, starts=WEEK[0], ends=WEEK[0])
    for name in ("add_unit_stay", "make_static"):
        assert client.get(reverse(name, args=[elm.uuid])).status_code == 403
    for name in ("unit_stay", "remove_unit_stay"):
        assert client.post(reverse(name, args=[stay.uuid])).status_code == 404
    assert UnitStay.objects.count() == 1


def test_what_a_static_scanner_changes_is_shown_before_it_is_saved(
    client: Client, alice: Enrolment, elm: Site, unit: MobileUnit
) -> None:
    UnitStay.objects.create(unit=unit, site=elm, starts=WEEK[0], ends=WEEK[3])
    UnitStay.objects.create(unit=unit, site=elm, starts=WEEK[5], ends=WEEK[6])
    make.make_placement(alice, site=elm)
    url = reverse("make_static", args=[elm.uuid])
    data = {"uuid": str(uuid4()), **parts(day=WEEK[2])}
    said = sent(client, url, data, 200).content.decode()
    for words in (
        f"PET-3, {queries.StayOn(uuid4(), '', WEEK[5], WEEK[6]).words}",
        f"until {days.long_date(WEEK[1])}",
        "Alice Alder, ",
    ):
        assert words in said
    assert ScannerTerm.objects.count() == 1
    sent(client, url, data | {"save": "1"})
    assert UnitStay.objects.get().ends == WEEK[1]
    here = page(client, reverse("site_places", args=[elm.uuid]))
    assert f"Static from {days.long_date(WEEK[2])}." in here
    assert "becomes static" not in here
    answer = sent(client, url, {"uuid": str(uuid4()), **parts(day=WEEK[4])}, 422)
    assert "is static from" in answer.content.decode()
