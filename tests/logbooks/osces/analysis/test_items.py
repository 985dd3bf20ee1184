"""Item analysis: figures by hand, and what no order of sheets changes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.items import Asked, item_figures

ASKED = [Asked("S1", 1, "Checks identity", 2, critical=True), Asked("S1", 2, "Asks", 2, False)]


def test_figures_by_hand() -> None:
    sheets = [{1: 2, 2: 2}, {1: 0, 2: 1}, {1: None, 2: 0}, {2: 2}]
    first, second = item_figures(ASKED, sheets)
    assert (first.given, first.not_observed, first.zero) == (2, 1, 1)
    assert first.difficulty == 50
    assert first.correlation == pytest.approx(1)
    assert (second.given, second.not_observed, second.zero) == (4, 0, 1)
    assert second.difficulty == Fraction(500, 8)


def test_item_that_nobody_met_has_no_figures() -> None:
    [first, _] = item_figures(ASKED, [{1: None}])
    assert (first.given, first.difficulty, first.correlation) == (0, None, None)


@given(
    st.lists(
        st.fixed_dictionaries({}, optional={1: st.none() | st.integers(0, 2), 2: st.integers(0, 2)})
    )
)
def test_order_of_sheets_changes_nothing(sheets: list[dict[int, int | None]]) -> None:
    assert item_figures(ASKED, sheets) == item_figures(ASKED, list(reversed(sheets)))
