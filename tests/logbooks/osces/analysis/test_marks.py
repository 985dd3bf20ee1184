"""The table of marks, and which cells are used."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.marks import Mark, counted, tabled
from tests.logbooks.osces.examples import exams, made, osce


@given(exams(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(rows: list[Mark], random: st.DataObject) -> None:
    turned = list(rows)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert tabled(turned) == tabled(rows)


def test_totals_are_of_candidates_with_every_station() -> None:
    rows = osce()
    assert tabled(rows).total("C01") == 16 + 13 + 13 + 12 + 12 + 15
    assert len(tabled(rows).complete) == 24
    short = tabled(rows[1:])
    assert (short.total("C01"), short.lacking("C01")) == (None, ["S1"])
    assert (len(short.candidates), len(short.matrix())) == (24, 23)


def test_zero_is_a_mark_and_empty_is_none() -> None:
    marks = tabled([made("C1", "S1", 0, 1), made("C2", "S1", None, 1)])
    assert [marks.total(one) for one in ("C1", "C2")] == [0, None]


def test_carried_mark_counts_for_its_candidate_and_is_no_cell() -> None:
    carried = replace(made("C01", "S1", 20, None), carried="May")
    marks = tabled([*osce()[1:], carried])
    assert marks.total("C01") == 20 + 13 + 13 + 12 + 12 + 15
    assert (marks.lacking("C01"), marks.brought("C01")) == ([], "S1 carried from May")
    assert ("C01" in marks.complete, len(marks.matrix()), len(marks.at("S1"))) == (False, 23, 23)
    assert tabled([*osce(), carried]) == tabled(osce()), "a mark of this exam stands"
    alone = tabled([*osce(), replace(carried, candidate="C99"), replace(carried, station="S9")])
    assert (alone.candidates[-1], alone.examined) == ("C99", tabled(osce()).candidates)
    assert "S9" not in alone.stations


def test_cells_that_cannot_be_used_are_missing() -> None:
    rows = [
        made("C1", "S1", 21, 1),  # out of range
        made("C2", "S1", -1, 1),
        made("C3", "S1", 5, 1),  # twice
        made("C3", "S1", 5, 1),
        made("C4", "S1", 5, 1),
        made("C4", "S2", 5, 1, most=20),  # two maxima
        made("C5", "S2", 5, 1, most=10),
        made("C5", "S3", 0, 1, most=0),  # no maximum
    ]
    marks = tabled(rows)
    assert set(marks.cells) == {("C4", "S1")}
    assert marks.maxima.keys() == {"S1", "S3"}
    assert marks.complete == ()
    assert tabled([]).matrix() == []


def test_names_are_in_the_order_in_which_people_count() -> None:
    assert sorted(["S10", "S2", "S1", "10", "9", "S02", ""], key=counted) == [
        "", "9", "10", "S1", "S02", "S2", "S10",
    ]  # fmt: skip
