"""The cohort beside one's own marks: the same people in every figure, and never few."""

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.release.cohort import FEWEST, Middle, cohort
from logbooks.osces.results.decision import AtStation, Result


def result(number: int, *marks: int | None, domain: int = 10) -> Result:
    """A candidate with these marks; no total where one is missing."""
    known = [mark for mark in marks if mark is not None]
    whole = len(known) == len(marks)
    stations = tuple(
        AtStation(f"S{place}", "", None if mark is None else str(mark), 10, None, None, None)
        for place, mark in enumerate(marks, start=1)
    )
    total = str(sum(known)) if whole else None
    return Result(UUID(int=number), number, total, None, (), stations, (("Care", str(sum(known)), domain),))  # fmt: skip


def test_quarters_are_exact() -> None:
    found = cohort([result(number, number, 2 * number) for number in range(1, 7)])
    assert found
    assert found.size == 6
    assert found.stations["S1"] == Middle(Fraction(9, 4), Fraction(7, 2), Fraction(19, 4))
    assert found.total == Middle(Fraction(27, 4), Fraction(21, 2), Fraction(57, 4))
    assert found.domains == {("Care", 10): found.total}


def test_nothing_is_said_of_fewer_than_five() -> None:
    five = [result(number, number, number) for number in range(5)]
    assert cohort(five)
    assert cohort(five[:4]) is None
    # Whoever lacks a mark is in no figure, also not where they have one.
    assert cohort([*five[:4], result(9, 3, None)]) is None
    assert cohort([*five, result(9, 3, None)]) == cohort(five)


def test_domain_of_other_marks_is_left_out() -> None:
    found = cohort([*(result(number, number) for number in range(5)), result(9, 3, domain=8)])
    assert found
    assert not found.domains


def test_whoever_carries_a_mark_is_in_no_figure() -> None:
    five = [result(number, number, number) for number in range(5)]
    other = result(9, 3, 3)
    brought = replace(other, stations=(replace(other.stations[0], carried="First"), other.stations[1]))  # fmt: skip
    assert cohort([*five, brought]) == cohort(five)
    assert cohort([*five[:4], brought]) is None


@given(st.lists(st.tuples(st.integers(0, 10) | st.none(), st.integers(0, 10)), max_size=12))
def test_figures_are_of_the_same_people_or_nobody(rows: list[tuple[int | None, int]]) -> None:
    results = [result(number, *row) for number, row in enumerate(rows)]
    whole = [one for one in results if one.total is not None]
    found = cohort(results)
    assert (found is not None) == (len(whole) >= FEWEST)
    assert found == cohort(whole)
    if found:
        assert set(found.stations) == {"S1", "S2"}
        for middle in (found.total, *found.stations.values()):
            assert middle.low <= middle.median <= middle.high
        assert found == cohort([replace(one, number=0) for one in reversed(whole)])
