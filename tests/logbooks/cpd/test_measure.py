"""What somebody's CPD is measured by, from what they say of themselves and from their registration number."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from logbooks.cpd.measure import before, measure
from logbooks.cpd.models import Registration
from school.people.models import Person
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
CYCLE = (date(2026, 3, 1), date(2028, 2, 29))


def on_the_register(regulator: str = "HCPC", number: str = "RA 12345") -> Person:
    alice = make_person("Alice Made")
    alice.regulator, alice.registration_number = regulator, number
    alice.save()
    return alice


def test_a_registration_number_names_the_profession_and_so_the_cycle(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    alice = on_the_register()
    with django_assert_num_queries(1):
        found = measure([alice.pk], TODAY)
    assert found.profession is not None
    assert found.profession.key == "radiographers"
    assert found.period == CYCLE
    assert found.registered_on is None
    assert found.key == "hcpc 2022-06-28"


def test_what_a_person_says_of_their_registration_comes_first() -> None:
    alice = on_the_register()
    Registration.objects.create(
        person=alice, profession="physiotherapists", registered_on=date(2026, 9, 1)
    )
    found = measure([alice.pk], TODAY)
    assert found.profession is not None
    assert found.profession.key == "physiotherapists"
    assert found.period == (date(2026, 9, 1), date(2028, 4, 30))


@pytest.mark.parametrize(("regulator", "number"), [("", ""), ("NMC", "12A3456E"), ("HCPC", "ZZ1")])
def test_nobody_known_has_two_years_up_to_today_and_no_window(regulator: str, number: str) -> None:
    found = measure([on_the_register(regulator, number).pk], TODAY)
    assert found.profession is None
    assert found.cycle is None
    assert found.period == (date(2024, 11, 24), TODAY)
    assert found.scheme.key == "hcpc"


def test_who_says_that_they_are_on_no_register_has_no_window() -> None:
    alice = on_the_register()
    Registration.objects.create(person=alice)
    assert measure([alice.pk], TODAY).profession is None


def test_a_registration_to_come_after_the_cycle_leaves_all_of_it() -> None:
    alice = on_the_register()
    Registration.objects.create(
        person=alice, profession="radiographers", registered_on=date(2030, 1, 1)
    )
    assert measure([alice.pk], TODAY).period == CYCLE


def test_merged_records_are_measured_as_one() -> None:
    alice, other = make_person("Alice Made"), on_the_register()
    found = measure([alice.pk, other.pk], TODAY)
    assert found.profession is not None


def test_the_cycle_before_is_there_for_three_months_after_its_window() -> None:
    alice = on_the_register()
    last_day = date(2026, 5, 31)
    earlier = before(measure([alice.pk], last_day), last_day)
    assert earlier is not None
    assert earlier.period == (date(2024, 3, 1), date(2026, 2, 28))
    after = date(2026, 6, 1)
    assert before(measure([alice.pk], after), after) is None


def test_there_is_no_cycle_before_for_who_was_not_registered_then_or_is_on_no_register() -> None:
    alice = on_the_register()
    registration = Registration.objects.create(
        person=alice, profession="radiographers", registered_on=date(2026, 3, 2)
    )
    day = date(2026, 4, 1)
    assert before(measure([alice.pk], day), day) is None
    registration.profession = ""
    registration.save()
    assert before(measure([alice.pk], day), day) is None
