"""What stands around the hours: cover, patterns, paper, evaluations and audits, on a phone and on a desktop."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from placements.actions.audits import ask_for_action
from placements.models import Placement, PlacementEvaluation, SiteAudit
from school.core import clock, ledger
from school.people.models import Person
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.journeys.conftest import DESKTOP, PHONE
from tests.placements.browsers import browser
from tests.placements.test_patterns import keep

# What these pages do is tested without a browser too, so the journeys wait for `make test-all`.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def dilys() -> Person:
    return make.make_educator("Dilys Sampleby")


@pytest.fixture
def placement(dilys: Person) -> Placement:
    return make.make_placement(educator=dilys, ends=clock.today() + timedelta(days=3))


@pytest.fixture
def walk(
    new_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], None]
) -> Callable[[Person, str], list[Page]]:
    """Open an address as somebody on a phone and on a desktop, without a word from axe."""
    keys: dict[int, str] = {}

    def open_both(person: Person, address: str) -> list[Page]:
        if person.pk not in keys:
            keys[person.pk] = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": keys[person.pk], "url": live_server.url}  # fmt: skip
        pages = []
        for size in (PHONE, DESKTOP):
            page = new_page(size)
            page.context.add_cookies([cookie])
            page.goto(address)
            axe(page)
            shots = os.environ.get("PORTAL_SHOTS")
            if shots:
                name = address.strip("/").replace("/", "-")[:60]
                page.screenshot(path=Path(shots) / f"{name}-{size['width']}.png", full_page=True)
            pages.append(page)
        return pages

    return open_both


def test_educator_names_somebody_who_finds_the_shift(
    walk: Callable[..., list[Page]], dilys: Person, placement: Placement
) -> None:
    farid = make.make_educator("Farid Standin")
    make.make_shift(placement, clock.today() - timedelta(days=1))
    phone, _ = walk(dilys, "/cover/")
    phone.get_by_label("Who stands in").select_option(label="Farid Standin")
    last = clock.today() + timedelta(days=7)
    ends = phone.get_by_role("group", name="Last day")
    for part in ("Day", "Month", "Year"):
        ends.get_by_label(part).fill(str(getattr(last, part.lower())))
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Farid Standin stands in for you")).to_be_visible()
    walk(dilys, "/cover/")
    for page in walk(farid, "/inbox/"):
        expect(page.get_by_text("You stand in for Dilys Sampleby")).to_be_visible()
    for page in walk(farid, "/with-me-today/"):
        expect(page.get_by_text("You stand in for Dilys Sampleby")).to_be_visible()


def test_site_keeps_patterns_and_does_what_its_audit_asks_for(
    walk: Callable[..., list[Page]], placement: Placement
) -> None:
    site = placement.site
    lead = make.make_person("Grace Leadwell")
    make.make_grant(lead, SITE_LEAD, site.scope)
    keep(site)
    audit = SiteAudit.objects.get(site=site)
    due = clock.today() - timedelta(days=1)
    ask_for_action(by=lead, audit=audit, what="A second dose badge", due=due, uuid=uuid4())
    walk(lead, f"/places/sites/{site.uuid}/")
    walk(lead, f"/places/sites/{site.uuid}/patterns/")
    walk(lead, "/audits/")
    walk(make.make_coordinator(), f"/places/sites/{site.uuid}/audits/")
    phone, _ = walk(lead, f"/places/sites/{site.uuid}/audits/")
    phone.get_by_role("link", name="Done").tap()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("The action is done.")).to_be_visible()
    coordinator = make.make_coordinator("Una Placewell")
    for page in walk(coordinator, f"/placements/{placement.uuid}/rota/"):
        expect(page.get_by_label("Working pattern")).to_be_visible()


def test_sheet_is_printed_and_entered(
    walk: Callable[..., list[Page]], dilys: Person, placement: Placement
) -> None:
    walk(dilys, f"/placements/{placement.uuid}/sheet/")
    _, desktop = walk(make.make_coordinator(), f"/placements/{placement.uuid}/sheet/")
    desktop.emulate_media(media="print")
    pdf = desktop.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1
    walk(make.make_coordinator("Una Placewell"), f"/students/{placement.enrolment.uuid}/paper/")


def test_student_evaluates_and_the_school_reads_five_together(
    walk: Callable[..., list[Page]], dilys: Person
) -> None:
    placement = make.make_placement(educator=dilys, ends=clock.today())
    student = placement.enrolment.person
    phone, _ = walk(student, f"/placements/{placement.uuid}/evaluation/")
    for group in phone.get_by_role("group").all():
        group.get_by_label("4: mostly").check()
    phone.get_by_label("What else the School should know").fill("Kind people")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("is kept.")).to_be_visible()
    assert PlacementEvaluation.objects.get().ratings == "4" * 10
    _give_long_ago(placement)
    school = make.make_coordinator()
    for page in walk(school, f"/places/sites/{placement.site.uuid}/evaluations/"):
        expect(page.get_by_text("All years, 5 answers")).to_be_visible()
    walk(school, "/evaluations/")


def _give_long_ago(like: Placement) -> None:
    day = clock.today() - timedelta(days=30)
    for n in range(5):
        student = make.make_student(f"Student {n}")
        placement = make.make_placement(student, site=like.site)
        fact = PlacementEvaluation(placement=placement, ratings=f"{n + 1}543212345")
        book = student.book
        draft = ledger.Draft(
            fact=fact, book=book, about_from=day, known_from=day, texts={"comment": f"Fine {n}"}
        )
        with ledger.writing(book) as pen:
            pen.append([draft], by=student.person.uuid)
