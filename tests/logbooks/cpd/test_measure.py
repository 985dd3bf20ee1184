"""What somebody's CPD is measured by, from what they say of themselves and from their registration number."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from logbooks.cpd import schemes
from logbooks.cpd.measure import before, measure
from logbooks.cpd.models import Noticed, Registration
from logbooks.cpd.queries import waiting
from school.core import clock
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


def test_a_draft_is_offered_while_a_profile_can_be_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = on_the_register()
    last_day = date(2026, 5, 31)
    monkeypatch.setattr(clock, "today", lambda: last_day)
    earlier = before(measure([alice.pk], last_day), last_day)
    assert earlier is not None
    for day in (earlier.period[0], date(2024, 2, 28)):
        Noticed.objects.create(person=alice, key=uuid4(), kind="course", title="A", day=day)
    assert [one.day for one in waiting([alice.pk])] == [earlier.period[0]]


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


# Files of tests

HCPC_FILE = (schemes.DATA / "hcpc.toml").read_text(encoding="utf-8")
WINDOW = "opens = 2025-12-01\ncloses = 2026-02-28"
OTHER_WINDOW = "opens = 2026-10-01\ncloses = 2026-12-31"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts files in place of those that ship: the HCPC's, changed for each by pairs of words."""

    def put(*files: list[tuple[str, str]]) -> None:
        for number, changes in enumerate(files):
            text = HCPC_FILE
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
        loaded = schemes.load(tmp_path)
        monkeypatch.setattr(schemes, "_shipped", lambda: loaded)

    return put


def test_a_window_that_is_to_hold_later_changes_nothing_until_then(
    shipped: Callable[..., None],
) -> None:
    shipped([], [("from = 2022-06-28", "from = 2027-03-01"), (WINDOW, OTHER_WINDOW)])
    alice = on_the_register()
    assert measure([alice.pk], date(2027, 2, 28)).period == CYCLE
    later = measure([alice.pk], date(2027, 3, 1))
    assert (later.period, later.key) == ((date(2027, 1, 1), date(2028, 12, 31)), "hcpc 2027-03-01")
    Registration.objects.create(person=alice, profession="radiographers")
    assert measure([alice.pk], date(2027, 2, 28)).period == CYCLE


def test_another_regulator_measures_by_its_own_shape_when_a_newer_file_has_begun(
    shipped: Callable[..., None],
) -> None:
    other = [('"HCPC"', '"NMC"'), ('key = "hcpc"', 'key = "nmc"'), ('key = "', 'key = "other-')]
    parts = [(f'"other-{key}"', f'"{key}"') for key in ("summary", "activities", "statement", "evidence")]  # fmt: skip
    shipped(
        [],
        [*other, *parts],
        [*other, *parts, ("from = 2022-06-28", "from = 2026-03-01"), (WINDOW, OTHER_WINDOW)],
    )
    alice = on_the_register("NMC")
    assert measure([alice.pk], date(2026, 2, 28)).key == "other-nmc 2022-06-28"
    assert measure([alice.pk], TODAY).key == "other-nmc 2026-03-01"
    # A newer file that names the profession no more is still that regulator's.
    shipped(
        [],
        [*other, *parts],
        [*other, *parts, ("from = 2022-06-28", "from = 2026-03-01"), ('"other-radiographers"', '"imagers"'), ('prefix = "RA"', 'prefix = ""')],
    )  # fmt: skip
    Registration.objects.create(person=alice, profession="other-radiographers")
    assert measure([alice.pk], TODAY).key == "other-nmc 2026-03-01"
