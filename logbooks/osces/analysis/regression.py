"""Borderline regression: a station's mark on its global grade, and the cut that the line gives at the borderline grade.

Pell, Homer, Fuller, Roberts, How to measure the quality of the OSCE, Medical Teacher 32 (2010); the guards: Homer (2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from logbooks.osces.analysis.distributions import t_point
from logbooks.osces.analysis.marks import Marks

FEWEST = 3  # candidates with mark and grade, for a line and its error
CONFIDENCE = 0.95
TWO_MAXIMA = "The station has more than one maximum mark."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of least squares; marks on the y axis, grades on the x axis, everything exact.

    r_squared is None when all marks are equal, residual_variance (SSE / (n - 2)) below three points.
    """

    n: int
    slope: Fraction
    intercept: Fraction
    r_squared: Fraction | None
    residual_variance: Fraction | None
    mean_x: Fraction
    sum_xx: Fraction  # of squares of x about its mean

    def at(self, x: Fraction) -> Fraction:
        """The line's y."""
        return self.intercept + self.slope * x

    def se_at(self, x: Fraction) -> float | None:
        """The standard error of the line's y: s sqrt(1/n + (x - mean x)^2 / Sxx)."""
        if self.residual_variance is None:
            return None
        share = Fraction(1, self.n) + (x - self.mean_x) ** 2 / self.sum_xx
        return sqrt(self.residual_variance * share)

    @property
    def se_slope(self) -> float | None:
        """The standard error of the slope: s / sqrt(Sxx)."""
        return (
            None if self.residual_variance is None else sqrt(self.residual_variance / self.sum_xx)
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums over points (x, y) that a line needs, so that a point can be taken out at once."""

    n: int
    x: Fraction
    y: Fraction
    xx: Fraction
    xy: Fraction
    yy: Fraction

    def less(self, x: Fraction, y: Fraction) -> "Sums":
        """The sums without one of the points."""
        return Sums(
            self.n - 1, self.x - x, self.y - y, self.xx - x * x, self.xy - x * y, self.yy - y * y
        )

    def line(self) -> Line | None:
        """The line of least squares; None when fewer than two different x are there."""
        n = self.n
        s_xx = self.xx - self.x * self.x / n if n else Fraction(0)
        if not s_xx:
            return None
        s_xy, s_yy = self.xy - self.x * self.y / n, self.yy - self.y * self.y / n
        slope = s_xy / s_xx
        explained = slope * s_xy
        return Line(
            n=n,
            slope=slope,
            intercept=(self.y - slope * self.x) / n,
            r_squared=explained / s_yy if s_yy else None,
            residual_variance=(s_yy - explained) / (n - 2) if n > 2 else None,
            mean_x=self.x / n,
            sum_xx=s_xx,
        )


def sums(points: Sequence[tuple[Fraction, Fraction]]) -> Sums:
    """The sums over points."""
    return Sums(
        len(points),
        sum((x for x, _ in points), Fraction(0)),
        sum((y for _, y in points), Fraction(0)),
        sum((x * x for x, _ in points), Fraction(0)),
        sum((x * y for x, y in points), Fraction(0)),
        sum((y * y for _, y in points), Fraction(0)),
    )


@dataclass(frozen=True, slots=True)
class StationCut:
    """A station's cut by borderline regression, in marks; None with the reason when a guard says no.

    at_borderline is where the line is at the borderline grade whatever the guards say, se the cut's standard error.
    """

    station: str
    max_mark: Fraction | None
    n: int
    borderline_n: int
    line: Line | None
    at_borderline: Fraction | None
    se: float | None
    cut: Fraction | None
    reason: str


def station_cut(marks: Marks, station: str, borderline: Fraction) -> StationCut:
    """The cut of a station, from all candidates who have both mark and grade there."""
    pairs = marks.graded(station)
    line = sums(pairs).line()
    most = marks.maxima.get(station)
    cut, reason = guarded(line, len(pairs), most, borderline)
    return StationCut(
        station=station,
        max_mark=most,
        n=len(pairs),
        borderline_n=sum(grade == borderline for grade, _ in pairs),
        line=line,
        at_borderline=line.at(borderline) if line else None,
        se=line.se_at(borderline) if line and cut is not None else None,
        cut=cut,
        reason=reason,
    )


def guarded(
    line: Line | None, n: int, most: Fraction | None, borderline: Fraction
) -> tuple[Fraction | None, str]:
    """The cut of a line through n points, or None and which guard says no."""
    if most is None:
        return None, TWO_MAXIMA
    if n < FEWEST:
        had = {0: "No candidate has", 1: "Only 1 candidate has"}.get(n, f"Only {n} candidates have")
        return None, f"{had} both a mark and a grade; a line and its error need {FEWEST}."
    if line is None:
        return None, "All candidates have the same grade, so there is no line."
    if line.slope <= 0:
        return None, "The slope is not positive: better grades do not go with better marks."
    cut = line.at(borderline)
    if not 0 <= cut <= most:
        outside = f"{float(cut):.2f} at the borderline grade, outside 0 to {float(most):g}"
        return None, f"The line is at {outside}."
    return cut, ""


@dataclass(frozen=True, slots=True)
class BandPoint:
    """A point of the band around a line: y at x, and how far the band reaches above and below it."""

    x: Fraction
    y: Fraction
    reach: float


def band(line: Line, grades: Sequence[Fraction], confidence: float = CONFIDENCE) -> list[BandPoint]:
    """The line with its pointwise confidence band, t times the standard error; empty below three points."""
    if line.n < FEWEST:
        return []
    t = t_point(confidence, line.n - 2)
    return [BandPoint(x, line.at(x), t * (line.se_at(x) or 0.0)) for x in grades]
