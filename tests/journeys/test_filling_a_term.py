"""A coordinator fills a term for a cohort of forty, lets two pairs swap, and makes a mobile scanner static."""

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from placements.models import Enrolment, Placement, PlaceOffer, SitePreference, Stage
from school.core import clock, days
from school.people.models import ScannerTerm, Site, UnitStay
from tests import factories as make
from tests.journeys.conftest import DESKTOP, PHONE, is_too_wide
from tests.journeys.test_moving import fill, look
from tests.placements.browsers import browser
from tests.placements.test_calendar_queries import scanner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STARTS = days.monday(clock.today()) + timedelta(weeks=3)
ENDS = STARTS + timedelta(weeks=6) - 3 * days.DAY  # a Friday
STATIC = STARTS + timedelta(weeks=3)
PLACES = {  # 42 in all
    "Alder Infirmary": 6,
    "Beech Hospital": 6,
    "Cedar Clinic": 6,
    "Dogwood Hospital": 5,
    "Elm Hospital": 5,
    "Fir Infirmary": 5,
    "Gorse Clinic": 5,
    "Hazel Hospital": 4,
}
HAZEL, ELM = "Hazel Hospital", "Elm Hospital"
CALENDAR = f"/calendar/?from={STARTS.isoformat()}"
STAYS = [
    (STARTS, STARTS + 4 * days.DAY),
    (STATIC - timedelta(weeks=1), STATIC + 4 * days.DAY),
    (STATIC + timedelta(weeks=2), STATIC + timedelta(weeks=2, days=4)),
]
FIRST = ("Ada", "Ben", "Cleo", "Dan", "Edie", "Finn", "Gwen", "Hal")
LAST = ("Sampleby", "Testwell", "Underdraft", "Vanmock", "Wouldbe")


@pytest.fixture
def students() -> list[Enrolment]:
    """Forty students of one cohort, by name."""
    make.make_network()
    names = [" ".join(name) for name in product(FIRST, LAST)]
    return [make.make_student(name, account=False) for name in names]


@pytest.fixture
def stage(students: list[Enrolment]) -> Stage:
    return Stage.objects.get(version=students[0].version, year=3)


@pytest.fixture
def sites(students: list[Enrolment], stage: Stage) -> dict[str, Site]:
    """Eight sites with two places more than there are students; the scanner of Elm Hospital is mobile.

    Seven students would like to go to Hazel Hospital, which has four places; one of them has been there.
    """
    found = {name: make.make_site(name) for name in PLACES}
    for name, site in found.items():
        PlaceOffer.objects.create(
            site=site, stage=stage, starts=STARTS, ends=ENDS, places=PLACES[name]
        )
        scanner(site, "mobile" if name == ELM else "static", date(2019, 5, 3))
    for row in students[:7]:
        for rank, name in enumerate((HAZEL, "Cedar Clinic"), start=1):
            SitePreference.objects.create(enrolment=row, site=found[name], rank=rank)
    before = clock.today() - timedelta(weeks=40)
    make.make_placement(
        students[2], year=2, site=found[HAZEL], starts=before, ends=before + timedelta(weeks=4)
    )
    return found


@pytest.fixture
def screens(new_page: Callable[..., Page], live_server: LiveServer) -> tuple[Page, Page]:
    """A desktop and a phone of one coordinator, who gave a second factor at the door."""
    key = browser(make.make_coordinator("Cora Placewell")).cookies[settings.SESSION_COOKIE_NAME]
    cookie: Any = {"name": key.key, "value": key.value, "url": live_server.url}
    pages = new_page(DESKTOP), new_page(PHONE)
    for page in pages:
        page.context.add_cookies([cookie])
    return pages


def follow(target: Locator) -> None:
    """Click what leads to another page, and wait for that page."""
    with target.page.expect_navigation():
        target.click()


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True))


def choices(page: Page) -> dict[str, str]:
    """The site that stands beside each student's name."""
    found: list[list[str]] = page.locator("select[name^=site_]").evaluate_all(
        "all => all.map(one => [one.labels[0].innerText, one.selectedOptions[0].innerText])"
    )
    return {name: site.partition(",")[0] for name, site in found}


def choose(page: Page, student: str, site: str) -> None:
    page.get_by_label(student, exact=True).select_option(label=f"{site}, {PLACES[site]} free")


def on_day(stage: Stage, day: date) -> Counter[str]:
    """How many are at each site on a day, by what the database holds."""
    rows = Placement.objects.filter(stage=stage, starts__lte=day, ends__gte=day)
    active = rows.exclude(state=Placement.State.WITHDRAWN)
    assert active.values("enrolment").distinct().count() == active.count()
    return Counter(active.values_list("site__name", flat=True))


def stays_in_calendar(page: Page, site: str) -> list[str]:
    """What the calendar says in the row of a site about the mobile unit."""
    page.goto(CALENDAR)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=site, exact=True))
    lines = "\n".join(row.get_by_role("cell").all_inner_texts()).splitlines()
    return [line for line in lines if line.startswith("PET-3")]


def test_term_is_filled_for_forty_with_two_swaps_and_a_scanner_that_becomes_static(
    students: list[Enrolment],
    stage: Stage,
    sites: dict[str, Site],
    screens: tuple[Page, Page],
    axe: Callable[[Page], None],
) -> None:
    page, phone = screens

    def see(name: str, *, on_phone: bool = False, narrow: bool = False) -> None:
        """Look at the page as it stands; and the same address on the phone, or an answer made narrow."""
        look(page, axe, name)
        assert not is_too_wide(page), page.url
        if on_phone:
            phone.goto(page.url)
            look(phone, axe, name)
            assert not is_too_wide(phone), phone.url
        if narrow:
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            look(page, axe, name)
            assert not is_too_wide(page), page.url
            page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    # when the coordinator goes from the calendar to the page that fills a term, and forgets what to choose
    page.goto(CALENDAR)
    follow(page.get_by_role("link", name="Fill a term"))
    look(page, axe, "term-start")
    press(page, "Show who is to be placed")
    expect(page.get_by_role("alert")).to_contain_text("Choose the cohort")
    see("term-nothing-chosen")

    # and chooses the cohort, the year and the days
    page.get_by_label("Cohort").select_option(label=str(students[0].cohort))
    page.get_by_label("Year of the programme").select_option("3")
    fill(page, "First day", STARTS)
    fill(page, "Last day", ENDS)
    press(page, "Show who is to be placed")

    # then forty are proposed: first choices first, nobody where they have been, no site over its places
    expect(page.get_by_role("heading", name="40 students to place")).to_be_visible()
    proposed = choices(page)
    names = [row.person.name for row in students]
    assert list(proposed) == names
    assert [name for name in names if proposed[name] == HAZEL] == names[:2] + names[3:5]
    assert {proposed[name] for name in (names[2], *names[5:7])} == {"Cedar Clinic"}
    expect(page.get_by_text("Has been at: Hazel Hospital.")).to_have_count(1)
    free = Counter(PLACES)
    free.subtract(proposed.values())
    assert (free.total(), min(free.values())) == (2, 0)
    left = ", ".join(f"{name} ({number})" for name, number in sorted(free.items()) if number)
    expect(page.get_by_text(f"As it stands below, places are left at {left}.")).to_be_visible()
    see("term", on_phone=True)

    # when two of them are sent to the places that are left, and one to a site that is full
    wanted = dict(proposed)
    wanted |= dict(zip(names[-6:-4], free.elements(), strict=True))
    wanted[names[-1]] = HAZEL
    changed = [name for name in names if wanted[name] != proposed[name]]
    assert changed == [*names[-6:-4], names[-1]]
    for name in changed:
        choose(page, name, wanted[name])
    page.get_by_label("The sites have confirmed these placements").check()
    press(page, "Place them")

    # then it is said beside that student, everything chosen is still there, and nobody is placed
    said = f"No place is left for {names[-1]}: {HAZEL} has 4 free, and 5 students are to go there."
    expect(page.get_by_role("alert")).to_contain_text(said)
    refused = page.get_by_label(names[-1], exact=True)
    expect(refused).to_have_accessible_description(re.compile(re.escape(said)))
    assert choices(page) == wanted
    expect(page.get_by_label("The sites have confirmed these placements")).to_be_checked()
    assert not Placement.objects.filter(stage=stage).exists()
    see("term-refused", narrow=True)

    # when that one goes where they were proposed, and all are placed
    wanted[names[-1]] = proposed[names[-1]]
    choose(page, names[-1], wanted[names[-1]])
    press(page, "Place them")
    expect(page.get_by_text("40 students are placed.")).to_be_visible()
    expect(page.get_by_text("Nobody is to be placed")).to_be_visible()
    see("term-empty", on_phone=True)
    assert on_day(stage, STARTS) == on_day(stage, ENDS) == Counter(wanted.values())

    # then the calendar shows them by site, by each site's students and by cohort
    follow(page.get_by_role("link", name="See who is where"))
    expect(page.locator("td.soo-cal__held")).to_have_count(40)
    page.goto(CALENDAR)
    counted = {name: PLACES[name] - number for name, number in Counter(wanted.values()).items()}
    for name, number in counted.items():
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
        expect(row.get_by_text(f"{number} of {PLACES[name]} free")).to_have_count(1)
    see("calendar", on_phone=True)
    for view in ("Students by site", "Students by cohort"):
        follow(page.get_by_role("link", name=view))
        expect(page.locator("tbody th[scope=row]")).to_have_count(40)
        expect(page.locator("td.soo-cal__held")).to_have_count(40)
        see(view.lower().replace(" ", "-"))

    # when two pairs swap, the first before the term and the second after two weeks of it
    half = STARTS + timedelta(weeks=2)
    for one, other, day in ((names[0], names[-1], STARTS), (names[8], names[20], half)):
        page.goto(f"{CALENDAR}&view=cohort")
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=one, exact=True))
        follow(row.get_by_role("cell").get_by_role("link"))
        follow(page.get_by_role("link", name="Swap with another student"))
        page.get_by_label("Swap with").select_option(
            label=f"{other}, {wanted[other]}, {days.long_date(STARTS)} to {days.long_date(ENDS)}"
        )
        fill(page, "First day of the swap", day)
        page.get_by_label("Why the two swap").fill("Both asked for it.")
        if day == half:
            see("swap", on_phone=True)
        press(page, "Check")
        for name, site in ((one, wanted[other]), (other, wanted[one])):
            expect(page.get_by_role("heading", name=f"{name} goes to {site}")).to_be_visible()
        if day == half:
            see("swap-check", narrow=True)
        press(page, "Swap")
        expect(page.get_by_text(f"{other} goes to {wanted[one]} on")).to_be_visible()
        wanted[one], wanted[other] = wanted[other], wanted[one]

    # then everybody still has one place, and each site as many students as before
    for day in (STARTS, half, ENDS):
        assert on_day(stage, day) == Counter(wanted.values())

    # when a unit's stays at the site with a mobile scanner are recorded, the first with a new unit's name
    page.goto(CALENDAR)
    follow(page.get_by_role("link", name=ELM, exact=True))
    for first, last in STAYS:
        follow(page.get_by_role("link", name="Record where a mobile unit stands"))
        if first == STARTS:
            page.get_by_label("Name of a new unit").fill("PET-3")
        else:
            page.get_by_label("Unit", exact=True).select_option(label="PET-3")
        fill(page, "First day", first)
        fill(page, "Last day", last)
        press(page, "Save")
        expect(page.get_by_text("PET-3 stands at Elm Hospital")).to_be_visible()
    see("site-mobile")
    assert len(stays_in_calendar(page, ELM)) == 4

    # and the scanner becomes static in the middle of the second stay
    follow(page.get_by_role("link", name=ELM, exact=True))
    follow(page.get_by_role("link", name="The scanner becomes static"))
    fill(page, "First day of the static scanner", STATIC)
    see("static", on_phone=True)
    press(page, "Check")

    # then what it changes is shown before it is saved
    expect(page.get_by_role("heading", name="Check before you save")).to_be_visible()
    there = [name for name in names if wanted[name] == ELM]
    shown = dict(
        zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True)
    )
    assert shown["Static"] == f"from {days.long_date(STATIC)}"
    assert shown["Units that leave sooner"] == (
        f"PET-3, until {days.long_date(STATIC - days.DAY)} instead of {days.long_date(STAYS[1][1])}"
    )
    assert shown["Units taken off"].startswith("PET-3, ")
    for name in there:
        assert name in shown["Placements that go on at the static scanner"]
    assert ScannerTerm.objects.standing().filter(site=sites[ELM]).count() == 1
    see("static-check", narrow=True)
    press(page, "Save")

    # and the site's page and the calendar show it
    expect(page.get_by_text(f"Static from {days.long_date(STATIC)}.", exact=True)).to_be_visible()
    until = f"until {days.long_date(STATIC - days.DAY)}"
    expect(page.get_by_text(f"Mobile from 3 May 2019 {until}.", exact=True)).to_be_visible()
    see("site-static", on_phone=True)
    assert len(stays_in_calendar(page, ELM)) == 2
    beside = f"mobile {until}, static from {days.long_date(STATIC)}"
    expect(page.get_by_text(beside, exact=True)).to_be_visible()
    see("calendar-static")

    # then forty are placed on every day, no site has more than it offers, and every record is as it was written
    for number in range((ENDS - STARTS).days + 1):
        found = on_day(stage, STARTS + number * days.DAY)
        assert found == Counter(wanted.values())
        assert (found.total(), found - Counter(PLACES)) == (40, Counter())
    assert list(UnitStay.objects.values_list("starts", "ends")) == [
        STAYS[0],
        (STAYS[1][0], STATIC - days.DAY),
    ]
    call_command("verify_records", stdout=io.StringIO())
