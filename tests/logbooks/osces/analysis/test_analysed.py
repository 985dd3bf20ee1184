"""The whole analysis: what holds of every exam, degenerate ones included."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logbooks.osces.analysis.analysed import CONVENTIONS, analyse
from logbooks.osces.analysis.marks import Mark
from logbooks.osces.analysis.written import as_json, as_table
from tests.logbooks.osces.examples import BORDERLINE, digits, exams, made, osce, station


def test_example_is_met() -> None:
    found = analyse(osce(), BORDERLINE, draws=100)
    digits(
        [
            (found.standard.cut, "68.897085"),
            (found.se_independent, "1.472126"),
            (found.jackknife.se, "1.527903"),
            (found.reliability.alpha, "0.837668452671"),
        ]
    )
    assert (found.candidates, found.complete) == (24, 24)
    assert [at.pass_mark.k for at in found.at_marks] == [0, 1]
    assert len(analyse(osce(), BORDERLINE, k=Fraction(0), draws=0).at_marks) == 1
    assert found.conventions == CONVENTIONS
    assert found.warnings == (
        "There are fewer than 50 candidates: the uncertainty of every cut is large.",
    )


@settings(max_examples=25)
@given(exams(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing_exactly(rows: list[Mark], random: st.DataObject) -> None:
    turned = list(rows)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert analyse(turned, BORDERLINE, draws=20) == analyse(rows, BORDERLINE, draws=20)


@settings(max_examples=25)
@given(exams())
def test_names_of_candidates_change_no_figure_of_the_exam(rows: list[Mark]) -> None:
    """Whoever stands first in the file or the alphabet; draws go by place and are left out here."""
    renamed = [replace(row, candidate=f"Z{99 - int(row.candidate[1:])}") for row in rows]
    own, other = (analyse(those, BORDERLINE, draws=0) for those in (rows, renamed))
    assert own.stations == other.stations
    assert own.standard == other.standard
    assert own.reliability == other.reliability
    assert own.generalizability == other.generalizability
    assert own.jackknife.se == other.jackknife.se
    assert [at.predicted for at in own.at_marks] == [at.predicted for at in other.at_marks]


@settings(max_examples=50)
@given(exams(), st.integers(0, 6))
def test_any_exam_can_be_analysed_and_written(rows: list[Mark], borderline: int) -> None:
    found = analyse(rows, Fraction(borderline), draws=5)
    assert "NaN" not in as_json(found)
    assert "nan" not in as_table(found)
    for one in found.stations:
        assert (one.cut.cut is None) == bool(one.cut.reason)
        if one.cut.cut is not None:
            assert 0 <= one.cut.cut <= 20
    assert (found.standard.cut is None) == bool(found.standard.reason)
    assert (found.reliability.alpha is None) == bool(found.reliability.reason)
    assert (found.jackknife.se is None) == bool(found.jackknife.reason)
    assert (found.bootstrap.se is None) == bool(found.bootstrap.reason)
    for at in found.at_marks:
        assert (at.pass_mark.mark is None) == bool(at.pass_mark.reason)
        assert (at.predicted.stations is None) == bool(at.predicted.reason)


DEGENERATE = {
    "no rows": [],
    "one candidate": [made("C1", "S1", 5, 2), made("C1", "S2", 6, 3)],
    "one station": station((1, 5), (2, 9), (3, 14)),
    "all grades equal": station((2, 5), (2, 9), (2, 14)),
    "all marks equal": station((1, 5), (2, 5), (3, 5)),
    "nobody borderline": station((3, 5), (4, 9), (5, 14)),
    "all missing": [made(f"C{n}", "S1", None, None) for n in range(4)],
    "a circuit without marks": [
        *station((1, 5), (2, 9), (3, 14)),
        *(made(f"D{n}", "S1", None, None, circuit="B") for n in range(3)),
    ],
    "no maximum": [made(f"C{n}", "S1", 0, n, most=0) for n in range(4)],
    "everybody twice": station((1, 5), (2, 9), (3, 14)) * 2,
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_exam_has_reasons_and_no_failure(name: str) -> None:
    found = analyse(DEGENERATE[name], BORDERLINE, draws=20)
    assert as_table(found).endswith(f"  {CONVENTIONS[-1]}\n")
    assert found.reliability.reason
    assert {bool(one.cut.reason) for one in found.stations if one.cut.cut is None} <= {True}


def test_warnings_name_what_was_left_out_and_what_stands_in() -> None:
    rows = [*osce()[1:], *(made(f"C{n:02}", "S7", 9, 3) for n in range(1, 25))]
    found = analyse(rows, BORDERLINE, earlier={"S7": Fraction(8)}, draws=0)
    words = "\n".join(found.warnings)
    assert "Left out of totals, alpha and generalizability for want of a mark: 1 of 24" in words
    assert "S7: nobody was graded borderline" in words
    assert "S7: no cut by regression. All candidates have the same grade" in words
    assert "Its earlier cut stands in, 8." in words
    assert "Everybody has the same mark at: S7. Alpha keeps it." in words
    assert found.standard.cut is not None


def test_negative_component_is_warned_of() -> None:
    rows = [
        made(f"C{n}", name, mark, 2)
        for n, marks in enumerate(((1, 9), (9, 1), (5, 6)))
        for name, mark in zip(("S1", "S2"), marks, strict=True)
    ]
    assert any(
        warning.startswith("Negative variance component, used as zero in the coefficients: p")
        for warning in analyse(rows, BORDERLINE, draws=0).warnings
    )


@settings(max_examples=25)
@given(exams(), st.data())
def test_carried_marks_change_no_figure_but_their_own_candidates(
    rows: list[Mark], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from([(row.candidate, row.station) for row in rows])))
    left = [row for row in rows if (row.candidate, row.station) not in gone]
    brought = [made(*one, 20, None) for one in sorted(gone)]
    own, other = (
        analyse(those, BORDERLINE, draws=5)
        for those in ([*left, *(replace(row, carried="May") for row in brought)], left)
    )
    names = {one for one, _ in gone}
    for before, after in zip(other.at_marks, own.at_marks, strict=True):
        assert (before.pass_mark, before.predicted) == (after.pass_mark, after.predicted)
        others = [
            [one for one in at.outcomes if one.candidate not in names] for at in (before, after)
        ]
        assert others[0] == others[1]
    same = {"candidates": 0, "at_marks": (), "notes": (), "warnings": ()}
    assert replace(own, **same) == replace(other, **same)  # type: ignore[arg-type]
