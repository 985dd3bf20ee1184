"""The blueprint: which station asks for what, what none asks for, and where the marks are."""

from logbooks.osces.exams import blueprint
from logbooks.osces.exams.blueprint import Covered, Marks
from school.core.registries import Competency
from tests.logbooks.osces.stations.made import item, small

FOUND = [
    Competency("Nursing", "A1", "Nurses"),
    Competency("PET-CT", "A1", "Shows the way"),
    Competency("PET-CT", "A2", "Puts out a fire"),
    Competency("PET-CT", "B1", "Listens"),
]
STATIONS = [
    small(items=(item(1, competencies=("B1", "Z9"), domain="Talking"), item(2, "Asks", most=3))),
    small(items=(item(1, competencies=("A1", "B1"), domain="talking"),)),
]


def test_competencies_stand_in_the_order_of_the_chosen_framework() -> None:
    assert blueprint.covered(STATIONS, FOUND, "PET-CT") == [
        Covered("A1", "Shows the way", (False, True)),
        Covered("B1", "Listens", (True, True)),
        Covered("Z9", "", (True, False)),
    ]
    assert blueprint.covered(STATIONS, FOUND, "")[0].title == "Nurses"
    assert blueprint.covered([], FOUND, "PET-CT") == []


def test_gap_is_what_no_station_asks_for() -> None:
    assert [one.code for one in blueprint.gaps(STATIONS, FOUND, "PET-CT")] == ["A2"]
    assert blueprint.gaps(STATIONS, FOUND, "") == []


def test_marks_without_a_domain_stand_last() -> None:
    assert blueprint.marks(STATIONS) == [
        Marks("Talking", (2, 0)),
        Marks("talking", (0, 2)),
        Marks("No domain", (3, 0)),
    ]
    assert blueprint.marks(STATIONS)[2].most == 3
