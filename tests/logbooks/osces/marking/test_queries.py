"""The marks of an exam as the arithmetic takes them."""

from fractions import Fraction

import pytest

from logbooks.osces.marking.sheets import expected
from tests.factories import make_person
from tests.logbooks.osces.day.made import SITE, day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.results.made import source
from tests.placements.test_actions_confirming import merge

pytestmark = pytest.mark.django_db


def test_closed_sheets_are_marks_by_number_and_station() -> None:
    made = day()
    first, second = made.candidates
    close(made, first, made.stations[0], 4, 3)
    close(made, second, made.stations[1], 2, 2)
    rows = source(made).rows
    assert [(row.candidate, row.station, row.mark, row.grade, row.max_mark) for row in rows] == [
        ("101", "S1", 4, 3, 5),
        ("102", "S2", 2, 2, 5),
    ]
    assert {(row.circuit, row.site, row.examiner) for row in rows} == {
        ("Morning A", SITE, "Examiner A1"),
        ("Morning A", SITE, "Examiner A2"),
    }


def test_two_who_examine_together_count_as_their_mean() -> None:
    other = make_person("Second Examiner")
    made = day(stations=2, candidates=1, beside=other)
    close(made, made.candidates[0], made.stations[0], 4, 3)
    close(made, made.candidates[0], made.stations[0], 3, 2, examiner=other)
    [row] = source(made).rows
    assert (row.mark, row.grade) == (Fraction(7, 2), Fraction(5, 2))
    assert row.examiner == "Examiner A1 and Second Examiner"


@pytest.mark.parametrize("marks_as_kept", [True, False])
def test_examiner_who_was_merged_is_the_one_who_was_meant(marks_as_kept: bool) -> None:
    made = day(stations=2, candidates=1)
    again, planned = make_person("Marking Account"), made.examiners[0][0]
    merge(*((again, planned) if marks_as_kept else (planned, again)))
    close(made, made.candidates[0], made.stations[0], 4, 3, examiner=again)
    found = source(made)
    assert "examiner not allocated" not in {one.kind for one in found.findings}
    assert [row.mark for row in found.rows] == [4]
    [first, second] = expected(made.exam)
    assert (first.examiner, first.meant, bool(first.closed)) == (again, True, True)
    assert (second.examiner, second.meant, second.sheet) == (made.examiners[0][1], True, None)


def test_sheet_of_somebody_else_is_a_row_of_its_own() -> None:
    made = day(stations=2, candidates=1)
    stranger = make_person("Stray Examiner")
    close(made, made.candidates[0], made.stations[0], 4, 3)
    close(made, made.candidates[0], made.stations[0], 1, 1, examiner=stranger)
    rows = source(made).rows
    assert [(row.examiner, row.mark) for row in rows] == [
        ("Examiner A1", Fraction(4)),
        ("Stray Examiner", Fraction(1)),
    ]
