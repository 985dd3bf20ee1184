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
    value = alpha(matrix)
    enough = len(matrix) > 1
    spread = variance([sum(row, Fraction(0)) for row in matrix]) if enough else None
    columns = list(zip(*matrix, strict=True))
    return Reliability(
        candidates=len(matrix),
        alpha=value,
        total_sd=sqrt(spread) if spread is not None else None,
        sem=sqrt(spread * (1 - value)) if spread is not None and value is not None else None,
        without=tuple(_without(name, place, matrix) for place, name in enumerate(stations)),
        constant=tuple(
            name
            for name, column in zip(stations, columns, strict=False)
            if enough and len(set(column)) == 1
        ),
        reason=_refusal(len(matrix), len(stations)) if value is None else "",
    )


def alpha(matrix: Matrix) -> Fraction | None:
    """k / (k - 1) (1 - sum of the stations' variances / variance of the total).

    None below two candidates or two stations, and when every total is the same.
    """
    if len(matrix) < 2 or len(matrix[0]) < 2:
        return None
    stations = len(matrix[0])
    total = variance([sum(row, Fraction(0)) for row in matrix])
    if not total:
        return None
    parts = sum(map(variance, zip(*matrix, strict=True)), Fraction(0))
    return Fraction(stations, stations - 1) * (1 - parts / total)


def variance(values: Sequence[Fraction]) -> Fraction:
    """The variance of at least two values, exact."""
    n, total = len(values), sum(values, Fraction(0))
    return (sum(x * x for x in values) - total * total / n) / (n - 1)


def _refusal(candidates: int, stations: int) -> str:
    if candidates < 2:
        return "Fewer than two candidates have a mark at every station."
    if stations < 2:
        return "There are fewer than two stations."
    return "All candidates have the same total."


def _without(name: str, place: int, matrix: Matrix) -> Without:
    rest = [[*row[:place], *row[place + 1 :]] for row in matrix]
    own, others = [row[place] for row in matrix], [sum(row, Fraction(0)) for row in rest]
    return Without(name, alpha(rest), correlation(own, others))


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
