"""Lines of people in parts: each is given once, in order, whatever the size of a part."""

from datetime import date

import pytest

from school.coverage import tables
from school.coverage.models import Requirement
from school.coverage.tables import Asked
from tests.coverage.making import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
DAY = date(2022, 1, 1)


@pytest.mark.parametrize("most", [1, 2, 4, 100])
def test_parts_give_each_line_once_and_in_order(most: int) -> None:
    staff = Staff()
    # Somebody with two posts has two lines of a requirement.
    for name, site in (("a", "North"), ("a", "South"), ("b", "North")):
        staff.term(name, site, "Radiographer", date(2020, 1, 1))
    for name in ("water", "fire", "drill"):
        staff.ask(name, ["Fire"], date(2020, 1, 1))
    asked = Asked(DAY, DAY, tables.requirements(["water", "fire"]))
    parts = [tables.line_rows(asked, first, most)[0] for first in range(0, 7, most)]
    found = [(row["name"], row["requirement"], row["site"]) for part in parts for row in part]
    assert found == [
        ("Staff a", "water", "Site North"),
        ("Staff a", "water", "Site South"),
        ("Staff a", "fire", "Site North"),
        ("Staff a", "fire", "Site South"),
        ("Staff b", "water", "Site North"),
        ("Staff b", "fire", "Site North"),
    ]


def test_nothing_is_asked_where_nothing_is_required() -> None:
    asked = Asked(DAY, DAY, tables.requirements(()))
    assert not Requirement.objects.exists()
    assert tables.figure_rows(asked) == []
    assert tables.line_rows(asked, 0, 10) == ([], [])
