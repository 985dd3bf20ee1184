"""The calendar: what each view says, whom it shows to whom, its files, and that it costs the same with many rows."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from placements import calendar_queries as queries
from placements import calendar_weeks
from placements.actions import placing
from placements.calendar_queries import Asked, Cell
from placements.models import Cohort, Enrolment, PlaceOffer, Stage
from school.core import clock, days, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people.models import MobileUnit, Person, ScannerTerm, Scope, Site, UnitStay
from school.people.network import network_book
from school.people.roles import SITE_LEAD, UNIVERSITY_TUTOR
from tests import factories as make
from tests.placements.browsers import Viewer, browser
from tests.placements.test_views_coordinator import MOST_QUERIES, counted, page

pytestmark = pytest.mark.django_db

TODAY = clock.today()
MONDAY = days.monday(TODAY)
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays the day on which this file was read, also when the suite runs past midnight."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def esme(alice: Enrolment) -> Person:
    return make.make_coordinator("Esme Elder")


@pytest.fixture
def client(esme: Person) -> Client:
    return browser(esme)


def asked(**changed: Any) -> Asked:
    return Asked(**({"first": MONDAY} | changed))


def scanner(site: Site, kind: str, starts: date, ends: date | None = None) -> None:
    fact = ScannerTerm(site=site, scanner_kind=kind)
    with ledger.writing(network_book()) as pen:
        pen.append([Draft(fact=fact, book=network_book(), about_from=starts, about_to=ends)], by=PORTAL)  # fmt: skip


def said(first: date, last: date) -> str:
    """ "30 Nov to 1 Dec", "3 to 4 Dec"."""
    until = f"{last.day} {last:%b}"
    return (
        f"{first.day} to {until}"
        if first.month == last.month
        else f"{first.day} {first:%b} to {until}"
    )


def weeks_of(person: Person, site: Site, **changed: Any) -> calendar_weeks.SiteWeeks:
    [found] = calendar_weeks.sites_by_week(Viewer(person), asked(**changed), [site])  # type: ignore[arg-type]
    return found


@pytest.mark.engine
def test_week_has_names_and_what_is_free_of_the_places(esme: Person, alice: Enrolment) -> None:
    placement = make.make_placement(alice, starts=MONDAY + WEEK, ends=MONDAY + 3 * WEEK)
    PlaceOffer.objects.update(places=2)
    found = weeks_of(esme, placement.site)
    assert [(week.names, week.said) for week in found.weeks[:5]] == [
        ((), ""),
        (("A. Alder",), "1 of 2 free"),
        (("A. Alder",), "1 of 2 free"),
        (("A. Alder",), "1 of 2 free"),
        ((), ""),
    ]
    [group] = calendar_weeks.week_rows(asked(), [found])
    [row] = group.rows
    said = f"{queries.short_span(MONDAY + WEEK, MONDAY + 4 * WEEK - days.DAY)}"
    assert row.cells == (
        Cell(1),
        Cell(3, said, ("A. Alder",), "1 of 2 free"),
        Cell(8),
    )


@pytest.mark.engine
def test_place_that_changes_hands_within_a_week_is_used_once() -> None:
    """One student leaves on Wednesday and the next comes on Thursday."""
    first, last = MONDAY, MONDAY + 6 * days.DAY
    taken = [(1, first, first + 2 * days.DAY, 1), (1, first + 3 * days.DAY, last, 1)]
    assert calendar_weeks.free_places(asked(weeks=1), [(1, first, last, 2)], taken) == {1: [(1, 2)]}


@pytest.mark.engine
def test_offer_that_ends_on_friday_leaves_its_places_free() -> None:
    offers = [(1, MONDAY, MONDAY + 4 * days.DAY, 2)]
    assert calendar_weeks.free_places(asked(weeks=2), offers, []) == {1: [(2, 2), (0, 0)]}


def test_more_than_six_names_are_counted(esme: Person, alice: Enrolment) -> None:
    for number in range(8):
        placement = make.make_placement(make.make_student(f"Student {number}"))
    assert weeks_of(esme, placement.site).weeks[0].names[-1] == "and 2 more"
    assert len(weeks_of(esme, placement.site).weeks[0].names) == calendar_weeks.NAMES + 1


@pytest.mark.engine
def test_very_many_students_are_counted_and_named_in_the_file_alone(
    esme: Person, alice: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_weeks, "MANY", 1)
    placement = make.make_placement(alice, ends=MONDAY + 2 * WEEK)
    make.make_placement(make.make_student("Bob Birch"), ends=MONDAY + WEEK)
    said = [week.names for week in weeks_of(esme, placement.site).weeks[:4]]
    assert said == [("2 students",), ("2 students",), ("1 student",), ()]
    [whole] = calendar_weeks.sites_by_week(Viewer(esme), asked(), [placement.site], whole=True)  # type: ignore[arg-type]
    assert sorted(whole.weeks[0].names) == ["A. Alder", "B. Birch"]


def test_site_lead_is_told_no_name_of_another_site(alice: Enrolment) -> None:
    oak = make.make_placement(alice, site=make.make_site("Oak Hospital")).site
    lena = make.make_person("Lena Linden")
    make.make_grant(lena, SITE_LEAD, make.make_site().scope)
    found = weeks_of(lena, oak)
    assert (found.weeks[0].names, found.weeks[0].said) == ((), "49 of 50 free")
    client = browser(lena)
    for view in queries.VIEWS:
        assert "Alder" not in page(client, f"/calendar/?view={view}")


def test_tutor_sees_their_cohort_and_everybodys_places(alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    tutor, other = make.make_person("Tilda Teak"), make.make_person("Otto Oak")
    make.make_grant(tutor, UNIVERSITY_TUTOR, alice.cohort.scope)
    make.make_grant(other, UNIVERSITY_TUTOR, make.make_site("Oak Hospital").scope)
    names = [weeks_of(person, placement.site).weeks[0].names for person in (tutor, other)]
    assert names == [("A. Alder",), ()]


@pytest.mark.engine
def test_scanner_units_and_audit_stand_beside_a_site(esme: Person, alice: Enrolment) -> None:
    site = make.make_site()
    scanner(site, "mobile", date(2017, 1, 1), MONDAY + WEEK - days.DAY)
    scanner(site, "static", MONDAY + WEEK)
    unit = MobileUnit.objects.create(name="PET-3")
    UnitStay.objects.create(unit=unit, site=site, starts=MONDAY, ends=MONDAY + days.DAY)
    found = weeks_of(esme, site)
    assert found.weeks[0].units == (f"PET-3, {said(MONDAY, MONDAY + days.DAY)}",)  # fmt: skip
    assert found.weeks[1].units == ()
    until, since = days.long_date(MONDAY + WEEK - days.DAY), days.long_date(MONDAY + WEEK)
    assert found.note == f"mobile until {until}, static from {since}"


@pytest.mark.engine
def test_sites_without_scanner_places_or_students_are_left_out(
    esme: Person, alice: Enrolment
) -> None:
    site = make.make_site()
    assert calendar_weeks.sites_by_week(Viewer(esme), asked(), [site]) == []  # type: ignore[arg-type]
    assert len(calendar_weeks.sites_by_week(Viewer(esme), asked(site=site.slug), [site])) == 1  # type: ignore[arg-type]


@pytest.mark.engine
def test_filters_narrow_each_view(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice)
    make.make_placement(make.make_student("Bob Birch"), year=2, site=make.make_site("Oak Hospital"))
    for view in queries.VIEWS:
        both = page(client, f"/calendar/?view={view}")
        assert ("Alder" in both, "Birch" in both) == (True, True), view
        for narrowed in ("year=2", "site=oak-hospital"):
            said = page(client, f"/calendar/?view={view}&{narrowed}")
            assert ("Alder" in said, "Birch" in said) == (False, True), (view, narrowed)


@pytest.mark.engine
@pytest.mark.parametrize("address", ["/calendar/", "/students/"])
def test_filter_offers_the_cohorts_that_the_viewer_watches(
    client: Client, alice: Enrolment, address: str
) -> None:
    programme, site = alice.cohort.programme, make.make_site()
    scope = Scope.objects.create(kind="cohort", name="Later", parent=programme.scope)
    Cohort.objects.create(
        scope=scope, programme=programme, name="January 2099", starts=date(2099, 1, 1)
    )
    lead, near = make.make_person("Grace Leadwell"), make.make_person("Tamsin Tutor")
    make.make_grant(lead, SITE_LEAD, site.scope)
    make.make_grant(near, UNIVERSITY_TUTOR, scope)

    def offered(browser: Client) -> list[str]:
        field = browser.get(address).context["form"].fields["cohort"]
        return [name for name, _ in field.choices if name]

    theirs = [browser(person) for person in (lead, near)]
    both = ["January 2099", "September 2024"]
    assert [sorted(offered(one)) for one in (client, *theirs)] == [both, [], ["January 2099"]]
    make.make_placement(alice, site=site)
    assert offered(theirs[0]) == ["September 2024"]


def test_student_without_a_placement_stands_in_the_view_by_cohort(
    client: Client, alice: Enrolment
) -> None:
    assert "Not placed in these weeks" in page(client, "/calendar/?view=cohort")


@pytest.mark.engine
def test_cells_of_a_student_lie_over_the_weeks_of_each_placement(
    esme: Person, alice: Enrolment
) -> None:
    oak = make.make_site("Oak Hospital")
    first = make.make_placement(alice, starts=MONDAY + WEEK, ends=MONDAY + 2 * WEEK)
    second = make.make_placement(
        alice, site=oak, starts=MONDAY + 2 * WEEK + days.DAY, ends=MONDAY + 2 * WEEK + 3 * days.DAY
    )
    third = make.make_placement(alice, starts=MONDAY + 10 * WEEK, ends=MONDAY + 20 * WEEK)
    [group] = queries.cohort_rows(Viewer(esme), asked(), [alice])  # type: ignore[arg-type]
    [row] = group.rows
    assert [(cell.weeks, cell.placement) for cell in row.cells] == [
        (1, None),
        (2, first.uuid),
        (7, None),
        (2, third.uuid),
    ]
    assert row.cells[1].lines[2] == second.site.name


def test_weeks_go_earlier_and_later(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice, starts=MONDAY + 12 * WEEK, ends=MONDAY + 13 * WEEK)
    assert "A. Alder" not in page(client, "/calendar/")
    later = (MONDAY + 12 * WEEK).isoformat()
    assert f"from={later}" in page(client, "/calendar/")
    assert "A. Alder" in page(client, f"/calendar/?from={later}")


@pytest.mark.engine
@pytest.mark.parametrize(
    "query", ["?from=x", "?from=9999-12-31", "?from=0001-01-01", "?from=2100-12-30", "?from=1900-01-01", "?weeks=9", "?view=x", "?page=99", "?site=nowhere"]
)  # fmt: skip
def test_calendar_leaves_out_what_cannot_be_read(
    client: Client, alice: Enrolment, query: str
) -> None:
    page(client, f"/calendar/{query}")


@pytest.mark.parametrize("view", list(queries.VIEWS))
def test_calendar_takes_as_many_queries_for_one_row_as_for_thirty(
    client: Client, alice: Enrolment, view: str
) -> None:
    url = f"/calendar/?view={view}"
    make.make_placement(alice)
    scanner(make.make_site(), "mobile", date(2017, 1, 1))
    page(client, url)
    with counted() as few:
        page(client, url)
    for number in range(30):
        site = make.make_site(f"Site {number}")
        make.make_placement(make.make_student(f"Student {number}"), site=site)
        UnitStay.objects.create(
            unit=MobileUnit.objects.create(name=f"PET-{number}"), site=site, starts=MONDAY, ends=MONDAY
        )  # fmt: skip
    with counted() as more:
        said = page(client, url)
    assert said.count('<th scope="row">') == 31
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= MOST_QUERIES


@pytest.mark.engine
def test_files_have_a_line_for_each_week_or_placement(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    for view, length in (("weeks", 12), ("sites", 1), ("cohort", 1)):
        answer = client.get(f"/calendar/file/csv/?view={view}")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        lines = list(csv.reader(io.StringIO(text)))
        assert "all sites, cohorts and stages" in lines[0][0]
        assert len(lines) == length + 2
        assert lines[2][0] == placement.site.name
    answer = client.get("/calendar/file/xlsx/")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.worksheets[0].max_row == 13
    book.close()
    assert client.get("/calendar/file/pdf/").status_code == 404


def test_cell_leads_to_the_placement_for_who_may_open_it(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    lead = make.make_person("Lena Linden")
    make.make_grant(lead, SITE_LEAD, placement.site.scope)
    url = f"/placements/{placement.uuid}/"
    pages = [page(one, "/calendar/?view=sites") for one in (client, browser(lead))]
    assert [url in said for said in pages] == [True, False]


def test_planned_placement_is_said_to_be_planned(esme: Person, alice: Enrolment) -> None:
    stage, site = Stage.objects.get(version=alice.version, year=3), make.make_site()
    PlaceOffer.objects.create(site=site, stage=stage, starts=MONDAY, ends=MONDAY + WEEK, places=1)
    placing.place_student(by=esme, enrolment=alice, stage=stage, site=site, starts=MONDAY, ends=MONDAY + WEEK, uuid=uuid4())  # fmt: skip
    assert weeks_of(esme, site).weeks[0].names == ("A. Alder (planned)",)
