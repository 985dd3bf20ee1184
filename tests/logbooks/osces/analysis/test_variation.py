"""Analyses of variance, and groups' means here and elsewhere."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.marks import tabled
from logbooks.osces.analysis.regression import sums
from logbooks.osces.analysis.variation import group_means, grouped, one_way, two_way
from tests.logbooks.osces.examples import digits, made, matrices, osce, strd, whole

CERTIFIED = {
    "SiRstv.dat": ("0.190999039051129", "1.18046237440255"),
    "AtmWtAg.dat": ("0.257426544538321", "15.9467335677930"),
    "SmLs01.dat": ("0.482758620689655", "21.0000000000000"),
}
SHARES = {"S1": "1.0020", "S2": "0.2473", "S3": "0.1908", "S4": "25.1211", "S5": "0.6993", "S6": "0.2123"}  # fmt: skip
groups = st.dictionaries(
    st.sampled_from("ABCD"), st.lists(whole, max_size=6), min_size=1, max_size=4
)


@pytest.mark.parametrize("name", CERTIFIED)
def test_certified_variation_is_met(name: str) -> None:
    share, statistic = CERTIFIED[name]
    treatments: dict[str, list[Fraction]] = {}
    for treatment, response in strd(name):
        treatments.setdefault(str(treatment), []).append(response)
    found = one_way(treatments)
    assert found.share is not None
    digits([(found.share / 100, share), (found.statistic, statistic)])


@pytest.mark.parametrize("name", SHARES)
def test_circuits_of_the_example_are_met(name: str) -> None:
    found = one_way(grouped(tabled(osce()), name, "circuit"))
    digits([(found.share, SHARES[name])])
    if name == "S4":
        digits([(found.statistic, "7.380776"), (found.p, "0.012595")])


@given(groups)
def test_two_groups_vary_as_a_line_on_which_of_them(named: dict[str, list[Fraction]]) -> None:
    """With two groups the share is R squared of a regression on 0 and 1."""
    filled = [values for values in named.values() if values][:2]
    found = one_way(dict(enumerate(filled)))  # type: ignore[arg-type]
    line = sums([(Fraction(place), y) for place, ys in enumerate(filled) for y in ys]).line()
    expected = None if line is None or line.r_squared is None else 100 * line.r_squared
    assert found.share == expected


@given(groups)
def test_order_and_scale_change_no_share(named: dict[str, list[Fraction]]) -> None:
    turned = {name: [7 * y + 3 for y in reversed(named[name])] for name in reversed(named)}
    assert one_way(turned) == one_way(named)


def test_what_cannot_be_said_says_why() -> None:
    one, two = Fraction(1), Fraction(2)
    assert one_way({"A": [one, two]}).reason == "There are fewer than two groups."
    assert one_way({"A": [one, two], "B": []}).reason == "There are fewer than two groups."
    assert one_way({}).reason == "There are fewer than two groups."
    assert one_way({"A": [one, one], "B": [one]}).reason == "All marks are equal."
    apart = one_way({"A": [one, one], "B": [two, two]})
    assert (apart.share, apart.statistic, apart.p) == (100, None, None)
    assert apart.reason == "No group has marks that differ, so F cannot be said."
    singles = one_way({"A": [one], "B": [two]})
    assert (singles.share, singles.p, singles.within) == (100, None, 0)


def test_groups_that_are_not_named_are_left_out() -> None:
    rows = [made("C1", "S1", 4, 2, circuit=""), made("C2", "S1", 5, 2, circuit="B")]
    assert grouped(tabled(rows), "S1", "circuit") == {"B": [5]}


def test_mean_elsewhere_is_that_of_the_same_candidates() -> None:
    rows = [
        made("C1", "S1", 10, 2, circuit="A"),
        made("C2", "S1", 20, 2, circuit="B"),
        made("C1", "S2", 5, 2, circuit="A", most=10),
        made("C1", "S3", 20, 2, circuit="A"),
    ]
    first, second = group_means(tabled(rows), "S1", "circuit")
    assert (first.group, first.here, first.elsewhere) == ("A", 50, 75)
    assert (second.n, second.here, second.elsewhere) == (1, 100, None)


@given(matrices())
def test_two_way_squares_add_up(table: list[list[Fraction]]) -> None:
    """Against sums of squares written out from means."""
    n, k = len(table), len(table[0])
    grand = sum(map(sum, table)) / Fraction(n * k)
    rows = [sum(row) / Fraction(k) for row in table]
    columns = [sum(column) / Fraction(n) for column in zip(*table, strict=True)]
    found = two_way(table)
    assert found.rows == k * sum((mean - grand) ** 2 for mean in rows) / (n - 1)
    assert found.columns == n * sum((mean - grand) ** 2 for mean in columns) / (k - 1)
    rest = sum(
        (table[i][j] - rows[i] - columns[j] + grand) ** 2 for i in range(n) for j in range(k)
    )
    assert found.rest == rest / ((n - 1) * (k - 1))
    within = sum((table[i][j] - rows[i]) ** 2 for i in range(n) for j in range(k))
    assert found.within_rows == within / (n * (k - 1))
