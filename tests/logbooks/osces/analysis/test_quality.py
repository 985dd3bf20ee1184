"""Thresholds with their words, groups, and the report on the data."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.analysed import analyse
from logbooks.osces.analysis.marks import Mark, tabled
from logbooks.osces.analysis.quality import THRESHOLDS, Verdict, group_quality, judge, notes
from tests.logbooks.osces.examples import BORDERLINE, exams, made, osce


def kinds(rows: list[Mark]) -> list[str]:
    return [note.kind for note in notes(rows)]


@pytest.mark.parametrize(
    ("metric", "value", "verdict"),
    [
        ("R squared", "0.5", Verdict.LOOK),
        ("R squared", "0.51", Verdict.GOOD),
        ("between-group variation", "29.99", Verdict.GOOD),
        ("between-group variation", "30", Verdict.LOOK),
        ("between-group variation", "40", Verdict.LOOK),
        ("between-group variation", "40.01", Verdict.CONCERN),
        ("slope in tenths of the maximum", "0.4", Verdict.LOOK),
        ("slope in tenths of the maximum", "1", Verdict.GOOD),
        ("slope in tenths of the maximum", "2.1", Verdict.LOOK),
        ("alpha", "0.7", Verdict.GOOD),
        ("alpha", "0.69", Verdict.LOOK),
        ("alpha without it, less alpha", "0.01", Verdict.LOOK),
        ("correlation with the other stations", "0", Verdict.CONCERN),
        ("grades given", "1", Verdict.CONCERN),
        ("grades given", "2", Verdict.GOOD),
    ],
)
def test_limits_are_those_that_are_published(metric: str, value: str, verdict: Verdict) -> None:
    [said] = judge(metric, Fraction(value))
    assert said.verdict == verdict
    assert said.words.endswith(".")


def test_missing_figure_is_not_judged() -> None:
    assert judge("alpha", None) == []


@pytest.mark.parametrize("metric", THRESHOLDS)
def test_every_figure_falls_into_one_band(metric: str) -> None:
    bands = THRESHOLDS[metric]
    assert [band.limit for band in bands[:-1]] == sorted(band.limit or 0 for band in bands[:-1])
    assert bands[-1].limit is None


def test_failures_of_the_example_are_met() -> None:
    stations = analyse(osce(), BORDERLINE, draws=0).stations
    assert [one.quality.failures for one in stations] == [7, 4, 4, 5, 9, 8]
    assert {one.quality.marked for one in stations} == {24}


def test_stringent_examiner_is_seen_beside_the_same_candidates_elsewhere() -> None:
    rows = [
        made("C1", "S1", 10, 2, examiner="Hard"),
        made("C1", "S2", 16, 3, examiner="Mild"),
        made("C2", "S2", 20, 4, examiner="Mild"),
    ]
    hard, mild = group_quality(tabled(rows), "examiner")
    assert (hard.here, hard.elsewhere, hard.difference) == (50, 80, -30)
    assert (mild.candidates, mild.here, mild.elsewhere, mild.difference) == (2, 90, 50, 40)


def test_circuit_whose_people_were_nowhere_else_has_no_difference() -> None:
    found = group_quality(tabled(osce()), "circuit")
    assert [(one.group, one.candidates, one.elsewhere) for one in found] == [
        ("A", 12, None),
        ("B", 12, None),
    ]
    assert group_quality(tabled(osce()), "site") == []


def test_clean_data_have_no_notes() -> None:
    assert notes(osce()) == []


def test_each_thing_amiss_is_named() -> None:
    assert kinds(osce()[1:]) == ["missing mark"]
    [note] = notes(osce()[1:])
    assert (note.candidate, note.station, note.words) == ("C01", "S1", "C01 at S1 has no mark.")
    empty = [made("C1", "S1", None, None), made("C2", "S1", 3, 2)]
    assert kinds(empty) == ["missing grade", "missing mark"]
    assert notes([made("C1", "S1", 21, 2)])[0].words == (
        "C1 at S1 has 21 out of 20; it is not used."
    )
    assert kinds([made("C1", "S1", 5, 2), made("C1", "S1", 6, 2)])[0] == "marked twice"
    maxima = [made("C1", "S1", 5, 2), made("C2", "S1", 5, 3, most=10)]
    assert [note.words for note in notes(maxima)] == [
        "S1 has the maxima 10 and 20; none of its marks is used until one is left."
    ]


def test_people_who_are_amiss_are_named() -> None:
    rows = [
        made("C1", "S1", 5, 3, circuit="A", examiner="E"),
        made("C2", "S1", 6, 3, circuit="B", examiner="E"),
        made("C1", "S2", 6, 3, circuit="B", examiner="F"),
        made("C2", "S2", 6, 4, circuit="B", examiner=""),
    ]
    assert [(note.kind, note.words) for note in notes(rows)] == [
        ("candidate in several circuits", "C1 was in the circuits A, B."),
        ("examiner in several circuits", "E examined in the circuits A, B."),
        ("no examiner", "Rows that name no examiner: 1."),
        ("one grade only", "E gave all 2 candidates the grade 3."),
    ]


def test_examiner_who_gave_one_grade_is_a_concern() -> None:
    rows = [made(f"C{n}", "S1", n, 3) for n in range(3)]
    [found] = group_quality(tabled(rows), "examiner")
    assert [said.verdict for said in found.judged] == [Verdict.CONCERN]
    assert group_quality(tabled(rows[:1]), "examiner")[0].judged == ()


def test_plan_shows_who_was_not_allocated_and_who_never_came() -> None:
    rows = [made("C1", "S1", 5, 3, examiner="E"), made("C2", "S1", 5, 2, examiner="F")]
    plan = {("C1", "S1"): ["E"], ("C2", "S1"): ["E"], ("C3", "S1"): ["E"]}
    assert [note.words for note in notes(rows, plan)] == [
        "C2 at S1 was marked by F, who was not allocated.",
        "C3 at S1 has no mark.",
    ]


@given(exams(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_note(rows: list[Mark], random: st.DataObject) -> None:
    turned = list(rows)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert notes(turned) == notes(rows)
