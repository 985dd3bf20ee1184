"""Before the first day in a real browser: a site says what it asks, a student arrives, and declares in confidence."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from placements.actions.radiation import record_dose
from placements.models import Check, DoseReading, Placement, PregnancyDeclaration, SiteCheck
from school.core import clock
from school.people.models import Person
from school.people.roles import RADIATION_PROTECTION_SUPERVISOR, SITE_LEAD
from tests import factories
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def placement() -> Placement:
    first = clock.today() + timedelta(days=6)
    placement = factories.make_placement(
        starts=first,
        ends=first + timedelta(days=30),
        educator=factories.make_educator(),
        inducted=False,
    )
    for n in range(3):
        factories.plan_shift(placement, first + timedelta(days=n))
    return placement


@pytest.fixture
def enter(
    new_page: Callable[..., Page], live_server: LiveServer, size: dict[str, int]
) -> Callable[[Person], Page]:
    """A page on which somebody has come through the door, with the second factor of their role."""

    def open_page(person: Person) -> Page:
        page = new_page(size)
        cookie = browser(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return open_page


def role_at(placement: Placement, name: str, role: object) -> Person:
    person = factories.make_person(name)
    factories.make_grant(person, role, placement.site.scope)  # type: ignore[arg-type]
    return person


def fill_day(page: Page, legend: str, day: object) -> None:
    group = page.get_by_role("group", name=legend)
    for part in ("day", "month", "year"):
        group.get_by_label(part.capitalize()).fill(str(getattr(day, part)))


def test_student_arrives_with_checks_and_an_induction(
    placement: Placement, enter: Callable[[Person], Page], axe: Callable[[Page], None]
) -> None:
    today = clock.today()
    lead = enter(role_at(placement, "Lena Lead", SITE_LEAD))
    lead.goto(f"/places/sites/{placement.site.uuid}/")
    lead.get_by_role("link", name="Checks and guide for newcomers").click()
    axe(lead)
    lead.get_by_role("checkbox", name="Disclosure and Barring Service check").check()
    lead.get_by_label("Months accepted: Disclosure and Barring Service check").fill("36")
    lead.get_by_role("checkbox", name="Dose badge issued").check()
    lead.get_by_label("Where to come on the first day").fill("Main entrance, 07:45")
    lead.get_by_label("What an induction goes through").fill("Fire exits\nControlled areas")
    lead.get_by_role("button", name="Save").click()
    expect(lead.get_by_text("What Cumberland Infirmary asks and tells is saved.")).to_be_visible()
    assert SiteCheck.objects.count() == 2

    student = enter(placement.enrolment.person)
    student.goto("/home/later/")
    expect(student.get_by_text("2 things missing for your placement")).to_be_visible()
    axe(student)
    student.get_by_role("link", name="Joining pack").click()
    expect(student.get_by_text("Main entrance, 07:45")).to_be_visible()
    axe(student)

    educator = enter(placement.supervisions.get().person)
    educator.goto(f"/placements/{placement.uuid}/checks/")
    axe(educator)
    educator.get_by_label("Which check").select_option("dbs")
    fill_day(educator, "Holds from", today - timedelta(days=100))
    educator.get_by_label("Number on it").fill("DBS 0012")
    educator.get_by_role("button", name="Record the check").click()
    expect(educator.get_by_text("number DBS 0012")).to_be_visible()
    educator.get_by_role("link", name=re.compile("^Correct")).click()
    axe(educator)
    assert Check.objects.count() == 1

    coordinator = enter(factories.make_coordinator())
    coordinator.goto("/students/")
    coordinator.get_by_role("link", name="Who is not ready for the first day").click()
    expect(coordinator.get_by_role("heading", name="1 student not ready")).to_be_visible()
    axe(coordinator)
    student.goto("/ready/")
    axe(student)


def test_declaration_reaches_the_radiation_protection_supervisor(
    placement: Placement, enter: Callable[[Person], Page], axe: Callable[[Page], None]
) -> None:
    today = clock.today()
    rhys = role_at(placement, "Rhys Rowan", RADIATION_PROTECTION_SUPERVISOR)
    student = enter(placement.enrolment.person)
    student.goto("/ready/")
    student.get_by_role("link", name="Pregnancy declaration").click()
    expect(student.get_by_text("Rhys Rowan")).to_be_visible()
    axe(student)
    student.get_by_label("What you declare").fill("The baby is due in May.")
    student.get_by_role("button", name="Declare in confidence").click()
    expect(student.get_by_role("button", name="Take it back")).to_be_visible()
    axe(student)
    assert PregnancyDeclaration.objects.count() == 1

    supervisor = enter(rhys)
    supervisor.goto("/home/")
    axe(supervisor)
    supervisor.get_by_role("link", name="Declared in confidence").click()
    expect(supervisor.get_by_text("The baby is due in May.")).to_be_visible()
    axe(supervisor)

    Placement.objects.update(starts=today - timedelta(days=30))
    record_dose(
        by=rhys,
        enrolment=placement.enrolment,
        site=placement.site,
        first=today - timedelta(days=28),
        last=today - timedelta(days=15),
        microsieverts=60,
        uuid=uuid4(),
    )
    supervisor.goto("/dose-readings/")
    axe(supervisor)
    supervisor.get_by_role("link", name=placement.enrolment.person.name).click()
    fill_day(supervisor, "First day worn", today - timedelta(days=14))
    fill_day(supervisor, "Last day worn", today - timedelta(days=1))
    supervisor.get_by_label("Dose, mSv").fill("0.125")
    supervisor.get_by_role("button", name="Record the reading").click()
    expect(supervisor.get_by_text("0.185 mSv in all.")).to_be_visible()
    axe(supervisor)
    assert DoseReading.objects.count() == 2
    student.goto("/my-dose/")
    expect(student.get_by_text("0.185 mSv in all.")).to_be_visible()
    axe(student)
