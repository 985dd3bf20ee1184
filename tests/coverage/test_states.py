"""The state of people for requirements, as of a day and as known on a day."""

from datetime import date

import pytest

from school.coverage import counting, states
from school.coverage.states import Question, State
from tests.coverage.making import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
D = date


def state_of(staff: Staff, as_of: date, known_on: date | None = None) -> dict[str, str]:
    """State by person, of the only requirement."""
    names = {person.pk: name for name, person in staff.people.items()}
    asked = Question(as_of, known_on or as_of)
    return {names[line.person]: line.state.value for line in states.lines(asked)}


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.term("a", "North", "Radiographer", D(2020, 1, 1))
    made.course("Fire")
    return made


def test_each_state_in_its_order(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=12, grace_days=30)
    for name in "bcdef":
        staff.term(name, "North", "Radiographer", D(2021, 1, 1))
    staff.term("g", "North", "Radiographer", D(2023, 5, 20))
    staff.term("h", "North", "Radiographer", D(2021, 1, 1), D(2023, 5, 31))
    staff.attain("b", "Fire", D(2022, 6, 1))
    staff.attain("c", "Fire", D(2022, 5, 31))
    staff.attain("d", "Fire", D(2023, 5, 1))
    staff.exempt("d", "fire", D(2023, 1, 1), D(2023, 12, 31))
    assert state_of(staff, D(2023, 6, 1)) == {
        "a": "missing",
        "b": "in_date",
        "c": "expired",
        "d": "exempt",
        "e": "missing",
        "f": "missing",
        "g": "in_grace",
    }


def test_the_last_day_counts(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), D(2023, 1, 31), active_months=12)
    staff.attain("a", "Fire", D(2022, 1, 31))
    assert state_of(staff, D(2023, 1, 31)) == {"a": "in_date"}
    assert state_of(staff, D(2023, 2, 1)) == {}


def test_known_on_leaves_out_what_was_recorded_later(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=12)
    late = staff.attain("a", "Fire", D(2022, 1, 10), known=D(2022, 3, 1))
    staff.void(late, D(2022, 5, 1))
    day = D(2022, 2, 1)
    assert [state_of(staff, day, known)["a"] for known in (day, D(2022, 3, 1), D(2022, 5, 1))] == [
        "missing",
        "in_date",
        "missing",
    ]


def test_a_new_version_judges_nobodys_past(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=36)
    staff.attain("a", "Fire", D(2021, 1, 1))
    before = state_of(staff, D(2023, 6, 1))
    staff.ask("fire", ["Fire"], D(2023, 7, 1), active_months=12)
    assert state_of(staff, D(2023, 6, 1)) == before == {"a": "in_date"}
    assert state_of(staff, D(2023, 7, 1)) == {"a": "in_date"}, "it keeps the rule of its day"
    staff.attain("a", "Fire", D(2023, 8, 1))
    assert state_of(staff, D(2024, 8, 2)) == {"a": "expired"}


def test_grace_counts_from_the_first_day_without_a_break(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=12, grace_days=60)
    staff.term("b", "North", "Radiographer", D(2022, 1, 1), D(2022, 3, 31))
    staff.term("b", "South", "Radiographer", D(2022, 4, 1))
    staff.term("c", "North", "Radiographer", D(2022, 1, 1), D(2022, 3, 30))
    staff.term("c", "South", "Radiographer", D(2022, 4, 1))
    assert state_of(staff, D(2022, 4, 10)) == {"a": "missing", "b": "missing", "c": "in_grace"}
    assert state_of(staff, D(2022, 5, 30))["c"] == "in_grace"
    assert state_of(staff, D(2022, 5, 31))["c"] == "missing"


def test_groups_of_people_are_asked_alone(staff: Staff) -> None:
    physicist = staff.role("Physicist")
    staff.term("b", "North", "Physicist", D(2020, 1, 1))
    staff.term("c", "South", "Radiographer", D(2020, 1, 1), crew="mobile")
    staff.ask(
        "fire",
        ["Fire"],
        D(2020, 1, 1),
        whom=[{"job_role": physicist}, {"site": staff.site("South"), "crew": "mobile"}],
    )
    assert set(state_of(staff, D(2021, 1, 1))) == {"b", "c"}


def test_somebody_with_two_posts_counts_in_each_group_and_once_in_all(staff: Staff) -> None:
    staff.term("a", "South", "Physicist", D(2020, 1, 1))
    staff.ask("fire", ["Fire"], D(2020, 1, 1))
    asked = Question(D(2021, 1, 1), D(2021, 1, 1))
    assert [tally.people for tally in counting.tallies(asked, by="site")] == [1, 1]
    assert [tally.people for tally in counting.tallies(asked)] == [1]


@pytest.mark.parametrize(
    ("spells", "away"),
    [
        ([(D(2022, 1, 4), None)], True),
        ([(D(2022, 1, 5), None)], False),
        ([(D(2021, 12, 1), D(2022, 1, 15)), (D(2022, 1, 16), None)], True),
        ([(D(2021, 12, 1), D(2022, 1, 15)), (D(2022, 1, 17), None)], False),
        ([(D(2021, 1, 1), D(2022, 1, 30))], False),
        ([(D(2021, 1, 1), D(2022, 1, 31))], True),
    ],
)
def test_long_away_is_28_days_without_a_break(
    staff: Staff, spells: list[tuple[date, date | None]], away: bool
) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1))
    for starts, ends in spells:
        staff.away("a", starts, ends)
    [line] = states.lines(Question(D(2022, 1, 31), D(2022, 1, 31)))
    assert (line.away, line.state) == (away, State.MISSING)


def test_an_equivalent_course_counts_while_it_does(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=36)
    staff.course("Fire online")
    staff.equal("Fire online", "Fire", D(2021, 1, 1), D(2021, 12, 31))
    staff.attain("a", "Fire online", D(2020, 6, 1))
    found = [state_of(staff, day)["a"] for day in (D(2020, 7, 1), D(2021, 1, 1), D(2022, 1, 1))]
    assert found == ["missing", "in_date", "missing"]


def test_people_are_counted_by_known_columns_alone() -> None:
    with pytest.raises(ValueError, match="by name"):
        counting.tallies(Question(D(2021, 1, 1), D(2021, 1, 1)), by="name")
