"""The pages that change a placement: what they show before saving, what they keep, and what the student sees."""

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from placements.actions import placing
from placements.models import (
    Enrolment,
    Placement,
    PlaceOffer,
    PlannedShift,
    SiteCheck,
    Stage,
    Supervision,
)
from school.core import days
from school.people.models import Person, Site
from school.people.roles import COORDINATOR
from tests import factories as make
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db

FIRST, DAY, LAST = date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-10 12:00 +0000", tick=True)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def dilys(oak: Site) -> Person:
    return make.make_educator("Dilys Sampleby", site=oak)


@pytest.fixture
def oak(alice: Enrolment) -> Site:
    return make.make_site("Oak Infirmary")


@pytest.fixture
def elm(alice: Enrolment) -> Site:
    site = make.make_site("Elm Hospital")
    stage = Stage.objects.get(version=alice.version, year=3)
    PlaceOffer.objects.create(
        site=site, stage=stage, starts=FIRST, ends=date(2026, 12, 18), places=1
    )
    return site


@pytest.fixture
def placement(alice: Enrolment, oak: Site, dilys: Person) -> Placement:
    """Alice at Oak for November: one shift confirmed, one waiting, three to come of which one makes up a day."""
    row = make.make_placement(alice, site=oak, educator=dilys, starts=FIRST, ends=LAST)
    make.make_decision(dilys, make.make_shift(row, date(2026, 11, 4)))
    make.make_shift(row, date(2026, 11, 5))
    lost = make.make_day_note(row, date(2026, 11, 6), "cancelled_scanner")
    for day in (13, 16, 17):
        make.plan_shift(row, date(2026, 11, day))
    PlannedShift.objects.filter(start__day=17).update(makes_up=lost)
    return row


@pytest.fixture
def client(placement: Placement) -> Client:
    return browser(make.make_coordinator("Esme Elder"))


def parts(**named: date) -> dict[str, str]:
    """Days as the three boxes of a form send them."""
    return {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in named.items()
        for part in ("day", "month", "year")
    }


def typed(site: Site, **more: Any) -> dict[str, Any]:
    """A move as the first page sends it."""
    return {
        "site": site.slug,
        "why": "The scanner at Oak is down.",
        "uuid": str(uuid4()),
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
        **parts(day=DAY, ends=LAST),
        **more,
    }


def sent(client: Client, url: str, data: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def rows(answer: Any) -> list[tuple[str, list[str]]]:
    """The summary list of a page: each label with its lines."""
    found = re.findall(r"__key\">(.*?)</dt><dd[^>]*>(.*?)</dd>", answer.content.decode(), re.S)
    return [(unescape(key), unescape(said).split("<br>")) for key, said in found]


def hidden(answer: Any) -> dict[str, str]:
    """What the page keeps of what was typed, as its form sends it on."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    )
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def at(name: str, placement: Placement) -> str:
    return reverse(name, args=[placement.uuid])


# Moving


def test_move_shows_what_it_breaks_and_saves_nothing_before_it_is_told(
    client: Client, placement: Placement, elm: Site
) -> None:
    SiteCheck.objects.create(site=elm, kind="dbs")
    answer = sent(client, at("move_to_site", placement), typed(elm))
    assert rows(answer) == [
        (
            "At Oak Infirmary",
            [
                "The placement ends on 15 November 2026.",
                "7 hours 30 minutes confirmed there stay counted, at Oak Infirmary.",
            ],
        ),
        ("At Elm Hospital", ["16 November 2026 to 27 November 2026, planned"]),
        ("Places there", ["From 16 November 2026: 0 of 1 taken"]),
        ("Site audit there", ["Holds until 1 January 2099."]),
        (
            "Planned shifts",
            [
                "2 shifts, 15 hours, go off the rota of Oak Infirmary.",
                "1 of them makes up a lost day, which is to be made up anew.",
            ],
        ),
        (
            "Waiting for a decision",
            [
                "1 shift, 7 hours 30 minutes. Dilys Sampleby can decide for 90 days after the "
                "supervision ends, and the site lead at Oak Infirmary."
            ],
        ),
        (
            "Supervision",
            [
                "Dilys Sampleby until 15 November 2026, and no longer.",
                "Nobody is named at Elm Hospital yet. You name somebody next.",
            ],
        ),
        (
            "Before the first day there",
            [
                "The site induction is recorded again.",
                "Elm Hospital asks for: Disclosure and Barring Service check.",
            ],
        ),
        (
            "Hours of Year 3",
            [
                "22 hours 30 minutes counted, waiting or planned then, of 216 hours needed. "
                "That would leave 193 hours 30 minutes short."
            ],
        ),
        ("Due elsewhere", ["Nothing in these days."]),
    ]
    assert Placement.objects.count() == 1


def test_move_is_saved_from_what_the_page_kept(
    client: Client, placement: Placement, elm: Site
) -> None:
    url = at("move_to_site", placement)
    kept = hidden(sent(client, url, typed(elm, weekdays=["0", "2"])))
    for _ in range(2):
        answer = sent(client, url, {**kept, "weekdays": ["0", "2"], "save": "1"}, 302)
    new = Placement.objects.get(site=elm)
    assert answer["Location"] == at("placement", new)
    assert (new.moved_from, new.starts, new.ends) == (placement, DAY, LAST)
    assert [row.start.day for row in new.planned_shifts.all()] == [16, 18, 23, 25]
    old_page, new_page = (
        client.get(at("placement", row)).content.decode() for row in (placement, new)
    )
    assert f'Goes on at <a href="{at("placement", new)}">Elm Hospital</a>' in old_page
    assert f'Came from <a href="{at("placement", placement)}">Oak Infirmary</a>' in new_page
    assert "“The scanner at Oak is down.”" in old_page
    assert at("move_to_site", placement) not in old_page
    assert at("move_to_site", new) in new_page


def test_move_over_a_problem_cannot_be_saved_and_goes_back_with_everything_typed(
    client: Client, placement: Placement, elm: Site
) -> None:
    url = at("move_to_site", placement)
    late = typed(elm, **parts(day=DAY, ends=date(2026, 12, 21)))
    answer = sent(client, url, late)
    assert "No place is free" in answer.content.decode()
    assert 'name="save"' not in answer.content.decode()
    assert sent(client, url, {**late, "save": "1"}, 422).status_code == 422
    back = sent(client, url, {**hidden(answer), "change": "1"}).content.decode()
    assert "The scanner at Oak is down.</textarea>" in back
    assert re.findall(r'<input[^>]*name="ends_day"[^>]*value="21"', back)
    assert Placement.objects.count() == 1


def test_move_from_a_day_that_was_worked_is_refused_at_its_field(
    client: Client, placement: Placement, elm: Site
) -> None:
    early = typed(elm, **parts(day=date(2026, 11, 5), ends=LAST))
    said = sent(client, at("move_to_site", placement), early, 422).content.decode()
    assert "Choose 6 November 2026 or later." in said
    assert "<title>Error: Move to another site" in said


def test_breach_of_a_new_rota_asks_for_a_reason_and_is_saved_with_it(
    client: Client, placement: Placement, elm: Site
) -> None:
    url = at("move_to_site", placement)
    week = {"weekdays": ["0", "1", "2", "3", "4"], "end": "20:00"}
    answer = sent(client, url, typed(elm, **week))
    assert "Why a breach of an hours rule may stand" in answer.content.decode()
    data = {**hidden(answer), "weekdays": week["weekdays"], "save": "1"}
    sent(client, url, {**data, "reason": ""}, 422)
    assert Placement.objects.count() == 1
    sent(client, url, {**data, "reason": "The site works long days."}, 302)
    assert Placement.objects.get(site=elm).planned_shifts.count() == 10


def test_due_elsewhere_leaves_out_what_goes_off_the_rota(
    client: Client, placement: Placement, elm: Site, alice: Enrolment
) -> None:
    year2 = make.make_placement(
        alice,
        year=2,
        site=make.make_site("Ash Clinic"),
        starts=date(2026, 11, 30),
        ends=date(2026, 12, 4),
    )
    make.plan_shift(year2, date(2026, 12, 1))
    wide = typed(elm, **parts(day=DAY, ends=date(2026, 12, 4)))
    answer = sent(client, at("move_to_site", placement), wide)
    assert rows(answer)[-1] == (
        "Due elsewhere",
        ["Planned shift at Ash Clinic, Tuesday 1 December 2026, 08:00 to 16:00"],
    )
    assert "The student is somewhere else then" in answer.content.decode()


# Swapping


@pytest.fixture
def bobs(placement: Placement) -> Placement:
    """Bob at Ash, a week later than Alice."""
    return make.make_placement(
        make.make_student("Bob Birch"),
        site=make.make_site("Ash Clinic"),
        starts=date(2026, 11, 9),
        ends=date(2026, 12, 4),
    )


def swapped(other: Placement) -> dict[str, Any]:
    return {
        "other": str(other.uuid),
        "why": "Both asked for it.",
        "uuid": str(uuid4()),
        "other_uuid": str(uuid4()),
        **parts(day=DAY),
    }


def test_swap_offers_those_of_the_stage_who_are_elsewhere_in_the_same_weeks(
    client: Client, placement: Placement, bobs: Placement, oak: Site
) -> None:
    ash = bobs.site
    make.make_placement(make.make_student("Cleo Here"), site=oak, starts=FIRST, ends=LAST)
    make.make_placement(make.make_student("Dora Year"), year=2, site=ash, starts=FIRST, ends=LAST)
    make.make_placement(
        make.make_student("Finn Later"), site=ash, starts=date(2026, 11, 30), ends=date(2026, 12, 4)
    )
    gone = make.make_placement(make.make_student("Gina Gone"), site=ash, starts=FIRST, ends=LAST)
    placing.move_state(
        by=make.make_coordinator(), placement=gone, to=Placement.State.WITHDRAWN, reason="so"
    )
    said = client.get(at("swap_placements", placement)).content.decode()
    assert re.findall(r'<option value="([^"]+)"', said) == [str(bobs.uuid)]
    assert "Bob Birch, Ash Clinic, 9 November 2026 to 4 December 2026" in said


def test_swap_shows_both_students_and_is_saved_once(
    client: Client, placement: Placement, bobs: Placement
) -> None:
    url = at("swap_placements", placement)
    answer = sent(client, url, swapped(bobs))
    headings = re.findall(r'id="part-\d">([^<]+)<', answer.content.decode())
    assert headings == ["Alice Alder goes to Ash Clinic", "Bob Birch goes to Oak Infirmary"]
    assert Placement.objects.count() == 2
    kept = hidden(answer)
    for _ in range(2):
        sent(client, url, {**kept, "save": "1"}, 302)
    stays = Placement.objects.order_by("pk").values_list("site__name", "starts", "ends")
    assert list(stays)[2:] == [
        ("Ash Clinic", DAY, date(2026, 12, 4)),
        ("Oak Infirmary", DAY, LAST),
    ]


def test_swap_shows_which_rota_is_taken_over(
    client: Client, placement: Placement, bobs: Placement
) -> None:
    def said() -> list[int]:
        page = sent(client, at("swap_placements", placement), swapped(bobs)).content.decode()
        words = "Taken over: 1 shift, 7 hours 30 minutes.", "None is planned.", "Not taken over, plan it next. "  # fmt: skip
        return [page.count(one) for one in words]

    # Bob takes over what Alice works on that day, and not the day that she makes up.
    assert said() == [1, 1, 0]
    make.plan_shift(bobs, DAY)
    assert said() == [2, 0, 0]
    make.plan_shift(placement, DAY - days.DAY, start="20:00", end="23:00")
    assert said() == [1, 0, 1]


def test_swap_with_somebody_out_of_reach_is_not_offered(
    placement: Placement, bobs: Placement, alice: Enrolment
) -> None:
    lead = make.make_person("Esme Elder")
    make.make_grant(lead, COORDINATOR, placement.site.scope)
    near = browser(lead)
    url = at("swap_placements", placement)
    assert re.findall(r'<option value="([^"]+)"', near.get(url).content.decode()) == []
    sent(near, url, {**swapped(bobs), "save": "1"}, 422)
    assert Placement.objects.count() == 2


# Dates and withdrawal


def test_other_dates_show_what_goes_and_are_saved(client: Client, placement: Placement) -> None:
    url = at("change_dates", placement)
    data = {"reason": "exam", "uuid": str(uuid4()), **parts(starts=FIRST, ends=DAY)}
    answer = sent(client, url, data)
    assert rows(answer) == [
        (
            "Dates",
            [
                "2 November 2026 to 16 November 2026",
                "until now 2 November 2026 to 27 November 2026",
            ],
        ),
        (
            "Planned shifts",
            [
                "1 shift, 7 hours 30 minutes, goes off the rota of Oak Infirmary.",
                "1 of them makes up a lost day, which is to be made up anew.",
            ],
        ),
        (
            "Hours of Year 3",
            [
                "30 hours counted, waiting or planned then, of 216 hours needed. "
                "That would leave 186 hours short."
            ],
        ),
    ]
    sent(client, url, {**hidden(answer), "save": "1"}, 302)
    placement.refresh_from_db()
    assert placement.ends == DAY
    assert "Other dates" in client.get(at("placement", placement)).content.decode()


def test_longer_dates_show_places_and_where_supervision_ends(
    client: Client, placement: Placement, dilys: Person
) -> None:
    PlaceOffer.objects.update(ends=date(2026, 12, 18))
    [named] = placement.supervisions.all()
    placing.end_supervision(by=dilys, supervision=named, last_day=LAST)
    data = {"uuid": str(uuid4()), **parts(starts=FIRST, ends=date(2026, 12, 4))}
    found = dict(rows(sent(client, at("change_dates", placement), data)))
    assert found["Supervision"] == ["It ends on 27 November 2026. Name who supervises after that."]
    assert found["Due elsewhere"] == ["Nothing in these days."]
    assert found["Places there"][0] == "From 2 November 2026: 1 of 50 taken"
    assert found["Planned shifts"] == ["None goes off the rota."]


def test_dates_the_wrong_way_round_are_shown_as_a_problem(
    client: Client, placement: Placement
) -> None:
    data = {"uuid": str(uuid4()), **parts(starts=LAST, ends=FIRST)}
    said = sent(client, at("change_dates", placement), data).content.decode()
    assert "The last day must not be before the first." in said
    assert 'name="save"' not in said


def test_withdrawal_needs_a_reason_shows_what_goes_and_is_saved(
    client: Client, placement: Placement
) -> None:
    url = at("withdraw_placement", placement)
    data = {"uuid": str(uuid4()), "reason": ""}
    assert "Enter why the placement is withdrawn" in sent(client, url, data, 422).content.decode()
    answer = sent(client, url, {**data, "reason": "The scanner left."})
    found = dict(rows(answer))
    assert found["The placement"] == [
        "It ends today, 10 November 2026.",
        "7 hours 30 minutes confirmed there stay counted, at Oak Infirmary.",
    ]
    assert found["Planned shifts"][0] == (
        "3 shifts, 22 hours 30 minutes, go off the rota of Oak Infirmary."
    )
    assert found["Supervision"] == ["Dilys Sampleby until today, and no longer."]
    sent(client, url, {**hidden(answer), "save": "1"}, 302)
    placement.refresh_from_db()
    assert placement.state == "withdrawn"
    sent(client, url, {**data, "uuid": str(uuid4()), "reason": "again"}, 409)


def test_withdrawing_what_is_to_come_ends_supervision_as_it_says(
    client: Client, bobs: Placement
) -> None:
    carol = make.make_student("Carol Cedar")
    coming = make.make_placement(
        carol, starts=DAY, ends=LAST, educator=make.make_educator("Owen Other")
    )
    placing.supervise(
        by=bobs.enrolment.person,
        placement=coming,
        person=make.make_educator("Ellen Early"),
        capacity="supervisor",
        starts=FIRST,
    )
    url = at("withdraw_placement", coming)
    answer = sent(client, url, {"uuid": str(uuid4()), "reason": "The scanner left."})
    assert dict(rows(answer))["Supervision"] == [
        "Ellen Early until today, and no longer.",
        "That of Owen Other does not begin.",
    ]
    sent(client, url, {**hidden(answer), "save": "1"}, 302)
    ended = Supervision.objects.standing().filter(placement=coming)
    assert sorted(ended.values_list("person__name", "entry__about_to")) == [
        ("Ellen Early", date(2026, 11, 10)),
        ("Owen Other", DAY),
    ]


# What the student sees, and what pages cost


def test_student_sees_the_change_at_home_for_a_fortnight(
    client: Client, placement: Placement, elm: Site, alice: Enrolment, time_machine: Any
) -> None:
    home = reverse("home_later")
    assert (
        "Your placement changed"
        not in browser(alice.person, second_factor=False).get(home).content.decode()
    )
    sent(client, at("move_to_site", placement), {**typed(elm), "save": "1"}, 302)
    said = browser(alice.person, second_factor=False).get(home).content.decode()
    assert (
        "You are placed at Elm Hospital from 16 November 2026 to 27 November 2026, "
        "and no longer at Oak Infirmary." in said
    )
    assert "scanner" not in said.split('id="changed"')[1].split("</section>")[0]
    time_machine.move_to(datetime(2099, 1, 1, tzinfo=UTC), tick=True)
    said = browser(alice.person, second_factor=False).get(home).content.decode()
    assert ("Your placement changed" in said, "What else waits for you" in said) == (False, True)


def test_student_sees_other_dates_and_then_a_withdrawal_at_home(
    client: Client, placement: Placement, alice: Enrolment
) -> None:
    def told() -> list[str]:
        said = (
            browser(alice.person, second_factor=False).get(reverse("home_later")).content.decode()
        )
        return re.findall(r"<li>([^<]+)</li>", said.split('id="changed"')[1].split("</section>")[0])

    data = {"uuid": str(uuid4()), "save": "1", **parts(starts=FIRST, ends=DAY)}
    sent(client, at("change_dates", placement), data, 302)
    assert told() == [
        "Your placement at Oak Infirmary now runs from 2 November 2026 to 16 November 2026."
    ]
    data = {"uuid": str(uuid4()), "save": "1", "reason": "so"}
    sent(client, at("withdraw_placement", placement), data, 302)
    assert told() == ["Your placement at Oak Infirmary from 2 November 2026 was withdrawn."]


def test_pages_take_the_same_queries_for_1_and_30(
    client: Client, placement: Placement, bobs: Placement, elm: Site
) -> None:
    swap, move, here = (
        at(name, placement) for name in ("swap_placements", "move_to_site", "placement")
    )
    asked = typed(elm)
    before = [queries_of(client, url) for url in (swap, move, here)]
    queries_of(client, move, asked)  # reference rows are read once a minute
    shown = queries_of(client, move, asked), queries_of(client, swap, swapped(bobs))
    for n in range(30):
        make.make_placement(
            make.make_student(f"Student {n}"), site=bobs.site, starts=FIRST, ends=LAST
        )
        make.plan_shift(placement, DAY, start=f"{n // 4:02}:{n % 4 * 15 + 5:02}", end="23:59")
    assert [queries_of(client, url) for url in (swap, move, here)] == before
    assert max(before) <= 12
    assert (queries_of(client, move, asked), queries_of(client, swap, swapped(bobs))) == shown
