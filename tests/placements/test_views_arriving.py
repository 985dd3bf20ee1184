"""Pages before the first day: what a site asks and tells, checks, the joining pack, who is not ready, the induction's list."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from placements.actions.arriving import record_check, set_site
from placements.models import Check, Induction, Placement, SiteCheck, SiteGuide
from school.core import clock, days, ledger
from school.people.models import AccessLog, Person
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.placements.browsers import browser
from tests.placements.test_views_coordinator import MOST_QUERIES, counted, page, parts, sent

pytestmark = pytest.mark.django_db

GUIDE = {
    "meeting_point": "Main entrance, 07:45",
    "contact": "",
    "hours": "08:00 to 16:00",
    "dress": "Tunic",
    "bring": "Proof of identity",
    "travel": "Bus 61",
    "induction": "Fire exits\nControlled areas",
}


LATER = "/home/later/"


@pytest.fixture
def bob() -> Person:
    return make.make_educator("Bob Birch")


@pytest.fixture
def placement(bob: Person) -> Placement:
    first = clock.today() + timedelta(days=10)
    return make.make_placement(
        make.make_student("Alice Alder"),
        starts=first,
        ends=first + timedelta(days=30),
        educator=bob,
        inducted=False,
    )


@pytest.fixture
def alice(placement: Placement) -> Client:
    return browser(placement.enrolment.person, second_factor=False)


def set_up(placement: Placement, **checks: int | None) -> None:
    set_site(by=placement.enrolment.person, site=placement.site, checks=checks, guide=GUIDE)


def show(by: Person, placement: Placement, kind: str = "dbs", until: date | None = None) -> Check:
    return record_check(
        by=by,
        enrolment=placement.enrolment,
        kind=kind,
        site=placement.site,
        since=clock.today() - timedelta(days=5),
        until=until,
        reference="No 14",
        uuid=uuid4(),
    )


def lead_of(placement: Placement) -> Person:
    lead = make.make_person("Lena Lead")
    make.make_grant(lead, SITE_LEAD, placement.site.scope)
    return lead


# What a site asks and tells


def test_site_lead_says_what_the_site_asks_and_tells(placement: Placement) -> None:
    client = browser(lead_of(placement))
    address = reverse("site_settings", args=[placement.site.uuid])
    assert address in page(client, LATER)
    assert address in page(client, reverse("site_places", args=[placement.site.uuid]))
    sent(client, address, {"asks_dbs": "on", "months_dbs": "36", "months_dose_badge": "6", **GUIDE})
    assert list(SiteCheck.objects.values_list("kind", "months")) == [("dbs", 36)]
    assert SiteGuide.objects.get().induction == "Fire exits\nControlled areas"
    said = page(client, address)
    assert 'value="36"' in said
    assert "Main entrance, 07:45" in said


def test_months_that_are_no_number_come_back_with_what_was_typed(placement: Placement) -> None:
    client = browser(lead_of(placement))
    address = reverse("site_settings", args=[placement.site.uuid])
    answer = sent(client, address, {"asks_dbs": "on", "months_dbs": "three", **GUIDE}, 422)
    assert "The months must be a whole number, like 36" in answer.content.decode()
    assert "Proof of identity" in answer.content.decode()
    assert SiteCheck.objects.count() == 0


# The student


def test_student_sees_what_is_done_missing_and_running_out(
    placement: Placement, bob: Person, alice: Client
) -> None:
    set_up(placement, dbs=36, manual_handling=None, dose_badge=None)
    soon = placement.starts + timedelta(days=3)
    show(bob, placement, "manual_handling")
    show(bob, placement, "dose_badge", soon)
    for address in (LATER, "/ready/"):
        said = page(alice, address)
        for words in ("Disclosure and Barring Service check", "Missing", "Expires", "Done"):
            assert words in said
        assert f"Holds until {days.long_date(soon)}, which is before the placement ends" in said
        assert reverse("joining_pack", args=[placement.uuid]) in said
    assert "1 thing missing for your placement" in page(alice, LATER)
    assert "number No 14" in page(alice, "/ready/")


def test_student_with_nothing_to_come_hears_what_will_appear() -> None:
    client = browser(make.make_student("Ben Beech").person, second_factor=False)
    assert "No placement to come" in page(client, "/ready/")


def test_joining_pack_holds_all_for_the_first_day(placement: Placement, alice: Client) -> None:
    set_up(placement)
    make.plan_shift(placement, placement.starts)
    make.plan_shift(placement, placement.starts + timedelta(days=7))
    said = page(alice, reverse("joining_pack", args=[placement.uuid]))
    for words in (placement.site.postcode, "Bob Birch, practice educator", "Tunic", "Bus 61"):
        assert words in said
    assert days.day_and_month(placement.starts) in said
    assert days.day_and_month(placement.starts + timedelta(days=7)) not in said
    assert "Whom to ask" not in said


def test_joining_pack_without_a_guide_says_so(placement: Placement, alice: Client) -> None:
    said = page(alice, reverse("joining_pack", args=[placement.uuid]))
    assert "The site has not written its guide yet." in said


# Checks


@pytest.mark.parametrize("who", ["educator", "lead", "coordinator"])
def test_check_is_recorded_by_who_has_seen_it(placement: Placement, bob: Person, who: str) -> None:
    set_up(placement, dose_badge=12)
    person = bob
    if who != "educator":
        person = lead_of(placement) if who == "lead" else make.make_coordinator()
    client = browser(person)
    address = reverse("placement_checks", args=[placement.uuid])
    assert "Dose badge issued" in page(client, address)
    since = clock.today() - timedelta(days=2)
    form = {
        "kind": "dose_badge",
        "reference": "Badge 7",
        "uuid": str(uuid4()),
        **parts(since=since),
    }
    sent(client, address, form)
    check = Check.objects.get()
    assert (check.person, check.site) == (person, placement.site)
    assert check.entry.about_to == days.add_months(since, 12)
    assert "number Badge 7" in page(client, address)
    assert AccessLog.objects.filter(viewer=person, person=placement.enrolment.person).exists()


def test_check_is_corrected_and_withdrawn(placement: Placement, bob: Person) -> None:
    set_up(placement, dbs=36)
    client = browser(bob)
    check = show(bob, placement)
    address = reverse("correct_check", args=[placement.uuid, check.entry.uuid])
    assert "No 14" in page(client, address)
    since = clock.today() - timedelta(days=9)
    sent(client, address, {"reference": "No 15", "uuid": str(uuid4()), **parts(since=since)})
    [stands] = Check.objects.standing()
    assert (stands.entry.about_from, stands.supersedes) == (since, check)
    assert ledger.private_text(stands, "reference") == "No 15"
    withdraw = reverse("withdraw_check", args=[placement.uuid, stands.entry.uuid])
    sent(client, withdraw, {"uuid": str(uuid4())})
    assert "Nothing yet." in page(client, reverse("placement_checks", args=[placement.uuid]))


def test_pages_with_the_number_of_a_check_stay_out_of_caches(
    placement: Placement, bob: Person, alice: Client
) -> None:
    fact, bobs = show(bob, placement), browser(bob)
    pages = [
        (bobs, reverse("placement_checks", args=[placement.uuid])),
        (bobs, reverse("correct_check", args=[placement.uuid, fact.entry.uuid])),
        (alice, reverse("ready")),
    ]
    found = [(client.get(address), address) for client, address in pages]
    assert [("No 14" in page.content.decode(), page["Cache-Control"]) for page, _ in found] == [
        (True, "max-age=0, no-cache, no-store, must-revalidate, private")
    ] * 3


def test_check_of_another_site_is_not_found(placement: Placement, bob: Person) -> None:
    check = show(bob, placement, "local_rules")
    other = make.make_placement(
        placement.enrolment,
        site=make.make_site("Oak Hospital"),
        starts=placement.ends + timedelta(days=1),
        ends=placement.ends + timedelta(days=20),
        educator=bob,
        inducted=False,
    )
    page(browser(bob), reverse("correct_check", args=[other.uuid, check.entry.uuid]), 404)


# Who is not ready


@pytest.mark.engine
def test_coordinator_sees_who_lacks_what_and_takes_it_away(
    placement: Placement, bob: Person
) -> None:
    set_up(placement, dbs=36, dose_badge=None)
    show(bob, placement, "dose_badge", placement.starts + timedelta(days=3))
    esme = make.make_coordinator("Esme Elder")
    client = browser(esme)
    assert "1 student not ready for the placement" in page(client, LATER)
    said = page(client, reverse("not_ready"))
    assert "1 student not ready</h1>" in said
    assert "Alice Alder" in said
    wanted = [
        *("Alice Alder", placement.enrolment.student_number, placement.site.name),
        *("Disclosure and Barring Service check",),
        f"Dose badge issued until {days.long_date(placement.starts + timedelta(days=3))}",
    ]
    answer = client.get(reverse("not_ready_file", args=["csv"]))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    [line] = [row for row in rows if "Alice Alder" in row]
    assert [*line[:3], *line[5:]] == wanted
    book = load_workbook(io.BytesIO(b"".join(client.get(reverse("not_ready_file", args=["xlsx"])))))
    cells = [row for row in book.worksheets[0].iter_rows(values_only=True) if "Alice Alder" in row]
    assert [[*row[:3], *row[5:]] for row in cells] == [wanted]


@pytest.mark.engine
def test_site_lead_sees_those_of_the_site_alone(placement: Placement) -> None:
    set_up(placement, dbs=36)
    other = make.make_placement(
        make.make_student("Ben Beech"), site=make.make_site("Oak Hospital"), inducted=False
    )
    set_up(other, dbs=36)
    said = page(browser(lead_of(placement)), reverse("not_ready"))
    assert ("Alice Alder" in said, "Ben Beech" in said) == (True, False)
    assert "2 students not ready</h1>" in page(
        browser(make.make_coordinator()), reverse("not_ready")
    )


def test_nobody_lacking_anything_leaves_an_empty_list_that_teaches(placement: Placement) -> None:
    said = page(browser(make.make_coordinator()), reverse("not_ready"))
    assert "Everybody is ready</h1>" in said


# The induction's list


def test_induction_is_recorded_with_its_list(bob: Person) -> None:
    placement = make.make_placement(educator=bob, inducted=False)
    set_up(placement)
    client = browser(bob)
    assert "Controlled areas" in page(client, "/with-me-today/")
    form: dict[str, Any] = {"uuid": str(uuid4()), **parts(day=clock.today())}
    address = reverse("induct", args=[placement.uuid])
    sent(client, address, {**form, "covered": ["Somewhere else"]}, 422)
    sent(client, address, {**form, "covered": ["Fire exits"]})
    fact = Induction.objects.get()
    assert ledger.private_text(fact, "items") == "Fire exits\nNot covered: Controlled areas"
    record = reverse("enrolment_record", args=[placement.enrolment.uuid])
    assert "Not covered: Controlled areas" in page(client, record)


def test_coordinator_records_an_induction_with_its_list() -> None:
    placement = make.make_placement(inducted=False)
    set_up(placement)
    client = browser(make.make_coordinator())
    address = reverse("record_induction", args=[placement.uuid])
    assert "What is not ticked is kept as not covered" in page(client, address)
    form = {"uuid": str(uuid4()), "covered": ["Fire exits", "Controlled areas"]}
    sent(client, address, {**form, **parts(day=clock.today())})
    assert "<li>Controlled areas</li>" in page(client, reverse("placement", args=[placement.uuid]))


# Queries


def test_pages_take_as_many_queries_for_one_row_as_for_thirty(
    placement: Placement, bob: Person, alice: Client
) -> None:
    set_up(placement, dbs=36, dose_badge=None)
    show(bob, placement)
    esme = browser(make.make_coordinator())
    pages = [
        *((alice, name) for name in (LATER, "/ready/")),
        (alice, reverse("joining_pack", args=[placement.uuid])),
        *((esme, name) for name in (LATER, "/students/not-ready/")),
        (esme, reverse("placement_checks", args=[placement.uuid])),
        (esme, reverse("site_settings", args=[placement.site.uuid])),
        (browser(bob), "/with-me-today/"),
    ]
    taken = []
    for most in (1, 29):
        for n in range(most):
            other = make.make_placement(
                make.make_student(f"Student {most} {n}"),
                starts=clock.today() - timedelta(days=3),
                ends=placement.ends,
                educator=bob,
                inducted=False,
            )
            make.plan_shift(other, clock.today())
            show(bob, placement, "occupational_health")
        for client, address in pages:
            client.get(address)
            with counted() as queries:
                page(client, address)
            taken.append((address, len(queries)))
    assert taken[: len(pages)] == taken[len(pages) :]
    assert [row for row in taken if row[1] > MOST_QUERIES] == []
