"""What every figure of a large OSCE costs against the plainest NumPy loop over the same draws of its bootstrap.

Both give the same numbers, or there is nothing to compare. Interleaved pairs of wall time in one process; no database.
"""

import random
import time
from fractions import Fraction

import numpy as np

from logbooks.osces.analysis.analysed import analyse
from logbooks.osces.analysis.marks import Mark, Marks, tabled
from logbooks.osces.analysis.regression import station_cut
from logbooks.osces.analysis.resampling import bootstrap_cuts
from tests.benchmarks.pages import Figures

CANDIDATES, STATIONS, DRAWS, SEED = 200, 20, 10_000, 1
BORDERLINE, MOST = 2, 20
PAIRS, BAR = 15, 3.0


def run(candidates: int = CANDIDATES, draws: int = DRAWS, pairs: int = PAIRS) -> Figures:
    """The pairs of milliseconds: the loop, and the whole analysis with as many draws."""
    rows = exam(candidates)
    marks = tabled(rows)
    compare(marks, draws)
    name = f"{candidates} candidates by {STATIONS} stations, {draws:,} draws: every figure"
    found = Figures(name, BAR)
    for _ in range(pairs):
        began = time.perf_counter()
        plain(marks, draws)
        between = time.perf_counter()
        analyse(rows, Fraction(BORDERLINE), draws=draws, seed=SEED)
        ended = time.perf_counter()
        found.samples.append(((between - began) * 1000, (ended - between) * 1000))
    return found


def exam(candidates: int) -> list[Mark]:
    """Made-up rows: better candidates have better grades, better grades better marks."""
    chance = random.Random(SEED)
    rows = []
    for person in range(candidates):
        able = chance.gauss(3.2, 0.8)
        circuit = "AB"[person % 2]
        for station in range(STATIONS):
            grade = min(max(round(able + chance.gauss(0, 0.7)), 1), 5)
            mark = min(max(round(6 + 2 * grade + chance.gauss(0, 2)), 0), MOST)
            rows.append(
                Mark(
                    f"C{person}", circuit, f"S{station}", f"E{station}{circuit}",
                    Fraction(MOST), Fraction(mark), Fraction(grade),
                )
            )  # fmt: skip
    return rows


def plain(marks: Marks, draws: int) -> list[float]:
    """The exam's cut of each draw that has one, a draw at a time, all its stations at once."""
    cells = [[marks.cells[one, name] for name in marks.stations] for one in marks.candidates]
    x = np.array([[float(cell.grade or 0) for cell in row] for row in cells])
    y = np.array([[float(cell.mark or 0) for cell in row] for row in cells])
    rng, n, found = np.random.default_rng(SEED), len(cells), []
    for _ in range(draws):
        drawn = rng.integers(n, size=n)
        grades, got = x[drawn], y[drawn]
        away = grades - grades.mean(axis=0)
        slopes = (away * got).sum(axis=0) / (away * away).sum(axis=0)
        cuts = got.mean(axis=0) + slopes * (BORDERLINE - grades.mean(axis=0))
        if (slopes > 0).all() and (cuts >= 0).all() and (cuts <= MOST).all():
            found.append(float(cuts.sum()))
    return found


def compare(marks: Marks, draws: int) -> None:
    """Raises AssertionError unless both give the same cuts, draw by draw."""
    borderline = Fraction(BORDERLINE)
    cuts = [station_cut(marks, name, borderline) for name in marks.stations]
    own = bootstrap_cuts(marks, cuts, borderline, draws, SEED)
    np.testing.assert_allclose(own, plain(marks, draws), rtol=1e-12)
