"""How uncertain the exam's cut is: leave one candidate out (jackknife), or draw as many with replacement (bootstrap).

Only stations with a cut of their own by regression are drawn anew; an earlier cut that stands in for one is a constant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, lcm, sqrt

import numpy as np
from numpy.typing import NDArray

from logbooks.osces.analysis.marks import Marks
from logbooks.osces.analysis.regression import FEWEST, StationCut, guarded, sums

_CELLS = 1_000_000  # of draws by candidates held at once
_TINY = 1e-12
LEVELS = (2.5, 25, 50, 75, 97.5)  # the percentiles that are given


@dataclass(frozen=True, slots=True)
class Jackknife:
    """The standard error of the exam's cut, and the cut without each candidate, in marks.

    None with the reason when there is no cut without somebody.
    """

    se: float | None
    without: tuple[tuple[str, float], ...]
    reason: str


def jackknife(marks: Marks, cuts: Sequence[StationCut], borderline: Fraction) -> Jackknife:
    """SE = sqrt((n - 1) / n x sum of squares of the cuts without one candidate about their mean)."""
    own = {cut.station: cut.cut for cut in cuts if cut.cut is not None}
    points = {
        name: {
            cell.candidate: (cell.grade, marks.mark(cell.candidate, name))
            for cell in marks.at(name)
            if cell.grade is not None
        }
        for name in own
    }
    whole = {name: sums(list(points[name].values())) for name in own}
    without = []
    for one in marks.candidates:
        exam = []
        for name, cut in own.items():
            if one in points[name]:
                rest = whole[name].less(*points[name][one])
                left, _ = guarded(rest.line(), rest.n, marks.maxima[name], borderline)
                if left is None:
                    return Jackknife(None, (), f"Without {one} there is no cut at {name}.")
                cut = left
            exam.append(float(cut))
        if any(one in there for there in points.values()):
            without.append((one, fsum(exam)))
    n = len(without)
    if n < 2:
        return Jackknife(None, (), "No station has a cut of its own.")
    centre = fsum(cut for _, cut in without) / n
    spread = fsum((cut - centre) ** 2 for _, cut in without)
    return Jackknife(sqrt(spread * (n - 1) / n), tuple(without), "")


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What the draws gave, in marks: standard error, mean, and the percentiles of LEVELS.

    without_cut counts draws that give no cut at some station; they are in no figure. None with the reason
    when fewer than two draws give one.
    """

    draws: int
    seed: int
    without_cut: int
    se: float | None
    mean: float | None
    percentiles: tuple[float, ...]
    reason: str


def bootstrap(
    marks: Marks, cuts: Sequence[StationCut], borderline: Fraction, draws: int, seed: int
) -> Bootstrap:
    """The exam's cut over draws of candidates with replacement; the same seed gives the same figures."""
    found = bootstrap_cuts(marks, cuts, borderline, draws, seed)
    missing = draws - len(found)
    if len(found) < 2:
        reason = "Fewer than two draws give a cut at every station."
        return Bootstrap(draws, seed, missing, None, None, (), reason)
    levels = tuple(float(level) for level in np.percentile(found, LEVELS))
    return Bootstrap(
        draws, seed, missing, float(found.std(ddof=1)), float(found.mean()), levels, ""
    )


def bootstrap_cuts(
    marks: Marks, cuts: Sequence[StationCut], borderline: Fraction, draws: int, seed: int
) -> NDArray[np.float64]:
    """The exam's cut of every draw that gives one, in the order of the draws; for a histogram.

    Draw by draw, rng.integers(n, size=n) of NumPy's default generator names candidates by their place.
    """
    names = [cut.station for cut in cuts if cut.cut is not None]
    n = len(marks.examined)
    if not names or draws < 1:
        return np.empty(0)
    stations = [_Station(marks, name, borderline) for name in names]
    rng = np.random.default_rng(seed)
    step = max(_CELLS // n, 1)
    parts = []
    for start in range(0, draws, step):
        chosen = rng.integers(n, size=(min(step, draws - start), n))
        places = chosen + n * np.arange(len(chosen))[:, None]
        times = np.bincount(places.ravel(), minlength=chosen.size).reshape(chosen.shape)
        each = np.stack([station.cuts(times.astype(np.float64)) for station in stations])
        parts.append(each[:, ~np.isnan(each).any(axis=0)].sum(axis=0))
    return np.concatenate(parts)


class _Station:
    """A station's sums over candidates, in whole numbers as marks usually allow, so that the sums are exact."""

    def __init__(self, marks: Marks, station: str, borderline: Fraction) -> None:
        points = {
            cell.candidate: (cell.grade - borderline, marks.mark(cell.candidate, station))
            for cell in marks.at(station)
            if cell.grade is not None
        }
        in_x = lcm(*(x.denominator for x, _ in points.values()))
        self.in_y = lcm(*(y.denominator for _, y in points.values()))
        self.most = float(marks.maxima[station])
        self.columns = np.zeros((len(marks.examined), 6))
        for place, one in enumerate(marks.examined):
            if one in points:
                x, y = points[one][0] * in_x, points[one][1] * self.in_y
                self.columns[place] = [float(v) for v in (1, x, y, x * x, x * y, abs(x * y))]

    def cuts(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """The cut of every draw, given how often it holds each candidate; not a number where a guard says no.

        Grades count from the borderline one. A slope whose upper part is less than _TINY of its terms is zero.
        """
        n, sum_x, sum_y, sum_xx, sum_xy, size_xy = (times @ self.columns).T
        s_xx, s_xy = n * sum_xx - sum_x**2, n * sum_xy - sum_x * sum_y
        there = (n >= FEWEST) & (s_xx > 0) & (s_xy > _TINY * n * size_xy)
        n, s_xx = np.where(there, n, 1), np.where(there, s_xx, 1)
        cut = (sum_y - s_xy / s_xx * sum_x) / n / self.in_y
        return np.where(there & (cut >= 0) & (cut <= self.most), cut, np.nan)
