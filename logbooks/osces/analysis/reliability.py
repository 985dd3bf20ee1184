"""Whether the stations of an exam agree on who is better: Cronbach's alpha, what it is without a station, and the SEM."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Matrix = Sequence[Sequence[Fraction]]


@dataclass(frozen=True, slots=True)
class Without:
    """A station seen from the rest of the exam; either figure is None where it cannot be said.

    alpha is that of the other stations, correlation that of the station's mark with their sum.
    """

    station: str
    alpha: Fraction | None
    correlation: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Alpha over stations with what follows from it, in marks; None with the reason where it cannot be said.

    constant are the stations where everybody has the same mark: they stay in alpha, and add nothing to it.
    """

    candidates: int
    alpha: Fraction | None
    total_sd: float | None
    sem: float | None
    without: tuple[Without, ...]
    constant: tuple[str, ...]
    reason: str


def reliability(stations: Sequence[str], matrix: Matrix) -> Reliability:
    """Alpha of candidates (rows) by stations (columns); SEM = SD of the total x sqrt(1 - alpha)."""
    totals = [sum(row, Fraction(0)) for row in matrix]
    if len(matrix) < 2:
        nothing = tuple(Without(name, None, None) for name in stations)
        few = "Fewer than two candidates have a mark at every station."
        return Reliability(len(matrix), None, None, None, nothing, (), few)
    columns = list(zip(*matrix, strict=True))
    spread, parts = variance(totals), [variance(column) for column in columns]
    value = _alpha(parts, spread)
    without = []
    for place, name in enumerate(stations):
        rest = [total - own for total, own in zip(totals, columns[place], strict=True)]
        others = _alpha([*parts[:place], *parts[place + 1 :]], variance(rest))
        without.append(Without(name, others, correlation(columns[place], rest)))
    few = "There are fewer than two stations." if len(stations) < 2 else ""
    return Reliability(
        candidates=len(matrix),
        alpha=value,
        total_sd=sqrt(spread),
        sem=None if value is None else sqrt(spread * (1 - value)),
        without=tuple(without),
        constant=tuple(name for name, part in zip(stations, parts, strict=True) if not part),
        reason="" if value is not None else few or "All candidates have the same total.",
    )


def _alpha(parts: Sequence[Fraction], total: Fraction) -> Fraction | None:
    """k / (k - 1) (1 - sum of the stations' variances / variance of the total); None for one station or no variance."""
    k = len(parts)
    if k < 2 or not total:
        return None
    return Fraction(k, k - 1) * (1 - sum(parts, Fraction(0)) / total)


def variance(values: Sequence[Fraction]) -> Fraction:
    """The variance of at least two values, exact."""
    n, total = len(values), sum(values, Fraction(0))
    return (sum(x * x for x in values) - total * total / n) / (n - 1)


def correlation(xs: Sequence[Fraction], ys: Sequence[Fraction]) -> float | None:
    """Pearson's correlation; None when either side is constant or has fewer than two values."""
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        return None
    n, sum_x, sum_y = len(xs), sum(xs), sum(ys)
    covariance = n * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum_x * sum_y
    spreads = (n * sum(x * x for x in xs) - sum_x * sum_x) * (
        n * sum(y * y for y in ys) - sum_y * sum_y
    )
    return float(covariance) / sqrt(spreads)
