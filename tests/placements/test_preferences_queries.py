"""Where students would like to be: who says it, for which stage, and what the coordinator sees of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from placements import preferences_queries as queries
from placements.actions.placing import move_state
from placements.actions.preferring import state_preferences
from placements.models import Enrolment, Placement, SitePreference
from school.core import clock, days
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Site
from tests import factories as make
from tests.placements.browsers import browser
from tests.placements.test_views_coordinator import page, parts, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def sites(alice: Enrolment) -> list[Site]:
    return [make.make_site(f"{name} Hospital") for name in ("Ash", "Birch", "Cedar", "Elm", "Fir", "Oak")]  # fmt: skip


def kept(enrolment: Enrolment) -> list[tuple[int, str]]:
    rows = SitePreference.objects.filter(enrolment=enrolment)
    return list(rows.order_by("rank").values_list("rank", "site__name"))


@pytest.mark.engine
def test_order_is_kept_and_changed_as_a_whole(alice: Enrolment, sites: list[Site]) -> None:
    for chosen in (sites[:3], [sites[2], sites[0]], [sites[2], sites[0]]):
        state_preferences(by=alice.person, enrolment=alice, sites=chosen)
    assert kept(alice) == [(1, "Cedar Hospital"), (2, "Ash Hospital")]
    assert SitePreference.history.filter(history_type="-").count() == 3
    state_preferences(by=alice.person, enrolment=alice, sites=[])
    assert kept(alice) == []


def test_nobody_states_them_for_another(alice: Enrolment, sites: list[Site]) -> None:
    for by in (make.make_student("Bob Birch").person, make.make_coordinator()):
        with pytest.raises(NotAllowed):
            state_preferences(by=by, enrolment=alice, sites=sites[:1])
    assert kept(alice) == []


@pytest.mark.engine
def test_site_twice_or_six_sites_leave_what_was_said(alice: Enrolment, sites: list[Site]) -> None:
    state_preferences(by=alice.person, enrolment=alice, sites=sites[:1])
    for wrong in ([sites[1], sites[1]], sites):
        with pytest.raises(DomainError), transaction.atomic():
            state_preferences(by=alice.person, enrolment=alice, sites=wrong)
    assert kept(alice) == [(1, "Ash Hospital")]


def test_who_is_placed_for_the_last_stage_says_nothing_more(
    alice: Enrolment, sites: list[Site]
) -> None:
    placement = make.make_placement(alice)
    with pytest.raises(Conflict):
        state_preferences(by=alice.person, enrolment=alice, sites=sites[:1])
    move_state(by=make.make_coordinator(), placement=placement, to=Placement.State.WITHDRAWN, reason="so")  # fmt: skip
    state_preferences(by=alice.person, enrolment=alice, sites=sites[:1])
    assert kept(alice) == [(1, "Ash Hospital")]


@pytest.mark.engine
@pytest.mark.parametrize(("year", "stage"), [(None, "Year 1"), (1, "Year 2"), (2, "Year 3")])
def test_stage_that_is_asked_for_follows_those_placed(
    alice: Enrolment, year: int | None, stage: str
) -> None:
    if year:
        make.make_placement(alice, year=year)
    asked = queries.asked_now(alice.person)
    assert asked is not None
    assert str(asked[1]) == stage


def test_somebody_whose_studies_ended_is_not_asked() -> None:
    gone = make.make_student("Gus Gone", ends=clock.today() - days.DAY)
    assert queries.asked_now(gone.person) is None


# Pages


def test_student_states_them_from_the_home_page(alice: Enrolment, sites: list[Site]) -> None:
    make.make_placement(alice, year=2, site=sites[1])
    client = browser(alice.person, second_factor=False)
    assert "Say where you would like to be in Year 3" in page(client, "/home/")
    said = page(client, "/preferences/")
    assert "Birch Hospital (was there in Year 2, " in said
    sent(client, "/preferences/", {"choice_1": "ash-hospital", "choice_3": "oak-hospital"})
    assert kept(alice) == [(1, "Ash Hospital"), (2, "Oak Hospital")]
    answer = sent(client, "/preferences/", {"choice_1": "elm-hospital", "choice_2": "elm-hospital"}, 422)  # fmt: skip
    assert "Elm Hospital is chosen above already" in answer.content.decode()
    assert kept(alice) == [(1, "Ash Hospital"), (2, "Oak Hospital")]


def test_student_without_a_placement_is_led_there(alice: Enrolment) -> None:
    client = browser(alice.person, second_factor=False)
    assert reverse("preferences") in page(client, "/home/")


def test_coordinator_sees_wishes_and_earlier_placements_beside_the_sites(
    alice: Enrolment, sites: list[Site]
) -> None:
    today = clock.today()
    first, last = today - timedelta(days=60), today - timedelta(days=30)
    make.make_placement(alice, year=2, site=sites[0], starts=first, ends=last)
    state_preferences(by=alice.person, enrolment=alice, sites=[sites[4], sites[0]])
    client = browser(make.make_coordinator("Esme Elder"))
    url = reverse("place_student", args=[alice.uuid])
    said = page(client, url)
    been = f"was there in Year 2, {days.long_date(first)} to {days.long_date(last)}"
    assert f"Ash Hospital (2nd choice, {been})" in said
    assert "Fir Hospital (1st choice)" in said
    stage = alice.version.stages.get(year=3)
    data = {
        "stage": str(stage.uuid),
        "site": "ash-hospital",
        "uuid": str(uuid4()),
        "check": "1",
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
        **parts(starts=today, ends=today + timedelta(days=9)),
    }
    assert f"2nd choice, {been}" in sent(client, url, data, 200).content.decode()
