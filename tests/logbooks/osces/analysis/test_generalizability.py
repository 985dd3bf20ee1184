"""Variance components, coefficients and the D-study."""

from fractions import Fraction

from hypothesis import given

from logbooks.osces.analysis.generalizability import (
    persons_by_items_by_occasions,
    persons_by_stations,
)
from logbooks.osces.analysis.marks import tabled
from logbooks.osces.analysis.variation import two_way
from tests.logbooks.osces.examples import alpha_of, digits, matrices, osce, table


def test_brennans_first_set_is_met() -> None:
    found = persons_by_stations(table("brennan2001_synthetic1_pxi.csv"))
    printed = ("0.0574", "0.0754", "0.1269")
    digits([(one.estimate, text) for one, text in zip(found.components, printed, strict=True)])
    assert found.coefficients is not None
    digits([(found.coefficients.e_rho2, "0.844495"), (found.coefficients.phi, "0.773024")])


def test_brennans_third_set_is_met() -> None:
    rows = table("brennan2001_synthetic2_i_in_p_and_3_pxixo.csv")
    people = [[[row[item], row[4 + item]] for item in range(4)] for row in rows]
    found = persons_by_items_by_occasions(people, [(4, 2), (8, 4)])
    assert found.coefficients is not None
    digits([(found.coefficients.e_rho2, "0.639871"), (found.coefficients.phi, "0.554125")])
    assert found.study[0] == found.coefficients
    assert (found.study[1].e_rho2 or 0) > (found.coefficients.e_rho2 or 0)
    assert [one.effect for one in found.components] == ["p", "i", "o", "pi", "po", "io", "pio"]


def test_example_is_met() -> None:
    found = persons_by_stations(tabled(osce()).matrix(), [6, 12])
    assert found.coefficients is not None
    digits([(found.coefficients.e_rho2, "0.837668"), (found.coefficients.phi, "0.778199")])
    assert found.study[0] == found.coefficients


@given(matrices())
def test_components_are_those_of_the_mean_squares(matrix: list[list[Fraction]]) -> None:
    found = {one.effect: one.estimate for one in persons_by_stations(matrix).components}
    squares = two_way(matrix)
    assert found["ps"] == squares.rest
    assert found["p"] == (squares.rows - squares.rest) / len(matrix[0])
    assert found["s"] == (squares.columns - squares.rest) / len(matrix)


@given(matrices())
def test_relative_coefficient_is_alpha_or_zero(matrix: list[list[Fraction]]) -> None:
    """Hoyt (1941): with as many stations as there were, E rho^2 is alpha, unless it is negative."""
    found, expected = persons_by_stations(matrix).coefficients, alpha_of(matrix)
    assert found is not None
    if expected is None:
        assert found.e_rho2 in (0, None)
    else:
        assert found.e_rho2 == max(expected, Fraction(0))


@given(matrices())
def test_occasions_that_agree_wholly_add_no_error(matrix: list[list[Fraction]]) -> None:
    """Two occasions with the same marks are one design of persons by items."""
    twice = [[[mark, mark] for mark in row] for row in matrix]
    found = {c.effect: c.estimate for c in persons_by_items_by_occasions(twice).components}
    single = {c.effect: c.estimate for c in persons_by_stations(matrix).components}
    assert (found["p"], found["i"], found["pi"]) == (single["p"], single["s"], single["ps"])
    assert {found[effect] for effect in ("o", "po", "io", "pio")} == {0}


def test_negative_component_is_shown_and_used_as_zero() -> None:
    rows = [[Fraction(a), Fraction(b)] for a, b in ((1, 9), (9, 1), (5, 6))]
    found = persons_by_stations(rows)
    person = found.components[0]
    assert person.estimate < 0
    assert person.negative
    assert person.used == 0
    assert found.coefficients is not None
    assert (found.coefficients.e_rho2, found.coefficients.phi) == (0, 0)


def test_what_cannot_be_said_says_why() -> None:
    one = Fraction(1)
    assert persons_by_stations([[one, one]]).reason == (
        "There are fewer than two of: candidate with every station."
    )
    assert persons_by_stations([[one], [one]]).reason == "There are fewer than two of: station."
    assert persons_by_stations([]).components == ()
    assert persons_by_items_by_occasions([]).reason.endswith("item, occasion.")
    flat = persons_by_stations([[one, one], [one, one]])
    assert flat.coefficients is not None
    assert (flat.coefficients.e_rho2, flat.coefficients.phi) == (None, None)
