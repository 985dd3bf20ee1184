"""Students' evaluations: who gives one and when, and that no figure ever tells one student's answers."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from placements.actions.evaluations import evaluate
from placements.evaluations import Answer, batches, figures, of_year, priorities
from placements.models import Placement, PlacementEvaluation
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.core.ledger import private_text
from school.people.models import Person, Site
from school.people.roles import PRACTICE_EDUCATOR, PROGRAMME_LEAD, SITE_LEAD, Role
from tests import factories
from tests.placements.browsers import browser

TODAY = date(2026, 11, 20)
GOOD = [5] * 10


def answer(student: int, day: int, year: int = 3, ratings: str = "5" * 10) -> Answer:
    """An evaluation that could be changed until so many days after 1 October 2026."""
    final = date(2026, 10, 1) + timedelta(days=day)
    return Answer(student, year, ratings, final, f"{student}-{day}", student * 1000 + day)


# Batches -----------------------------------------------------------------------------------------


def test_priorities_are_those_of_the_charter_in_its_order() -> None:
    assert [one.name for one in priorities()] == [
        "Respect and feeling valued",
        "Positive identity",
        "Wellbeing",
        "Raising concerns and speaking up",
        "Placement induction",
        "Communication",
        "Flexibility",
        "Supervision",
        "Teaching and learning needs",
        "Time and space for learning",
    ]


@pytest.mark.parametrize(("number", "shown"), [(4, 0), (5, 5), (6, 5), (9, 5), (10, 10), (11, 10)])
def test_figures_are_of_whole_batches_of_five(number: int, shown: int) -> None:
    found = batches([answer(n, n) for n in range(number)], TODAY)
    counted = figures(found)
    assert (counted.answers if counted else 0) == shown


def test_answers_of_one_student_count_as_one_student() -> None:
    same = [answer(1, day) for day in range(5)]
    assert batches(same, TODAY) == []
    whole = batches([*same, *(answer(n, 10 + n) for n in range(2, 6))], TODAY)
    assert [len(batch) for batch in whole] == [9]


def test_answer_that_can_still_be_changed_is_not_counted() -> None:
    rows = [answer(n, 0) for n in range(4)]
    last = Answer(9, 3, "1" * 10, TODAY, "last", 9)
    assert batches([*rows, last], TODAY) == []
    assert len(batches([*rows, last], TODAY + timedelta(days=1))) == 1


def test_year_is_shown_apart_only_where_a_whole_batch_was_of_it() -> None:
    mixed = [answer(n, n, year=2 + n % 2) for n in range(5)]
    third = [answer(10 + n, 10 + n) for n in range(5)]
    found = batches([*mixed, *third], TODAY)
    shown = [figures(of_year(found, year)) for year in (1, 2, 3)]
    assert [one.answers if one else None for one in shown] == [None, None, 5]


def test_averages_are_by_priority_in_order() -> None:
    rows = [answer(n, n, ratings=f"{n}543212345") for n in range(1, 6)]
    found = figures(batches(rows, TODAY))
    assert found
    assert found.averages == (3.0, 5.0, 4.0, 3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 5.0)


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 40), st.integers(1, 3)), max_size=40))
def test_every_change_of_what_is_shown_is_of_five_students_or_more(
    given_: list[tuple[int, int, int]],
) -> None:
    rows = [answer(*row[:2], year=row[2]) for row in given_]
    shown = [batches(rows, date(2026, 10, 1) + timedelta(days=day)) for day in range(45)]
    for before, after in pairwise(shown):
        assert after[: len(before)] == before
        for batch in after[len(before) :]:
            assert len({row.student for row in batch}) >= 5


# Giving one --------------------------------------------------------------------------------------


def over(site: Site | None = None, name: str = "Amara Exampleton", days: int = 1) -> Placement:
    """A placement that ended so many days ago."""
    today = clock.today()
    return factories.make_placement(
        factories.make_student(name),
        site=site,
        starts=today - timedelta(days=40),
        ends=today - timedelta(days=days),
    )


def give(
    placement: Placement, ratings: list[int] = GOOD, comment: str = "", by: Person | None = None
) -> PlacementEvaluation:
    return evaluate(
        by=by or placement.enrolment.person,
        placement=placement,
        ratings=ratings,
        comment=comment,
        uuid=uuid4(),
    )


@pytest.mark.django_db
@pytest.mark.engine
def test_same_request_again_gives_one_evaluation() -> None:
    placement, uuid = over(), uuid4()
    person = placement.enrolment.person
    for _ in range(2):
        evaluate(by=person, placement=placement, ratings=GOOD, comment="Kind people", uuid=uuid)
    row = PlacementEvaluation.objects.get()
    assert (row.ratings, private_text(row, "comment")) == ("5" * 10, "Kind people")


@pytest.mark.django_db
@pytest.mark.parametrize(("ends", "allowed"), [(1, False), (0, True), (-30, True)])
def test_placement_is_evaluated_from_its_last_day_on(ends: int, allowed: bool) -> None:
    placement = over(days=-ends)
    if allowed:
        assert give(placement).ratings == "5" * 10
    else:
        with pytest.raises(DomainError):
            give(placement)


@pytest.mark.django_db
def test_only_its_student_evaluates_a_placement() -> None:
    placement = over()
    with pytest.raises(NotAllowed):
        give(placement, by=factories.make_person("Somebody Else"))


@pytest.mark.django_db
def test_nothing_worked_is_nothing_to_evaluate() -> None:
    placement = over()
    Placement.objects.filter(pk=placement.pk).update(state=Placement.State.WITHDRAWN)
    placement.refresh_from_db()
    with pytest.raises(DomainError):
        give(placement)


@pytest.mark.django_db
def test_every_priority_has_an_answer() -> None:
    placement = over()
    for ratings in ([5] * 9, [5] * 9 + [6]):
        with pytest.raises(DomainError):
            give(placement, ratings)


@pytest.mark.django_db
def test_evaluation_is_changed_for_a_fortnight_and_stands_then(time_machine: Any) -> None:
    placement, now = over(), clock.now()
    first = give(placement)
    time_machine.move_to(now + timedelta(days=14))
    second = give(placement, [4] * 10)
    assert second.supersedes == first
    time_machine.move_to(now + timedelta(days=15))
    with pytest.raises(DomainError):
        give(placement, [3] * 10)
    assert list(PlacementEvaluation.objects.standing()) == [second]


# Who sees what -----------------------------------------------------------------------------------


@pytest.fixture
def elm(db: None, time_machine: Any) -> Site:
    """A site with six evaluations that can be changed no more."""
    site = factories.make_site("Elm Hospital")
    for n in range(6):
        give(over(site, f"Student {n}"), [3] * 10, f"Words {n} of mine")
    time_machine.move_to(clock.now() + timedelta(days=15))
    return site


@pytest.mark.parametrize("role", [SITE_LEAD, PRACTICE_EDUCATOR])
def test_those_of_the_site_see_averages_and_no_words(elm: Site, role: Role) -> None:
    person = factories.make_person("Grace Leadwell")
    factories.make_grant(person, role, elm.scope)
    page = browser(person).get(f"/places/sites/{elm.uuid}/evaluations/").content.decode()
    assert "All years, 5 answers" in page
    assert page.count(">3.0<") == 10
    assert "words" not in page.lower()


def test_educator_finds_the_averages_of_their_own_site_alone(elm: Site) -> None:
    educator, oak = factories.make_educator(site=elm), factories.make_site("Oak Hospital")
    client = browser(educator)
    assert f"/places/sites/{elm.uuid}/evaluations/" in client.get("/home/later/").content.decode()
    assert client.get(f"/places/sites/{oak.uuid}/evaluations/").status_code == 403


def test_educator_sees_nothing_of_fewer_than_five(time_machine: Any, db: None) -> None:
    site = factories.make_site("Elm Hospital")
    for n in range(4):
        give(over(site, f"Student {n}"), [3] * 10)
    time_machine.move_to(clock.now() + timedelta(days=15))
    client = browser(factories.make_educator(site=site))
    page = client.get(f"/places/sites/{site.uuid}/evaluations/").content.decode()
    assert ("Too few answers to show" in page, ">3.0<" in page) == (True, False)


def test_school_reads_words_without_names_once_they_are_in_a_whole_batch(elm: Site) -> None:
    client = browser(factories.make_coordinator())
    page = client.get(f"/places/sites/{elm.uuid}/evaluations/").content.decode()
    assert sum(f"Words {n} of mine" in page for n in range(6)) == 5
    assert "Student" not in page.replace("Students", "")
    table = client.get("/evaluations/file/csv/").getvalue().decode()
    assert "Elm Hospital,all,5,3," in table
    assert "mine" not in table


def test_programme_lead_of_another_programme_reads_nothing(elm: Site) -> None:
    other = factories.make_person("Odd Programmelead")
    factories.make_grant(other, PROGRAMME_LEAD, factories.make_site("Oak Hospital").scope)
    client = browser(other)
    page = client.get(f"/places/sites/{elm.uuid}/evaluations/").content.decode()
    assert "Too few answers to show" in page
    assert "Elm Hospital" not in client.get("/evaluations/").content.decode()


def test_student_finds_own_words_again_and_home_stops_asking(db: None) -> None:
    placement = over()
    client = browser(placement.enrolment.person, second_factor=False)
    assert "Evaluate your placement" in client.get("/home/later/").content.decode()
    address = f"/placements/{placement.uuid}/evaluation/"
    sent = {f"priority_{n}": "4" for n in range(1, 11)}
    assert client.post(address, {"uuid": str(uuid4()), **sent}).status_code == 302
    assert client.post(address, {"uuid": str(uuid4())}).status_code == 422
    assert "Evaluate your placement" not in client.get("/home/later/").content.decode()
    assert PlacementEvaluation.objects.get().ratings == "4" * 10
    row = PlacementEvaluation.objects.get()
    refused = client.post(address, {"uuid": str(uuid4()), **sent, "comment": "NHS 943 476 5919"})
    assert refused.status_code == 422
    assert list(PlacementEvaluation.objects.all()) == [row]


def test_list_costs_as_many_queries_for_one_site_as_for_several(elm: Site) -> None:
    client = browser(factories.make_coordinator())

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/evaluations/").status_code == 200
        return len(captured)

    before = cost()
    oak = factories.make_site("Oak Hospital")
    for n in range(5):
        give(over(oak, f"Oak student {n}"))
    page = client.get("/evaluations/").content.decode()
    assert "Oak Hospital" in page
    assert cost() == before
