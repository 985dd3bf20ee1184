"""The incomplete beta function and what hangs on it, against closed forms and printed tables."""

from math import atan2, comb, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.analysis.distributions import beta_share, f_tail, t_point
from tests.logbooks.osces.examples import shown

shares = st.floats(0, 1)
halves = st.integers(1, 300).map(lambda n: n / 2)


@given(st.integers(1, 40), st.integers(1, 40), shares)
def test_whole_parameters_give_the_binomial_tail(a: int, b: int, x: float) -> None:
    """I_x(a, b) is the chance of at least a successes in a + b - 1 (DLMF 8.17.5)."""
    n = a + b - 1
    tail = sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_share(a, b, x) == pytest.approx(tail, abs=1e-12)


@given(shares)
def test_halves_give_the_arcsine(x: float) -> None:
    assert beta_share(0.5, 0.5, x) == pytest.approx(2 / pi * atan2(sqrt(x), sqrt(1 - x)), abs=1e-12)


@given(halves, halves, st.floats(0.01, 0.99))
def test_both_sides_make_one_and_recur(a: float, b: float, x: float) -> None:
    assert beta_share(a, b, x) + beta_share(b, a, 1 - x) == pytest.approx(1, abs=1e-11)
    # I_x(a, b) = x I_x(a - 1, b) + (1 - x) I_x(a, b - 1), DLMF 8.17.12.
    mixed = x * beta_share(a, b + 1, x) + (1 - x) * beta_share(a + 1, b, x)
    assert beta_share(a + 1, b + 1, x) == pytest.approx(mixed, abs=1e-10)


@given(halves, halves, shares, shares)
def test_share_grows_with_x(a: float, b: float, x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert 0 <= beta_share(a, b, low) <= beta_share(a, b, high) + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize(
    ("statistic", "between", "within"),
    # The upper 5 % points of F in NIST/SEMATECH's handbook, 1.3.6.7.3, to three places.
    [(161.448, 1, 1), (4.965, 1, 10), (3.885, 2, 12), (2.711, 5, 20), (1.927, 10, 100)],
)
def test_printed_five_per_cent_points_are_met(statistic: float, between: int, within: int) -> None:
    assert f_tail(statistic - 0.0005, between, within) > 0.05 - 1e-9
    assert f_tail(statistic + 0.0005, between, within) < 0.05 + 1e-9


@given(st.floats(0, 1e6), st.integers(1, 500))
def test_two_degrees_between_have_a_closed_form(statistic: float, within: int) -> None:
    expected = (1 + 2 * statistic / within) ** (-within / 2)
    assert f_tail(statistic, 2, within) == pytest.approx(expected, abs=1e-12)


def test_far_tails_do_not_vanish() -> None:
    assert f_tail(1e6, 2, 50) == pytest.approx((1 + 2e6 / 50) ** -25, rel=1e-9)
    assert f_tail(0, 3, 4) == 1


@pytest.mark.parametrize(
    ("confidence", "freedom", "printed"),
    # NIST/SEMATECH's handbook, 1.3.6.7.2.
    [(0.95, 1, "12.706"), (0.95, 10, "2.228"), (0.95, 22, "2.074"), (0.99, 5, "4.032"), (0.9, 100, "1.660")],
)  # fmt: skip
def test_printed_points_of_t_are_met(confidence: float, freedom: int, printed: str) -> None:
    assert shown(t_point(confidence, freedom), printed) == printed
