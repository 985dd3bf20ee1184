"""Alpha, alpha without a station, the SEM and correlations."""

from fractions import Fraction
from statistics import StatisticsError, correlation, pvariance

import pytest
from hypothesis import given

from logbooks.osces.analysis import reliability as own
from logbooks.osces.analysis.marks import tabled
from logbooks.osces.analysis.reliability import reliability
from tests.logbooks.osces.examples import alpha_of, digits, matrices, osce

TEN = "00000 00000 00001 00011 00111 01111 11111 10111 00011 01111"


def test_ten_by_five_is_met() -> None:
    found = reliability(list("abcde"), [[Fraction(mark) for mark in row] for row in TEN.split()])
    assert found.alpha == Fraction(31, 38)
    without = ("0.832579185520", "0.802721088435", "0.716666666667", "0.742424242424", "0.782752902156")  # fmt: skip
    digits([(one.alpha, text) for one, text in zip(found.without, without, strict=True)])
    digits([(found.alpha, "0.815789473684"), (found.sem, "0.763762615826")])


def test_example_is_met() -> None:
    marks = tabled(osce())
    found = reliability(marks.stations, marks.matrix())
    digits(
        [(found.alpha, "0.837668452671"), (found.total_sd, "10.020902"), (found.sem, "4.037460")]
    )
    without = ("0.790794", "0.807165", "0.824933", "0.813113", "0.806790", "0.822512")
    digits([(one.alpha, text) for one, text in zip(found.without, without, strict=True)])


@given(matrices(columns=(3, 5)))
def test_alpha_without_a_station_is_alpha_of_the_rest(matrix: list[list[Fraction]]) -> None:
    names = [f"S{n}" for n in range(len(matrix[0]))]
    for place, one in enumerate(reliability(names, matrix).without):
        rest = [row[:place] + row[place + 1 :] for row in matrix]
        names_of_rest = names[:place] + names[place + 1 :]
        assert one.alpha == reliability(names_of_rest, rest).alpha


@given(matrices())
def test_alpha_is_the_mean_covariance_over_the_mean_of_all(matrix: list[list[Fraction]]) -> None:
    """The same coefficient from covariances: k^2 x mean covariance / variance of the total."""
    k, n = len(matrix[0]), len(matrix)
    means = [sum(column) / Fraction(n) for column in zip(*matrix, strict=True)]
    covariances = [
        sum((row[i] - means[i]) * (row[j] - means[j]) for row in matrix)
        for i in range(k)
        for j in range(k)
    ]
    between = sum(covariances) - sum(covariances[i * k + i] for i in range(k))
    total = sum(covariances)
    expected = Fraction(k, k - 1) * between / total if total else None
    assert alpha_of(matrix) == expected


@given(matrices())
def test_rescaling_and_adding_change_no_alpha(matrix: list[list[Fraction]]) -> None:
    moved = [[3 * mark + place for place, mark in enumerate(row)] for row in matrix]
    assert alpha_of(moved) == alpha_of(matrix)
    assert alpha_of(matrix[::-1]) == alpha_of(matrix)


@given(matrices())
def test_correlation_with_the_rest_is_pearsons(matrix: list[list[Fraction]]) -> None:
    found = reliability([f"S{n}" for n in range(len(matrix[0]))], matrix)
    for place, one in enumerate(found.without):
        mine = [row[place] for row in matrix]
        others = [sum(row) - row[place] for row in matrix]
        try:
            expected = correlation(mine, others)
        except (StatisticsError, ZeroDivisionError):
            assert one.correlation is None
        else:
            assert one.correlation == pytest.approx(expected, abs=1e-9)


@given(matrices())
def test_variance_is_that_of_the_library(matrix: list[list[Fraction]]) -> None:
    row = matrix[0]
    assert own.variance(row) == pvariance(row) * len(row) / (len(row) - 1)


def test_constant_station_stays_in_alpha_and_is_named() -> None:
    matrix = [[Fraction(a), Fraction(b), Fraction(9)] for a, b in ((1, 2), (3, 3), (5, 4))]
    found = reliability(("S1", "S2", "S3"), matrix)
    assert found.constant == ("S3",)
    assert found.alpha == Fraction(3, 2) * (1 - Fraction(5, 9))
    assert found.without[2].correlation is None


def test_what_cannot_be_said_says_why() -> None:
    one = reliability(("S1", "S2"), [[Fraction(1), Fraction(2)]])
    assert (one.alpha, one.sem, one.reason) == (None, None, "Fewer than two candidates have a mark at every station.")  # fmt: skip
    assert reliability(("S1",), [[Fraction(1)], [Fraction(2)]]).reason == (
        "There are fewer than two stations."
    )
    flat = reliability(("S1", "S2"), [[Fraction(1), Fraction(2)], [Fraction(2), Fraction(1)]])
    assert (flat.alpha, flat.total_sd, flat.reason) == (None, 0.0, "All candidates have the same total.")  # fmt: skip
    assert reliability(("S1", "S2"), []).reason.startswith("Fewer than two candidates")
    assert [one.alpha for one in flat.without] == [None, None]
