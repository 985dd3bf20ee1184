"""Jackknife and bootstrap against the loops that they stand for."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logbooks.osces.analysis import resampling
from logbooks.osces.analysis.marks import Mark, tabled
from logbooks.osces.analysis.regression import StationCut, station_cut
from logbooks.osces.analysis.resampling import bootstrap, bootstrap_cuts, jackknife
from tests.benchmarks import bench_osce
from tests.logbooks.osces.examples import BORDERLINE, digits, exams, made, osce, station


def cuts_of(rows: list[Mark], borderline: Fraction = BORDERLINE) -> list[StationCut]:
    marks = tabled(rows)
    return [station_cut(marks, name, borderline) for name in marks.stations]


def slow_draws(
    rows: list[Mark], draws: int, seed: int, borderline: Fraction = BORDERLINE
) -> list[float]:
    """Candidate by candidate: the exam made anew from each draw, with names for those drawn again."""
    marks = tabled(rows)
    names = [cut.station for cut in cuts_of(rows, borderline) if cut.cut is not None]
    rng, found = np.random.default_rng(seed), []
    for _ in range(draws):
        drawn = [
            made(f"D{place}", cell.station, cell.mark, cell.grade, most=cell.max_mark)
            for place, number in enumerate(rng.integers(len(marks.candidates), size=len(marks.candidates)))
            for name in names
            if (cell := marks.cells.get((marks.candidates[number], name)))
        ]  # fmt: skip
        again = {cut.station: cut.cut for cut in cuts_of(drawn, borderline)}
        each = [again.get(name) for name in names]
        if names and None not in each:
            found.append(float(sum(cut or 0 for cut in each)))
    return found


def test_example_is_met() -> None:
    found = jackknife(tabled(osce()), cuts_of(osce()), BORDERLINE)
    digits([(found.se, "1.527903")])
    assert len(found.without) == 24


@given(exams())
def test_jackknife_is_the_loop_that_leaves_one_out(rows: list[Mark]) -> None:
    cuts = cuts_of(rows)
    names = [cut.station for cut in cuts if cut.cut is not None]
    found = jackknife(tabled(rows), cuts, BORDERLINE)
    people = sorted(
        {
            row.candidate
            for row in rows
            if row.station in names and row.mark is not None and row.grade is not None
        }
    )
    values = []
    for one in people:
        rest = {
            cut.station: cut.cut for cut in cuts_of([row for row in rows if row.candidate != one])
        }
        if any(rest.get(name) is None for name in names):
            assert (found.se, found.without) == (None, ())
            assert found.reason.startswith("Without ")
            return
        values.append(float(sum(rest[name] or 0 for name in names)))
    if not names:
        assert found.reason == "No station has a cut of its own."
        return
    assert [cut for _, cut in found.without] == pytest.approx(values)
    n = len(values)
    mean = sum(values) / n
    assert found.se == pytest.approx(
        sqrt((n - 1) / n * sum((value - mean) ** 2 for value in values)), abs=1e-9
    )


@settings(max_examples=30)
@given(exams(), st.integers(0, 99))
def test_bootstrap_is_the_loop_over_the_same_draws(rows: list[Mark], seed: int) -> None:
    found = bootstrap_cuts(tabled(rows), cuts_of(rows), BORDERLINE, 8, seed)
    assert found.tolist() == pytest.approx(slow_draws(rows, 8, seed), abs=1e-9)


def test_draws_are_those_of_the_benchmarks_plain_loop() -> None:
    bench_osce.compare(tabled(bench_osce.exam(60)), 300)


def test_fractions_of_marks_and_grades_are_drawn_exactly() -> None:
    rows = [
        made(row.candidate, row.station, (row.mark or 0) / 4, (row.grade or 0) / 3, most=5)
        for row in osce()
    ]
    marks, third = tabled(rows), BORDERLINE / 3
    cuts = [station_cut(marks, name, third) for name in marks.stations]
    whole = bootstrap_cuts(tabled(osce()), cuts_of(osce()), BORDERLINE, 50, 1)
    assert bootstrap_cuts(marks, cuts, third, 50, 1) * 4 == pytest.approx(whole)


@pytest.mark.parametrize("seed", range(4))
def test_draws_of_one_grade_give_no_cut_however_many_digits(seed: int) -> None:
    """Sums of so many digits are no longer exact in floats."""
    odd = Fraction("0.123456789013")
    rows = [made(f"C{n}", "S1", 5 + n // 4 * 4 + n % 2 * odd, 1 + n // 4 + odd) for n in range(7)]
    marks = tabled(rows)
    cuts = [station_cut(marks, "S1", BORDERLINE)]
    found = bootstrap_cuts(marks, cuts, BORDERLINE, 300, seed)
    rng = np.random.default_rng(seed)
    assert len(found) == sum(len(set(rng.integers(7, size=7) // 4)) == 2 for _ in range(300))


@pytest.mark.parametrize("seed", range(4))
def test_draws_of_one_mark_give_no_cut_however_many_digits(seed: int) -> None:
    odd = Fraction("5.123456789013")
    rows = [made(f"C{n}", "S1", odd, n + odd / 7) for n in range(5)]
    rows.append(made("C5", "S1", odd + 4, 5 + odd / 7))
    marks = tabled(rows)
    cuts = [station_cut(marks, "S1", BORDERLINE)]
    found = bootstrap_cuts(marks, cuts, BORDERLINE, 300, seed)
    assert found.tolist() == pytest.approx(slow_draws(rows, 300, seed))


def test_draws_outside_the_marks_give_no_cut() -> None:
    for borderline, pairs in (
        (5, ((1, 8), (2, 9), (3, 16), (4, 13))),
        (1, ((2, 2), (3, 6), (4, 5), (5, 10))),
    ):
        rows, grade = station(*pairs), Fraction(borderline)
        cuts = [station_cut(tabled(rows), "S1", grade)]
        assert cuts[0].cut is not None
        found = bootstrap_cuts(tabled(rows), cuts, grade, 200, 1).tolist()
        assert found == pytest.approx(slow_draws(rows, 200, 1, grade))
        assert all(0 <= cut <= 20 for cut in found)


def test_bootstrap_is_about_the_jackknife() -> None:
    found = bootstrap(tabled(osce()), cuts_of(osce()), BORDERLINE, 2000, 7)
    assert list(found.percentiles) == sorted(set(found.percentiles))
    assert found.percentiles[0] < 68.897085 < found.percentiles[-1]
    assert found.se == pytest.approx(1.53, abs=0.15)
    assert found.mean == pytest.approx(68.9, abs=0.3)
    assert 0 < found.without_cut < 100


def test_same_seed_gives_the_same_figures_whatever_the_order() -> None:
    one = bootstrap(tabled(osce()), cuts_of(osce()), BORDERLINE, 100, 5)
    assert bootstrap(tabled(osce()[::-1]), cuts_of(osce()[::-1]), BORDERLINE, 100, 5) == one
    assert bootstrap(tabled(osce()), cuts_of(osce()), BORDERLINE, 100, 6) != one


def test_draws_are_the_same_in_any_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    marks, cuts = tabled(osce()), cuts_of(osce())
    at_once = bootstrap_cuts(marks, cuts, BORDERLINE, 100, 1)
    monkeypatch.setattr(resampling, "_CELLS", 24 * 7)
    assert bootstrap_cuts(marks, cuts, BORDERLINE, 100, 1).tolist() == at_once.tolist()


def test_earlier_cut_is_no_part_of_the_draws() -> None:
    rows = [row for row in osce() if row.station != "S6"]
    flat = [made(row.candidate, "S6", 9, 3) for row in osce() if row.station == "S6"]
    assert jackknife(tabled(rows + flat), cuts_of(rows + flat), BORDERLINE).se == (
        jackknife(tabled(rows), cuts_of(rows), BORDERLINE).se
    )


def test_what_cannot_be_said_says_why() -> None:
    rows = station((3, 9), (3, 8), (3, 7))
    found = bootstrap(tabled(rows), cuts_of(rows), BORDERLINE, 50, 1)
    assert (found.se, found.mean, found.percentiles, found.without_cut) == (None, None, (), 50)
    assert found.reason == "Fewer than two draws give a cut at every station."
    none = bootstrap(tabled(osce()), cuts_of(osce()), BORDERLINE, 0, 1)
    assert (none.draws, none.without_cut, none.se) == (0, 0, None)
    assert jackknife(tabled([]), [], BORDERLINE).reason == "No station has a cut of its own."
    three = station((1, 5), (2, 9), (3, 13))
    assert jackknife(tabled(three), cuts_of(three), BORDERLINE).reason == (
        "Without C1 there is no cut at S1."
    )
    assert Fraction(9) == cuts_of(three)[0].cut
