"""Standards by each method, pass marks, the conjunctive rule and who passes."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.marks import Mark, tabled
from logbooks.osces.analysis.regression import station_cut
from logbooks.osces.analysis.reliability import reliability
from logbooks.osces.analysis.standards import (
    EARLIER,
    REGRESSION,
    ExamStandard,
    PassMark,
    StationStandard,
    angoff,
    borderline_group,
    borderline_regression,
    fixed,
    outcomes,
    pass_mark,
    predicted_minimum,
    standard,
)
from tests.logbooks.osces.examples import BORDERLINE, digits, exams, made, osce, station

GROUPS = {
    "S1": (6, "12.5", "12.5"),
    "S2": (8, "11.25", "11"),
    "S3": (5, "13.0", "13"),
    "S4": (8, "8.625", "8.5"),
    "S5": (5, "11.8", "12"),
    "S6": (6, "11.833333", "11"),
}
NONE = PassMark(Fraction(0), None, "No cut at: S1.")


def by_regression(rows: list[Mark]) -> ExamStandard:
    marks = tabled(rows)
    return borderline_regression([station_cut(marks, one, BORDERLINE) for one in marks.stations])


def sem_of(rows: list[Mark]) -> float | None:
    marks = tabled(rows)
    return reliability(marks.stations, marks.matrix()).sem


@pytest.mark.parametrize("name", GROUPS)
def test_borderline_groups_of_the_example_are_met(name: str) -> None:
    n, mean, median = GROUPS[name]
    found = borderline_group(tabled(osce()), name, BORDERLINE)
    assert found.n == n
    digits([(found.mean, mean), (found.median, median)])


@pytest.mark.parametrize(
    ("k", "mark", "stations", "failing"),
    [
        (0, "68.897085", "3.146572", "C03 C11 C14 C20 C24"),
        (1, "72.934545", "3.753382", "C02 C03 C11 C14 C16 C19 C20 C22 C24"),
    ],
)
def test_pass_marks_of_the_example_are_met(k: int, mark: str, stations: str, failing: str) -> None:
    marks, exam = tabled(osce()), by_regression(osce())
    found = pass_mark(exam, sem_of(osce()), Fraction(k))
    digits([(found.mark, mark), (predicted_minimum(marks, exam, found).stations, stations)])
    passed = {one.candidate: one.passed for one in outcomes(marks, exam, found)}
    assert [one for one in passed if not passed[one]] == failing.split()


def test_cut_without_sem_is_exact() -> None:
    exam = by_regression(osce())
    assert pass_mark(exam, None, Fraction(0)).mark == exam.cut
    assert isinstance(exam.cut, Fraction)
    assert pass_mark(exam, None, Fraction(1)).reason == "There is no SEM to add."


@given(exams(), st.integers(2, 9))
def test_rescaled_marks_rescale_the_exams_cut(rows: list[Mark], factor: int) -> None:
    scaled = [
        made(
            row.candidate,
            row.station,
            None if row.mark is None else row.mark * factor,
            row.grade,
            most=row.max_mark * factor,
        )
        for row in rows
    ]
    own, cut = by_regression(rows), by_regression(scaled).cut
    assert cut == (None if own.cut is None else factor * own.cut)


def test_earlier_cut_stands_in_and_says_why() -> None:
    rows = [*station((1, 5), (2, 9), (3, 13)), *station((3, 5), (3, 6), (3, 7), name="S2")]
    marks = tabled(rows)
    cuts = [station_cut(marks, one, BORDERLINE) for one in marks.stations]
    assert borderline_regression(cuts).reason == "No cut at: S2."
    found = borderline_regression(cuts, {"S1": Fraction(1), "S2": Fraction(6)})
    assert (found.cut, found.reason) == (15, "")
    assert [one.source for one in found.stations] == [REGRESSION, EARLIER]
    assert found.stations[1].reason.startswith("All candidates have the same grade")


def test_standard_needs_stations() -> None:
    assert standard([]).reason == "There are no stations."


def test_fixed_standard_is_a_share_of_every_maximum() -> None:
    found = fixed({"S1": Fraction(20), "S2": Fraction(15)}, Fraction(60))
    assert ([one.cut for one in found.stations], found.cut) == ([12, 9], 21)


def test_angoff_is_over_judges_and_items() -> None:
    ratings = {
        "J1": {"a": Fraction(50), "b": Fraction(70)},
        "J2": {"a": Fraction(40), "b": Fraction(60)},
        "J3": {"a": Fraction(60), "b": Fraction(68)},
        "J4": {"a": Fraction(90)},
    }
    found = angoff(ratings)
    assert found.judges == {"J1": 60, "J2": 50, "J3": 64}
    assert (found.left_out, found.items, found.mean) == (("J4",), 2, 58)
    assert found.se == pytest.approx(sqrt((4 + 64 + 36) / 2 / 3))


def test_angoff_without_enough_judges_says_so() -> None:
    one = angoff({"J1": {"a": Fraction(50)}})
    assert (one.mean, one.se, one.reason) == (50, None, "One judge alone has no standard error.")
    assert angoff({}).reason == "No judge has rated every item."
    parted = angoff({"J1": {"a": Fraction(1)}, "J2": {"b": Fraction(1)}})
    assert (parted.mean, parted.left_out) == (None, ("J1", "J2"))


def test_nobody_borderline_says_so() -> None:
    found = borderline_group(tabled(station((1, 5), (3, 9))), "S1", BORDERLINE)
    assert (found.mean, found.reason) == (None, "Nobody was graded borderline.")


def two_stations() -> tuple[list[Mark], ExamStandard]:
    rows = [
        made("C1", "S1", 10, 3), made("C1", "S2", 10, 3),
        made("C2", "S1", 20, 3), made("C2", "S2", 9, 3),
        made("C3", "S1", 9, 3), made("C3", "S2", 9, 3),
        made("C4", "S1", 20, 3), made("C4", "S2", None, None),
    ]  # fmt: skip
    cuts = [StationStandard(name, Fraction(10), "fixed", "") for name in ("S1", "S2")]
    return rows, standard(cuts)


def test_mark_at_the_cut_passes() -> None:
    rows, exam = two_stations()
    found = outcomes(tabled(rows), exam, pass_mark(exam, None, Fraction(0)))
    assert [(one.passed, one.stations) for one in found[:3]] == [
        (True, ("S1", "S2")),
        (True, ("S1",)),
        (False, ()),
    ]
    assert found[2].reasons == ("The total is below the pass mark.",)


def test_candidate_without_every_station_is_undecided() -> None:
    rows, exam = two_stations()
    found = outcomes(tabled(rows), exam, pass_mark(exam, None, Fraction(0)))[3]
    assert (found.passed, found.total, found.stations) == (None, None, ("S1",))
    assert found.reasons == ("No mark at: S2.",)


def test_without_a_pass_mark_everybody_is_undecided() -> None:
    rows, exam = two_stations()
    assert {one.passed for one in outcomes(tabled(rows), exam, NONE)} == {None}
    assert outcomes(tabled(rows), exam, NONE)[0].reasons == ("No cut at: S1.",)
    assert predicted_minimum(tabled(rows), exam, NONE).reason == "No cut at: S1."


def test_conjunctive_rules_fail_who_has_enough_marks() -> None:
    rows, exam = two_stations()
    mark = pass_mark(exam, None, Fraction(0))
    second = outcomes(tabled(rows), exam, mark, minimum=Fraction(3, 2))[1]
    assert (second.passed, second.reasons) == (False, ("Stations passed: 1; 1.5 are needed.",))
    must = outcomes(tabled(rows), exam, mark, must_pass={"S2"})[1]
    assert must.reasons == ("Must be passed and was not: S2.",)


def test_equal_totals_foretell_nothing() -> None:
    rows, exam = two_stations()
    alone = tabled([row for row in rows if row.candidate == "C1"])
    assert predicted_minimum(alone, exam, pass_mark(exam, None, Fraction(0))).reason == (
        "Fewer than two different totals, so there is no line."
    )
