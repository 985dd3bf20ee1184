"""Requests for places: who asks, who answers, what a mail says, and that two answers make one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from placements import requests_queries as queries
from placements.actions import requesting
from placements.models import PlaceOffer, PlaceRequest, Stage
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail, Person, Site
from school.people.roles import COORDINATOR, SITE_LEAD, UNIVERSITY_TUTOR
from tests import factories as make
from tests.placements.browsers import Viewer, browser

pytestmark = pytest.mark.django_db

State = PlaceRequest.State


@pytest.fixture
def stage() -> Stage:
    return Stage.objects.get(version=make.make_network(), year=3)


@pytest.fixture
def elm(stage: Stage) -> Site:
    return make.make_site("Elm Hospital")


@pytest.fixture
def esme(stage: Stage) -> Person:
    return make.make_coordinator("Esme Elder")


@pytest.fixture
def lena(elm: Site) -> Person:
    lena = make.make_person("Lena Linden")
    make.make_grant(lena, SITE_LEAD, elm.scope)
    return lena


def ask(by: Person, site: Site, stage: Stage, **changed: Any) -> PlaceRequest:
    today = clock.today()
    asked = {
        "starts": today + timedelta(days=30),
        "ends": today + timedelta(days=60),
        "places": 3,
        "uuid": uuid4(),
        "words": "The second half could move",
    } | changed
    return requesting.ask_for_places(by=by, site=site, stage=stage, **asked)


def test_request_tells_the_lead_only_that_something_waits(
    esme: Person, lena: Person, elm: Site, stage: Stage
) -> None:
    uuid = uuid4()
    first, again = (ask(esme, elm, stage, uuid=uuid) for _ in range(2))
    assert first == again
    [mail] = Mail.objects.all()
    assert (mail.person, mail.kind) == (lena, "places_asked")
    assert "Elm" not in mail.subject + mail.body
    assert "half" not in mail.body


@pytest.mark.engine
def test_request_of_another_under_the_same_uuid_is_refused(
    esme: Person, elm: Site, stage: Stage
) -> None:
    uuid = uuid4()
    ask(esme, elm, stage, uuid=uuid)
    with pytest.raises(NotAllowed):
        ask(make.make_coordinator("Other Elder"), elm, stage, uuid=uuid)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends": clock.today() - timedelta(days=1), "starts": clock.today() - timedelta(days=9)}, "ends"),
        ({"ends": clock.today() + timedelta(days=1)}, "ends"),
        ({"places": 0}, "places"),
    ],
)  # fmt: skip
def test_request_that_makes_no_sense_is_refused(
    esme: Person, elm: Site, stage: Stage, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        ask(esme, elm, stage, **changed)
    assert (refused.value.field, PlaceRequest.objects.count()) == (field, 0)


@pytest.mark.engine
def test_fewer_offered_make_an_offer_once(
    esme: Person, lena: Person, elm: Site, stage: Stage
) -> None:
    asked = ask(esme, elm, stage)
    for _ in range(2):
        requesting.offer_asked(by=lena, request=asked, places=2, words="Two fit")
    [offer] = PlaceOffer.objects.all()
    assert (offer.places, offer.starts, offer.ends, offer.stage) == (2, asked.starts, asked.ends, stage)  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.offer) == (State.OFFERED, lena, offer)
    assert Mail.objects.filter(person=esme, kind="places_answered").count() == 1


@pytest.mark.parametrize("places", [0, 4])
def test_more_than_asked_or_nothing_cannot_be_offered(
    esme: Person, lena: Person, elm: Site, stage: Stage, places: int
) -> None:
    asked = ask(esme, elm, stage)
    with pytest.raises(DomainError):
        requesting.offer_asked(by=lena, request=asked, places=places)
    assert PlaceOffer.objects.count() == 0


def test_declining_needs_words(esme: Person, lena: Person, elm: Site, stage: Stage) -> None:
    asked = ask(esme, elm, stage)
    with pytest.raises(DomainError) as refused:
        requesting.decline(by=lena, request=asked, words="  ")
    assert refused.value.field == "words"
    done = requesting.decline(by=lena, request=asked, words="The scanner is replaced")
    assert (done.state, done.answer) == (State.DECLINED, "The scanner is replaced")


@pytest.mark.engine
def test_what_was_taken_back_is_not_answered_and_nothing_is_offered(
    esme: Person, lena: Person, elm: Site, stage: Stage
) -> None:
    asked = ask(esme, elm, stage)
    requesting.take_back(by=esme, request=asked)
    for act in (
        lambda: requesting.offer_asked(by=lena, request=asked, places=1),
        lambda: requesting.decline(by=lena, request=asked, words="No"),
    ):
        with pytest.raises(Conflict), transaction.atomic():
            act()
    assert PlaceOffer.objects.count() == 0
    asked.refresh_from_db()
    assert asked.state == State.TAKEN_BACK


@pytest.mark.engine
def test_answered_request_is_not_taken_back(
    esme: Person, lena: Person, elm: Site, stage: Stage
) -> None:
    asked = ask(esme, elm, stage)
    requesting.offer_asked(by=lena, request=asked, places=3)
    with pytest.raises(Conflict):
        requesting.take_back(by=esme, request=asked)


def test_requests_are_seen_by_who_asks_and_who_runs_the_site(
    esme: Person, lena: Person, elm: Site, stage: Stage
) -> None:
    asked = ask(esme, elm, stage)
    other, tutor = make.make_person("Otto Oak"), make.make_person("Tilda Teak")
    make.make_grant(other, SITE_LEAD, make.make_site("Oak Hospital").scope)
    make.make_grant(tutor, UNIVERSITY_TUTOR, stage.version.programme.scope)
    planner = make.make_person("Petra Pine")
    make.make_grant(planner, COORDINATOR, stage.version.programme.scope)
    seen = {
        person.name: list(queries.requests(Viewer(person)))
        for person in (esme, lena, planner, other, tutor)
    }
    assert seen == {
        "Esme Elder": [asked],
        "Lena Linden": [asked],
        "Petra Pine": [asked],
        "Otto Oak": [],
        "Tilda Teak": [],
    }
    assert [bool(queries.may_answer(Viewer(one), asked)) for one in (lena, planner)] == [True, False]  # fmt: skip
    assert [bool(queries.may_take_back(Viewer(one), asked)) for one in (lena, planner)] == [False, True]  # fmt: skip


# Pages


def sent(client: Client, url: str, data: dict[str, Any], status: int) -> str:
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_request_goes_from_coordinator_to_lead_and_back(
    esme: Person, lena: Person, elm: Site, stage: Stage
) -> None:
    coordinator, lead = browser(esme), browser(lena)
    first, last = clock.today() + timedelta(days=30), clock.today() + timedelta(days=60)
    days = {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in (("starts", first), ("ends", last))
        for part in ("day", "month", "year")
    }
    data = {"stage": str(stage.uuid), "places": "2", "words": "", "uuid": str(uuid4()), **days}
    sent(coordinator, reverse("ask_for_places", args=[elm.uuid]), data, 302)
    url = reverse("place_request", args=[PlaceRequest.objects.get().uuid])
    assert url in lead.get("/home/later/").content.decode()
    assert url in lead.get(reverse("site_places", args=[elm.uuid])).content.decode()
    said = sent(lead, url, {"places": "3", "words": "So it is", "offer": "1"}, 422)
    assert "offer between 1 and 2" in said
    assert "So it is" in said
    sent(lead, url, {"places": "", "words": "", "decline": "1"}, 422)
    sent(lead, url, {"places": "1", "words": "", "offer": "1"}, 302)
    assert "1 of 2 places offered" in coordinator.get("/home/later/").content.decode()
    assert url not in lead.get("/home/later/").content.decode()


def test_home_panel_costs_the_same_with_many_requests(
    esme: Person, elm: Site, stage: Stage, django_assert_num_queries: Any
) -> None:
    for _ in range(30):
        ask(esme, elm, stage)
    for read, number in (
        (lambda: queries.answered_to(esme), 2),
        (lambda: queries.waiting_in(elm.scope), 1),
    ):
        with django_assert_num_queries(number):
            said = [queries.Line.of(row) for row in read()]
        assert len(said) == 30
