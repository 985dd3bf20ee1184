"""The pictures of an analysis hold every value, and nothing where there is nothing to draw."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.analysed import analyse
from logbooks.osces.analysis.marks import tabled
from logbooks.osces.examined import uncertain
from tests.logbooks.osces.examples import osce, station

VALUES = st.lists(st.floats(0, 100), min_size=1)


@given(VALUES)
def test_every_value_is_in_a_column(values: list[float]) -> None:
    bins = uncertain._binned(values)
    assert sum(number for _, _, number in bins) == len(values)
    assert bins[0][0] == min(values)
    assert bins[-1][1] == pytest.approx(max(values))


def test_pictures_say_what_the_figures_say() -> None:
    rows = osce()
    found = uncertain.pictures(tabled(rows), analyse(rows, Fraction(2)))
    assert found.jackknife
    assert found.bootstrap
    assert found.examiners
    assert "the standard error is 1.53" in found.jackknife.desc
    assert len(found.jackknife.table.rows) == 24
    draws = [int(str(row[2]).replace(",", "")) for row in found.bootstrap.table.rows]
    assert f"{sum(draws):,} draws" in found.bootstrap.desc
    assert len(found.examiners.table.rows) == 12
    assert len(found.examiners.drawings[0].dots) == 12


def test_without_a_cut_there_is_no_picture_of_it() -> None:
    rows = station((2, 5), (2, 6), (2, 7))
    found = uncertain.pictures(tabled(rows), analyse(rows, Fraction(2)))
    assert not found.columns
    assert found.examiners is None, "nobody has marks elsewhere"
