"""Filling a term: the proposal, the places that are free all along, and a cohort placed whole or not at all."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from placements import term_queries
from placements.actions.arranging import PlacesRefused, Wanted, place_cohort
from placements.actions.interrupting import interrupt_studies
from placements.models import Enrolment, Placement, PlaceOffer, SitePreference, Stage
from placements.term import Student, proposed
from school.core import clock
from school.people.models import Person, Site
from tests import factories as make
from tests.placements.browsers import Viewer, browser

STARTS, ENDS = date(2027, 1, 11), date(2027, 2, 19)


def test_first_choices_are_served_before_second_ones() -> None:
    students = [Student(1, (10, 20)), Student(2, (30, 20)), Student(3, (20,))]
    assert proposed(students, {10: 1, 20: 1, 30: 0}) == {1: 10, 3: 20}


def test_without_a_wish_the_emptiest_site_is_proposed_and_never_one_seen_before() -> None:
    students = [Student(1, been=frozenset({20})), Student(2), Student(3)]
    assert proposed(students, {10: 1, 20: 2}) == {1: 10, 2: 20, 3: 20}


sites = st.integers(1, 5)
students_to_place = st.lists(
    st.builds(
        lambda wishes, been: (tuple(wishes), frozenset(been)),
        st.lists(sites, unique=True, max_size=5),
        st.sets(sites, max_size=3),
    ),
    max_size=12,
)


@given(students_to_place, st.dictionaries(sites, st.integers(0, 4)))
def test_proposal_keeps_to_places_and_goes_nowhere_twice(
    drawn: list[tuple[tuple[int, ...], frozenset[int]]], free: dict[int, int]
) -> None:
    students = [Student(key, *one) for key, one in enumerate(drawn)]
    found = proposed(students, free)
    assert [s for s, n in Counter(found.values()).items() if n > free.get(s, 0)] == []
    assert [one for one in students if found.get(one.key) in one.been] == []
    left = Counter(free)
    left.subtract(found.values())
    assert [
        one
        for one in students
        if one.key not in found and any(left[s] > 0 and s not in one.been for s in free)
    ] == []


# A cohort -----------------------------------------------------------------------------------------


@pytest.fixture
def students(db: None) -> list[Enrolment]:
    make.make_network()
    return [make.make_student(name) for name in ("Ada Amber", "Ben Birch", "Cleo Cedar")]


@pytest.fixture
def stage(students: list[Enrolment]) -> Stage:
    return Stage.objects.get(version=students[0].version, year=3)


@pytest.fixture
def places(stage: Stage) -> tuple[Site, Site]:
    """Two places at Elm, one at Oak."""
    elm, oak = make.make_site("Elm Hospital"), make.make_site("Oak Infirmary")
    for site, number in ((elm, 2), (oak, 1)):
        PlaceOffer.objects.create(site=site, stage=stage, starts=STARTS, ends=ENDS, places=number)
    return elm, oak


@pytest.fixture
def esme(students: list[Enrolment]) -> Person:
    return make.make_coordinator("Esme Fictionby")


def test_places_are_counted_on_the_fullest_day(stage: Stage, places: tuple[Site, Site]) -> None:
    elm, _ = places
    other = make.make_student("Dan Dell")
    make.make_placement(
        other, site=elm, starts=STARTS + timedelta(days=7), ends=ENDS - timedelta(days=7)
    )
    PlaceOffer.objects.filter(places=50).delete()
    free = {one.site.name: one.places for one in term_queries.free_all_along(stage, STARTS, ENDS)}
    assert free == {"Elm Hospital": 1, "Oak Infirmary": 1}
    beyond = term_queries.free_all_along(stage, STARTS, ENDS + timedelta(days=1))
    assert beyond == []


@pytest.mark.engine
def test_cohort_is_placed_whole_or_not_at_all(
    esme: Person, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    elm, oak = places
    too_many = [Wanted(row, oak, uuid4()) for row in students]
    with pytest.raises(PlacesRefused) as refused:
        place_cohort(by=esme, wanted=too_many, stage=stage, starts=STARTS, ends=ENDS)
    assert set(refused.value.found) == {students[1].uuid, students[2].uuid}
    assert Placement.objects.count() == 0
    wanted = [
        Wanted(row, site, uuid4()) for row, site in zip(students, (elm, elm, oak), strict=True)
    ]
    for _ in range(2):
        place_cohort(by=esme, wanted=wanted, stage=stage, starts=STARTS, ends=ENDS)
    assert [(row.enrolment_id, row.site_id) for row in Placement.objects.order_by("pk")] == [
        (one.enrolment.pk, one.site.pk) for one in wanted
    ]


def asked(stage: Stage, enrolment: Enrolment) -> str:
    days = "".join(
        f"&{name}_day={day.day}&{name}_month={day.month}&{name}_year={day.year}"
        for name, day in (("starts", STARTS), ("ends", ENDS))
    )
    return f"{reverse('fill_term')}?cohort={enrolment.cohort.uuid}&year={stage.year}{days}"


@pytest.fixture
def page(esme: Person) -> Client:
    return browser(esme)


def fields(page: Client, address: str) -> dict[str, str]:
    form = page.get(address).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields if name != "confirmed"}


def test_page_proposes_wishes_and_places_everybody_once(
    page: Client, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    elm, oak = places
    SitePreference.objects.create(enrolment=students[2], site=oak, rank=1)
    address = asked(stage, students[0])
    sent = fields(page, address)
    assert sent[f"site_{students[2].uuid.hex}"] == oak.slug
    assert "Would like: 1st Oak Infirmary." in page.get(address).content.decode()
    first, again = page.post(address, sent), page.post(address, sent)
    assert (first.status_code, again.status_code) == (302, 302)
    found = Placement.objects.order_by("enrolment__person__name")
    assert [row.site_id for row in found] == [elm.pk, elm.pk, oak.pk]
    assert "Nobody is to be placed" in page.get(address).content.decode()


def test_refused_place_is_said_beside_its_student_and_nothing_is_saved(
    page: Client, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    _, oak = places
    address = asked(stage, students[0])
    sent = fields(page, address) | {f"site_{row.uuid.hex}": oak.slug for row in students}
    answer = page.post(address, sent)
    assert answer.status_code == 422
    said = answer.content.decode()
    full = "Oak Infirmary has 1 free, and 3 students are to go there."
    assert said.count(full) == 4  # above and beside, twice
    assert "As it stands below, places are left at Elm Hospital (2)." in said
    assert Placement.objects.count() == 0


def test_student_sent_to_a_full_site_against_the_proposal_is_the_one_who_is_named(
    page: Client, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    _, oak = places
    address = asked(stage, students[0])
    sent = fields(page, address)
    assert sent[f"site_{students[2].uuid.hex}"] == oak.slug
    answer = page.post(address, sent | {f"site_{students[0].uuid.hex}": oak.slug})
    assert list(answer.context["form"].errors) == [f"site_{students[0].uuid.hex}"]


def test_what_a_rule_says_of_a_student_stands_beside_them(
    page: Client, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    Enrolment.objects.filter(pk=students[1].pk).update(ends=ENDS - timedelta(days=1))
    address = asked(stage, students[0])
    answer = page.post(address, fields(page, address))
    assert list(answer.context["form"].errors) == [f"site_{students[1].uuid.hex}"]
    assert Placement.objects.count() == 0


def test_student_placed_elsewhere_meanwhile_is_refused_by_name_and_nobody_is_placed(
    page: Client, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    address = asked(stage, students[0])
    sent = fields(page, address)
    make.make_placement(
        students[1], year=2, starts=STARTS, ends=STARTS + timedelta(days=3), site=places[0]
    )
    answer = page.post(address, sent)
    assert answer.status_code == 422
    [said] = answer.context["form"].non_field_errors()
    assert said.startswith("Ben Birch is not to be placed on these days any more")
    assert Placement.objects.count() == 1
    # The page that was answered leaves them out, and places the others.
    again = {name: sent[name] for name in answer.context["form"].fields if name in sent}
    assert page.post(address, again).status_code == 302
    assert Placement.objects.count() == 3


def test_interrupted_student_is_left_out_of_the_proposal_with_why(
    esme: Person,
    page: Client,
    students: list[Enrolment],
    stage: Stage,
    places: tuple[Site, Site],
) -> None:
    interrupt_studies(
        by=esme, enrolment=students[1], first=ENDS, last=None, reason="PRIVATE", uuid=uuid4()
    )
    answer = page.get(asked(stage, students[0]))
    assert [row.person.name for row in answer.context["form"].students] == ["Ada Amber", "Cleo Cedar"]  # fmt: skip
    said = answer.content.decode()
    assert "Studies of Ben Birch are interrupted from 19 February 2027 on" in said
    assert "PRIVATE" not in said


def test_page_says_that_no_site_has_places(
    page: Client, students: list[Enrolment], stage: Stage
) -> None:
    assert "No site has a place free" in page.get(asked(stage, students[0])).content.decode()


def test_page_takes_as_many_queries_for_thirty_as_for_three(
    page: Client,
    students: list[Enrolment],
    stage: Stage,
    places: tuple[Site, Site],
    django_assert_max_num_queries: object,
) -> None:
    for n in range(27):
        make.make_student(f"Student {n}", account=False)
    page.get(asked(stage, students[0]))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page.get(asked(stage, students[0]))


def test_students_elsewhere_and_of_other_coordinators_are_left_out(
    esme: Person, students: list[Enrolment], stage: Stage, places: tuple[Site, Site]
) -> None:
    make.make_placement(
        students[0], year=2, starts=STARTS, ends=STARTS + timedelta(days=3), site=places[0]
    )
    rows, _ = term_queries.to_place(Viewer(esme), students[0].cohort, stage, STARTS, ENDS)
    assert rows == students[1:]
    nobody = make.make_person("Bob Birch")
    assert term_queries.to_place(Viewer(nobody), students[0].cohort, stage, STARTS, ENDS) == (
        [],
        [],
    )
    assert clock.today() < STARTS
