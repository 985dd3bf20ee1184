"""Education-tariff weeks from confirmed hours: what counts for which trust in which year, and why the rest does not."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from placements import tariff, tariff_queries
from placements.actions import placing
from placements.models import Enrolment, Placement, SiteAudit
from placements.tariff import Rules
from school.core import clock, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people.models import AccessLog, Person
from school.people.network import network_book
from school.people.roles import COORDINATOR, PROGRAMME_LEAD
from tests import factories as make
from tests.placements.browsers import Viewer, browser, unaudited
from tests.placements.test_views_coordinator import counted
from tests.placements.test_views_tutor import table, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def esme() -> Person:
    make.make_network()
    return make.make_coordinator("Esme Elder")


def placed(name: str, *, confirmed: int = 1, **how: Any) -> Placement:
    """A placement of a student, with so many confirmed shifts of 7 hours 30 minutes."""
    dilys = make.make_educator()
    placement = make.make_placement(make.make_student(name), educator=dilys, **how)
    for number in range(confirmed):
        day = clock.today() - timedelta(days=1 + number)
        make.make_decision(dilys, make.make_shift(placement, day))
    return placement


def lines(person: Person, year: int | None = None) -> list[tariff_queries.Line]:
    wanted = tariff.year_of(clock.today()) if year is None else year
    return tariff_queries.lines(Viewer(person), wanted, Rules())


def found(person: Person, year: int | None = None) -> dict[str, tuple[int, tuple[str, ...]]]:
    names = dict(Enrolment.objects.values_list("student_number", "person__name"))
    return {names[line.number]: (line.minutes, line.reasons) for line in lines(person, year)}


@pytest.mark.engine
def test_confirmed_hours_count_and_others_do_not(esme: Person) -> None:
    placement = placed("Alice Alder", confirmed=5)
    make.make_shift(placement, clock.today() - timedelta(days=9))
    dilys = placement.supervisions.get().person
    simulated = make.make_shift(
        placement, clock.today() - timedelta(days=10), day_type="simulation"
    )
    make.make_decision(dilys, simulated)
    assert found(esme) == {"Alice Alder": (2250, ())}
    [trust] = tariff_queries.trusts(lines(esme), Rules())
    assert (trust.name, trust.weeks) == ("North Cumbria Integrated Care", Decimal("1.00"))


@pytest.mark.engine
def test_weeks_of_a_trust_are_of_its_minutes(esme: Person) -> None:
    # Three times 450 minutes are 0.2 weeks each and 0.6 together; 4 times 449 show the difference.
    for number in range(4):
        dilys = make.make_educator()
        placement = make.make_placement(make.make_student(f"Student {number}"), educator=dilys)
        day = clock.today() - timedelta(days=2)
        make.make_decision(dilys, make.make_shift(placement, day, end="08:11", break_minutes=0))
    [trust] = tariff_queries.trusts(lines(esme), Rules())
    each = [tariff.weeks(line.minutes, 2250) for line in trust.lines]
    assert (sum(each), trust.weeks) == (Decimal("0.00"), Decimal("0.02"))


@pytest.mark.engine
def test_placement_that_does_not_count_says_why(esme: Person) -> None:
    today = clock.today()
    placed("Alice Alder", site=unaudited_later(), confirmed=1)
    alone = make.make_placement(make.make_student("Bob Birch"))
    placed("Cleo Cedar", starts=today - timedelta(days=3), ends=today)
    withdrawn = make.make_placement(
        make.make_student("Dora Dogwood"), starts=today + timedelta(days=1), educator=make.make_educator()
    )  # fmt: skip
    placing.move_state(by=esme, placement=withdrawn, to=Placement.State.WITHDRAWN, reason="so")
    planned = make.make_placement(make.make_student("Never Yet"), starts=today + timedelta(days=2))
    said = found(esme)
    assert alone.enrolment.person.name in said
    assert planned.enrolment.person.name not in said
    assert said == {
        "Alice Alder": (450, ("no quality audit held on the first day",)),
        "Bob Birch": (0, ("nobody was named to supervise",)),
        "Cleo Cedar": (450, ("shorter than a week: 4 days",)),
        "Dora Dogwood": (0, ("withdrawn before it began",)),
    }


def unaudited_later() -> Any:
    """A site whose only audit began after the placement did."""
    site = unaudited()
    with ledger.writing(network_book()) as pen:
        draft = Draft(
            fact=SiteAudit(site=site), book=network_book(), about_from=clock.today(),
            about_to=clock.today() + timedelta(days=700),
        )  # fmt: skip
        pen.append([draft], by=PORTAL)
    return site


@pytest.mark.engine
def test_site_that_is_no_trust_is_left_out_with_its_reason(esme: Person) -> None:
    placement = placed("Alice Alder")
    owner = placement.site.organisation
    owner.kind = "provider"
    owner.save()
    assert found(esme) == {"Alice Alder": (450, ("the site is not an NHS trust’s",))}
    [trust] = tariff_queries.trusts(lines(esme), Rules())
    assert (trust.weeks, trust.left_minutes, trust.why) == (
        Decimal("0.00"), 450, {"the site is not an NHS trust’s": 1},
    )  # fmt: skip


@pytest.mark.engine
def test_placement_that_was_moved_is_as_long_as_both_parts(esme: Person) -> None:
    today = clock.today()
    first = placed("Alice Alder", starts=today - timedelta(days=4), ends=today - timedelta(days=2), confirmed=0)  # fmt: skip
    dilys = first.supervisions.get().person
    elm = make.make_site("Elm Hospital")
    second = make.make_placement(
        first.enrolment, site=elm, starts=today - timedelta(days=1), ends=today, educator=dilys
    )
    reasons = [line.reasons for line in lines(esme)]
    assert reasons == [("shorter than a week: 3 days",), ("shorter than a week: 2 days",)]
    second.moved_from = first
    second.save()
    assert [line.reasons for line in lines(esme)] == [(), ()]


@pytest.mark.engine
def test_days_of_a_link_that_never_began_make_a_placement_no_longer(esme: Person) -> None:
    today = clock.today()
    oak = make.make_site("Oak Infirmary")
    held: list[Placement] = []
    for starts, ends in ((10, 9), (8, 7), (6, 5), (4, 3)):
        held.append(
            make.make_placement(
                held[0].enrolment if held else make.make_student("Alice Alder"),
                site=oak,
                starts=today - timedelta(days=starts),
                ends=today - timedelta(days=ends),
                educator=make.make_educator(),
            )
        )
    never = {"state": Placement.State.WITHDRAWN, "never_began": True}
    first, second, wrong, right = held
    for row, before in ((second, first), (wrong, second), (right, second)):
        Placement.objects.filter(pk=row.pk).update(
            moved_from=before, **(never if row == wrong else {})
        )
    assert {line.reasons for line in lines(esme) if line.starts != wrong.starts} == {()}
    Placement.objects.filter(pk=right.pk).update(moved_from=None)
    Placement.objects.filter(pk=second.pk).update(**never)
    assert {line.starts: line.reasons for line in lines(esme)} == {
        first.starts: ("shorter than a week: 2 days",),
        second.starts: ("withdrawn before it began", "shorter than a week: 4 days"),
        wrong.starts: ("withdrawn before it began",),
        right.starts: ("shorter than a week: 2 days",),
    }


@pytest.mark.engine
def test_hours_fall_in_the_financial_year_of_their_day() -> None:
    with time_machine.travel(date(2026, 4, 10), tick=True):
        make.make_network()
        esme = make.make_coordinator("Esme Elder")
        dilys = make.make_educator()
        placement = make.make_placement(make.make_student("Alice Alder"), educator=dilys)
        for day in (date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)):
            make.make_decision(dilys, make.make_shift(placement, day))
        assert [found(esme, year) for year in (2024, 2025, 2026)] == [
            {}, {"Alice Alder": (900, ())}, {"Alice Alder": (450, ())},
        ]  # fmt: skip


@pytest.mark.engine
def test_files_have_a_row_for_each_trust_and_each_placement(esme: Person) -> None:
    placement = placed("Alice Alder", confirmed=5)
    client = browser(esme)
    about, rows = table(client, "/tariff/trusts/file/csv/")
    assert "financial year" in about
    assert [(row["Organisation"], row["Code"], row["Hours counted"], row["Weeks"]) for row in rows] == [
        ("North Cumbria Integrated Care", "RNN", "37.5", "1.00")
    ]  # fmt: skip
    assert AccessLog.objects.count() == 0
    about, rows = table(client, "/tariff/placements/file/csv/")
    assert [(row["Student number"], row["Counts"], row["Weeks"]) for row in rows] == [
        (placement.enrolment.student_number, "yes", "1.00")
    ]
    assert "Alice Alder" not in str(rows)
    assert AccessLog.objects.count() == 1
    assert taken(client, "/tariff/trusts/file/xlsx/")
    assert client.get("/tariff/names/file/csv/").status_code == 404


@pytest.mark.parametrize(("role", "sees"), [(COORDINATOR, True), (PROGRAMME_LEAD, True)])
def test_page_holds_those_whose_hours_the_role_certifies(role: Any, sees: bool) -> None:
    placement = placed("Alice Alder", confirmed=5)
    inside, outside = make.make_person("Hassan Hazel"), make.make_person("Ivo Ivy")
    programme = placement.enrolment.cohort.programme
    make.make_grant(inside, role, programme.scope)
    make.make_grant(outside, role, programme.university.scope.parent.children.create(kind="organisation", name="Other"))  # fmt: skip
    said = [browser(person).get("/tariff/").content.decode() for person in (inside, outside)]
    assert ["<strong>1.00</strong>" in words for words in said] == [sees, False]


def test_page_takes_as_many_queries_for_one_placement_as_for_thirty(esme: Person) -> None:
    placed("Alice Alder")
    client = browser(esme)
    client.get("/tariff/")
    with counted() as few:
        client.get("/tariff/")
    for number in range(30):
        make.make_placement(make.make_student(f"Student {number}"))
    client.get("/tariff/")
    with counted() as more:
        client.get("/tariff/")
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= 12
