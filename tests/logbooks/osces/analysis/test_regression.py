"""The line of a station, its error, its guards and its band."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from logbooks.osces.analysis.marks import tabled
from logbooks.osces.analysis.regression import StationCut, band, station_cut, sums
from tests.logbooks.osces.examples import (
    BORDERLINE,
    digits,
    grades,
    made,
    osce,
    shown,
    station,
    strd,
    whole,
)

# slope, intercept, R squared, cut, its digits, SE, borderline n: docs/osces.md's example.
STATIONS = {
    "S1": ("205/197", "10.539763", "0.256503", "7459/591", "12.620981", "0.571802", 6),
    "S2": ("657/407", "7.599509", "0.291443", "4407/407", "10.828010", "0.684064", 8),
    "S3": ("212/189", "10.380952", "0.340361", "2386/189", "12.624339", "0.564501", 5),
    "S4": ("1005/407", "3.570025", "0.572465", "3463/407", "8.508600", "0.579961", 8),
    "S5": ("428/407", "9.968059", "0.196715", "4913/407", "12.071253", "0.606433", 5),
    "S6": ("33/41", "10.634146", "0.169178", "502/41", "12.243902", "0.591165", 6),
}
points = st.lists(st.tuples(grades, whole), min_size=3, max_size=12)


def cut_of(*pairs: tuple[int, int], borderline: int = 2) -> StationCut:
    return station_cut(tabled(station(*pairs)), "S1", Fraction(borderline))


def test_norris_is_met_to_the_last_certified_digit() -> None:
    line = sums([(x, y) for y, x in strd("Norris.dat")]).line()
    assert line is not None
    assert line.residual_variance is not None
    assert line.n == 36
    digits(
        [
            (line.intercept, "-0.262323073774029"),
            (line.slope, "1.00211681802045"),
            (line.se_at(Fraction(0)), "0.232818234301152"),
            (line.se_slope, "0.000429796848199937"),
            (sqrt(line.residual_variance), "0.884796396144373"),
            (line.r_squared, "0.999993745883712"),
            (line.se_at(Fraction(500)), "0.15150217580019065"),
        ]
    )


@pytest.mark.parametrize("name", STATIONS)
def test_every_station_of_the_example_is_met(name: str) -> None:
    slope, intercept, r_squared, cut, cut_digits, se, borderline_n = STATIONS[name]
    found = station_cut(tabled(osce()), name, BORDERLINE)
    assert found.line is not None
    assert (str(found.line.slope), str(found.cut), found.borderline_n) == (slope, cut, borderline_n)
    assert (found.n, found.max_mark, found.reason) == (24, 20, "")
    digits(
        [
            (found.line.intercept, intercept),
            (found.line.r_squared, r_squared),
            (found.cut, cut_digits),
            (found.se, se),
        ]
    )


def test_sum_of_cuts_of_the_example_is_met() -> None:
    cuts = [station_cut(tabled(osce()), name, BORDERLINE) for name in STATIONS]
    digits([(sqrt(sum((cut.se or 0) ** 2 for cut in cuts)), "1.472126")])


@given(points)
def test_line_is_what_numpy_fits(pairs: list[tuple[Fraction, Fraction]]) -> None:
    line = sums(pairs).line()
    assume(line is not None)
    assert line is not None
    x, y = np.array(pairs, dtype=float).T
    slope, intercept = np.polyfit(x, y, 1)
    assert float(line.slope) == pytest.approx(slope, abs=1e-9)
    assert float(line.intercept) == pytest.approx(intercept, abs=1e-9)
    residuals = y - (intercept + slope * x)
    assert float(line.residual_variance or 0) == pytest.approx(
        (residuals**2).sum() / (len(y) - 2), abs=1e-9
    )


@given(points, st.data())
def test_point_taken_out_is_as_if_it_had_not_been_there(
    pairs: list[tuple[Fraction, Fraction]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(pairs) - 1))
    assert sums(pairs).less(*pairs[place]) == sums([*pairs[:place], *pairs[place + 1 :]])


@given(points, st.integers(1, 20))
def test_added_constant_changes_no_slope(
    pairs: list[tuple[Fraction, Fraction]], constant: int
) -> None:
    line, moved = sums(pairs).line(), sums([(x, y + constant) for x, y in pairs]).line()
    if line is None or moved is None:
        assert line is moved
        return
    assert moved.slope == line.slope
    assert moved.intercept == line.intercept + constant
    assert moved.r_squared == line.r_squared
    assert moved.residual_variance == line.residual_variance


@given(points, st.fractions(min_value=Fraction(1, 7), max_value=9, max_denominator=7))
def test_rescaled_marks_rescale_the_cut(
    pairs: list[tuple[Fraction, Fraction]], factor: Fraction
) -> None:
    def rows(times: Fraction) -> list:
        return [
            made(f"C{n}", "S1", y * times, x, most=20 * times) for n, (x, y) in enumerate(pairs)
        ]

    own = station_cut(tabled(rows(Fraction(1))), "S1", BORDERLINE)
    scaled = station_cut(tabled(rows(factor)), "S1", BORDERLINE)
    assert scaled.cut == (None if own.cut is None else own.cut * factor)
    assert (scaled.reason == "") == (own.reason == "")


def test_candidates_without_mark_or_grade_are_left_out_of_the_line() -> None:
    rows = [*station((1, 5), (2, 9), (3, 13)), made("C8", "S1", None, 5), made("C9", "S1", 0, None)]
    found = station_cut(tabled(rows), "S1", BORDERLINE)
    assert (found.n, found.cut) == (3, 9)


def test_guards_say_why_there_is_no_cut() -> None:
    assert cut_of((1, 5), (3, 9)).reason == (
        "Only 2 candidates have both a mark and a grade; a line and its error need 3."
    )
    assert cut_of((1, 5)).reason.startswith("Only 1 candidate has both")
    assert cut_of((3, 5), (3, 9), (3, 7)).reason == (
        "All candidates have the same grade, so there is no line."
    )
    falling = cut_of((1, 9), (2, 7), (3, 5))
    assert falling.reason.startswith("The slope is not positive")
    assert (falling.cut, falling.at_borderline, falling.se) == (None, 7, None)
    assert cut_of((1, 9), (2, 9), (3, 9)).reason.startswith("The slope is not positive")
    assert cut_of((3, 1), (4, 8), (5, 15), borderline=1).reason == (
        "The line is at -13.00 at the borderline grade, outside 0 to 20."
    )


def test_cut_at_either_end_of_the_marks_stands() -> None:
    assert cut_of((1, 0), (2, 5), (3, 10), borderline=1).cut == 0
    assert cut_of((1, 0), (2, 10), (3, 20), borderline=3).cut == 20


def test_station_without_usable_marks_says_so() -> None:
    marks = tabled([made("C1", "S1", None, 2)])
    assert station_cut(marks, "S1", BORDERLINE).reason.startswith("No candidate has both")


def test_station_with_two_maxima_has_no_cut() -> None:
    rows = [*station((1, 5), (2, 9), (3, 13)), made("C9", "S1", 3, 2, most=30)]
    found = station_cut(tabled(rows), "S1", BORDERLINE)
    assert found.reason == "The station has more than one maximum mark."


def test_perfect_line_has_no_error() -> None:
    found = cut_of((1, 5), (2, 9), (3, 13))
    assert (found.se, found.line.r_squared if found.line else None) == (0.0, 1)


def test_band_reaches_t_standard_errors() -> None:
    line = station_cut(tabled(osce()), "S1", BORDERLINE).line
    assert line is not None
    [low, at, high] = band(line, [Fraction(1), BORDERLINE, Fraction(5)])
    assert shown(at.reach / (line.se_at(BORDERLINE) or 1), "2.073873") == "2.073873"  # t, 22 df
    assert at.y == Fraction(7459, 591)
    assert min(low.reach, high.reach) > at.reach
    few = sums([(Fraction(1), Fraction(5)), (Fraction(2), Fraction(7))]).line()
    assert few is not None
    assert band(few, [BORDERLINE]) == []
